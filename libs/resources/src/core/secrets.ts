import { configMapKey } from '@kubephant/api';
import type { Secret } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';
import { tooLongValue, type Causes } from '../validation/causes';
import { follows, immutable, when } from '../validation/checks';
import { at } from '../validation/path';
import { maxDataBytes, validateSealed } from './configmaps';
import { typeWarnings, validateType } from './secret-types';

/** `stringData` is only a way to write: it becomes `data`, and is never shown. */
function setDefaults(secret: Secret): void {
  secret.type ||= 'Opaque';
  const { stringData } = secret;
  if (!stringData) return;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  secret.data = { ...secret.data, ...(Object.fromEntries(encoded) as Record<string, string>) };
  delete secret.stringData;
}

function validate(secret: Secret): Causes {
  const { data = {} } = secret;
  const size = Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value, 'base64'), 0);
  return [
    ...Object.keys(data).flatMap((key) => follows(key, at('data').key(key), configMapKey)),
    ...when(size > maxDataBytes, () => tooLongValue(at('data'), maxDataBytes)),
    ...validateType(secret),
  ];
}

export const secrets: ResourceDefinition = defineResource<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  scope: 'Namespaced',
  names: { plural: 'secrets', singular: 'secret' },
  schema: 'io.k8s.api.core.v1.Secret',
  columns: [
    nameColumn,
    text('Type', 'What the data is for.', ({ type }) => type ?? ''),
    text('Data', 'Number of keys.', ({ data = {} }) => Object.keys(data).length),
    ageColumn,
  ],
  fields: [{ path: 'type', value: ({ type }) => type ?? '' }],
  defaults: setDefaults,
  strategy: {
    validate,
    validateUpdate: (secret, old) => [
      ...immutable(secret.type, old.type, at('type')),
      ...validateSealed(secret, old, ['data']),
      ...validate(secret),
    ],
    warnings: typeWarnings,
  },
});
