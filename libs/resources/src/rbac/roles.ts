import type { Role } from '@kubephant/schema';
import { defineResource, type ResourceDefinition } from '../definition';
import { createdAtColumn, nameColumn } from '../print/columns';
import type { Causes } from '../validation/causes';
import { at } from '../validation/path';
import { validateRules } from './rules';

const validate = ({ rules }: Role): Causes => validateRules(rules, at('rules'), true);

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
  strategy: { validate, validateUpdate: validate },
});
