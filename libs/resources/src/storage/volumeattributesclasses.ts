import { qualifiedName } from '@kubephant/api';
import type { VolumeAttributesClass } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { forbidden, invalidValue, required, type Causes } from '../validation/causes';
import { equal, when } from '../validation/checks';
import { at } from '../validation/path';
import { validateParameters } from './parameters';

const driverPath = at('driverName');
const parametersPath = at('parameters');

/** Drivers are looked up without regard to case, and quoted so. */
function validateDriver(name: string): Causes {
  if (!name) return [required(driverPath)];
  const lower = name.toLowerCase();
  return qualifiedName(lower).map((detail) => invalidValue(driverPath, lower, detail));
}

const validate = ({ driverName, parameters = {} }: VolumeAttributesClass): Causes => [
  ...validateDriver(driverName),
  ...(Object.keys(parameters).length === 0
    ? [required(parametersPath, 'must contain at least one key/value pair')]
    : validateParameters(parameters, parametersPath)),
];

const validateUnchanged = (now: VolumeAttributesClass, old: VolumeAttributesClass): Causes => [
  ...when(now.driverName !== old.driverName, () => forbidden(driverPath, 'updates to driverName are forbidden.')),
  ...when(!equal(now.parameters, old.parameters), () =>
    forbidden(parametersPath, 'updates to parameters are forbidden.'),
  ),
];

export const volumeAttributesClasses: ResourceDefinition = defineResource<VolumeAttributesClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttributesClass',
  scope: 'Cluster',
  names: { plural: 'volumeattributesclasses', singular: 'volumeattributesclass', short: ['vac'] },
  schema: 'io.k8s.api.storage.v1.VolumeAttributesClass',
  columns: [
    nameColumn,
    text('DriverName', 'The driver that knows the attributes.', ({ driverName }) => driverName),
    ageColumn,
  ],
  deleteReturnsObject: true,
  strategy: { validate, validateUpdate: validateUnchanged },
});
