import type { RoleBinding } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { bindingColumns, bindingStrategy, setBindingDefaults } from './binding';

export const roleBindings: ResourceDefinition = defineResource<RoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  scope: 'Namespaced',
  names: { plural: 'rolebindings', singular: 'rolebinding' },
  schema: 'io.k8s.api.rbac.v1.RoleBinding',
  nameRule: 'pathSegment',
  createOnUpdate: true,
  columns: bindingColumns,
  defaults: setBindingDefaults,
  strategy: bindingStrategy(['Role', 'ClusterRole'], false),
});
