import type { ConfigMap } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';

export const configMaps: ResourceDefinition = defineResource<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  scope: 'Namespaced',
  names: { plural: 'configmaps', singular: 'configmap', short: ['cm'] },
  schema: 'io.k8s.api.core.v1.ConfigMap',
  columns: [
    nameColumn,
    text(
      'Data',
      'Number of keys.',
      ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
    ),
    ageColumn,
  ],
});
