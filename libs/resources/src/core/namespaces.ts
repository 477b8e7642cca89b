import type { Namespace } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { ageColumn, nameColumn, text } from '../print/columns';

export const namespaces: ResourceDefinition = defineResource<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  scope: 'Cluster',
  names: { plural: 'namespaces', singular: 'namespace', short: ['ns'] },
  schema: 'io.k8s.api.core.v1.Namespace',
  nameRule: 'dns1123Label',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  deleteReturnsObject: true,
  columns: [
    nameColumn,
    text('Status', 'Active, or Terminating while its content is deleted.', ({ status }) => status?.phase ?? ''),
    ageColumn,
  ],
  fields: [{ path: 'status.phase', value: ({ status }) => status?.phase ?? '' }],
  subresources: { status: { kind: 'status' } },
});
