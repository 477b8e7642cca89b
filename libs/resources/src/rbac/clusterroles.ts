import type { ClusterRole } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { createdAtColumn, nameColumn } from '../print/columns';
import { none, type Causes } from '../validation/causes';
import { at } from '../validation/path';
import { validateAggregation, validateRules } from './rules';

const validate = ({ rules, aggregationRule }: ClusterRole): Causes => [
  ...validateRules(rules, at('rules'), false),
  ...(aggregationRule
    ? validateAggregation(aggregationRule.clusterRoleSelectors ?? [], at('aggregationRule', 'clusterRoleSelectors'))
    : none),
];

export const clusterRoles: ResourceDefinition = defineResource<ClusterRole>({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  scope: 'Cluster',
  names: { plural: 'clusterroles', singular: 'clusterrole' },
  schema: 'io.k8s.api.rbac.v1.ClusterRole',
  nameRule: 'pathSegment',
  createOnUpdate: true,
  columns: [nameColumn, createdAtColumn],
  strategy: { validate, validateUpdate: validate },
});
