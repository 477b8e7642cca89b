import { dns1123Subdomain, pathSegment } from '@kubephant/api';
import type { IPAddress, ParentReference } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, orNone, text } from '../print/columns';
import { invalidValue, none, required, type Causes } from '../validation/causes';
import { equal, follows, requiredAnd, when } from '../validation/checks';
import { goForm } from '../validation/go-form';
import { at } from '../validation/path';

const path = at('spec', 'parentRef');

function validateParent(parent: ParentReference): Causes {
  const { group, resource, name, namespace } = parent;
  return [
    ...(group ? follows(group, path.child('group'), (text_) => dns1123Subdomain(text_)) : none),
    ...requiredAnd(resource, path.child('resource'), pathSegment),
    ...requiredAnd(name, path.child('name'), pathSegment),
    ...(namespace ? follows(namespace, path.child('namespace'), pathSegment) : none),
  ];
}

const parentOf = ({ spec }: IPAddress): ParentReference | undefined => spec.parentRef;

function validate(address: IPAddress): Causes {
  const parent = parentOf(address);
  return parent ? validateParent(parent) : [required(path)];
}

/** `services/default/web`: resource with its group, namespace where there is one, name. */
function parentText(address: IPAddress): string {
  const parent = parentOf(address);
  if (!parent) return orNone(undefined);
  const { group, resource, namespace, name } = parent;
  return [`${resource}${group ? `.${group}` : ''}`.toLowerCase(), namespace, name].filter(Boolean).join('/');
}

/** Addresses that are taken: named by the address itself, in canonical form. */
export const ipAddresses: ResourceDefinition = defineResource<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  scope: 'Cluster',
  names: { plural: 'ipaddresses', singular: 'ipaddress', short: ['ip'] },
  schema: 'io.k8s.api.networking.v1.IPAddress',
  nameRule: 'ipAddress',
  columns: [
    nameColumn,
    text('ParentRef', 'What the address belongs to.', parentText),
    { ...ageColumn, unlisted: true },
  ],
  strategy: {
    validate,
    validateUpdate: (address, old) => [
      ...validate(address),
      ...when(!equal(parentOf(address), parentOf(old)), () =>
        invalidValue(path, goForm('io.k8s.api.networking.v1.ParentReference', parentOf(address)), 'field is immutable'),
      ),
    ],
  },
});
