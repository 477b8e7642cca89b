import type { ClusterRoleBinding } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { bindingColumns, bindingStrategy, setBindingDefaults } from './binding';

export const clusterRoleBindings: ResourceDefinition = defineResource<ClusterRoleBinding>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  scope: 'Cluster',
  names: { plural: 'clusterrolebindings', singular: 'clusterrolebinding' },
  schema: 'io.k8s.api.rbac.v1.ClusterRoleBinding',
  nameRule: 'pathSegment',
  createOnUpdate: true,
  columns: bindingColumns,
  defaults: setBindingDefaults,
  strategy: bindingStrategy(['ClusterRole'], true),
});
