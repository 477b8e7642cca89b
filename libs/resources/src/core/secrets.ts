import type { Secret } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';

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
});
