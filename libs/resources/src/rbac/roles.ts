import type { Role } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { createdAtColumn, nameColumn } from '../print/columns';

export const roles: ResourceDefinition = defineResource<Role>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  scope: 'Namespaced',
  names: { plural: 'roles', singular: 'role' },
  schema: 'io.k8s.api.rbac.v1.Role',
  nameRule: 'pathSegment',
  createOnUpdate: true,
  columns: [nameColumn, createdAtColumn],
});
