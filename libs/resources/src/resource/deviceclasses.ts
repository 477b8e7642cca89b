import type { DeviceClass } from '@kubephant/schema';
import type { CheckExpression } from '../admissionregistration/expressions';
import { defineResource, type ResourceDefinition } from '../definition';
import { isExtended } from '../pod-spec/resource-names';
import { ageColumn, nameColumn } from '../print/columns';
import { invalidValue, type Causes } from '../validation/causes';
import { equal, optional, when } from '../validation/checks';
import { at } from '../validation/path';
import { validateOpaque, validateSelectors } from './device-config';
import { eachUpTo } from './lists';

const spec = at('spec');
const maxConfigurations = 32;

function validate({ spec: wanted }: DeviceClass, checkExpression?: CheckExpression, old?: DeviceClass): Causes {
  const stored = old !== undefined && equal(wanted.selectors, old.spec.selectors);
  return [
    ...validateSelectors(wanted.selectors, spec.child('selectors'), { checkExpression, stored }),
    ...eachUpTo(maxConfigurations, wanted.config, spec.child('config'), ({ opaque }, path) =>
      validateOpaque(opaque, path.child('opaque')),
    ),
    ...optional(wanted.extendedResourceName, spec.child('extendedResourceName'), (name, path) =>
      when(!isExtended(name), () => invalidValue(path, name, 'must be a valid extended resource name')),
    ),
  ];
}

/** What administrators call a kind of devices: which are meant, and how they are set up. */
export const deviceClasses = (checkExpression?: CheckExpression): ResourceDefinition =>
  defineResource<DeviceClass>({
    group: 'resource.k8s.io',
    version: 'v1',
    kind: 'DeviceClass',
    scope: 'Cluster',
    names: { plural: 'deviceclasses', singular: 'deviceclass' },
    schema: 'io.k8s.api.resource.v1.DeviceClass',
    nameRule: 'longName',
    generation: true,
    deleteReturnsObject: true,
    columns: [nameColumn, ageColumn],
    strategy: {
      validate: (deviceClass) => validate(deviceClass, checkExpression),
      validateUpdate: (deviceClass, old) => validate(deviceClass, checkExpression, old),
    },
  });
