import type { Draft } from '@kubephant/api';
import type { ClusterRole, ClusterRoleBinding, PolicyRule, Role, RoleBinding, Subject } from '@kubephant/schema';
import { aggregatedRoles, aggregatesTo, clusterRoles } from './cluster-roles';
import { controllerRoles } from './controller-roles';
import { clusterBindings, namespacedBindings, namespacedRoles, type SubjectText } from './namespaced';
import { parseRoles } from './parse';

const group = 'rbac.authorization.k8s.io';
const apiVersion = `${group}/v1`;

/** The roles and bindings a cluster starts with: upstream's, of version 1.36. */
export interface BootstrapPolicy {
  readonly clusterRoles: readonly Draft<ClusterRole>[];
  readonly clusterRoleBindings: readonly Draft<ClusterRoleBinding>[];
  readonly roles: readonly Draft<Role>[];
  readonly roleBindings: readonly Draft<RoleBinding>[];
}

export function bootstrapPolicy(): BootstrapPolicy {
  const controllers = parseRoles(controllerRoles).map(({ name, rules }) => ({
    account: name,
    name: controller(name),
    rules,
  }));
  return {
    clusterRoles: [
      ...aggregatedRoles.map(aggregatedRole),
      ...parseRoles(clusterRoles).map(({ name, rules }) => clusterRole(name, rules)),
      ...controllers.map(({ name, rules }) => clusterRole(name, rules)),
    ],
    clusterRoleBindings: [
      ...Object.entries(clusterBindings).map(([name, subjects]) => clusterBinding(name, subjects)),
      ...controllers.map(({ account, name }) => clusterBinding(name, [`ServiceAccount ${account}`])),
    ],
    roles: Object.entries(namespacedRoles).flatMap(([namespace, text]) =>
      parseRoles(text).map(({ name, rules }) => ({
        apiVersion,
        kind: 'Role',
        metadata: { ...metadata(name), namespace },
        rules: [...rules],
      })),
    ),
    roleBindings: namespacedBindings.map(({ namespace, name, role = name, subjects }) => ({
      apiVersion,
      kind: 'RoleBinding',
      metadata: { ...metadata(name), namespace },
      subjects: subjects.map(subject),
      roleRef: { apiGroup: group, kind: 'Role', name: role },
    })),
  };
}

/** Rules of one bootstrap role, for those who must know them without asking the store. */
export function bootstrapRules(name: string): readonly PolicyRule[] {
  return parseRoles(clusterRoles).find((role) => role.name === name)?.rules ?? [];
}

const controller = (name: string): string => `system:controller:${name}`;

const aggregationLabel = (role: string): Record<string, string> => ({
  [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true',
});

/** `autoupdate`: what is missing comes back at the next start, unless an administrator sets it to false. */
function metadata(name: string): Draft['metadata'] {
  const into = Object.hasOwn(aggregatesTo, name) ? aggregatesTo[name] : undefined;
  return {
    name,
    labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...(into && aggregationLabel(into)) },
    annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
  };
}

const clusterRole = (name: string, rules: readonly PolicyRule[]): Draft<ClusterRole> => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: metadata(name),
  rules: [...rules],
});

const aggregatedRole = (name: string): Draft<ClusterRole> => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: metadata(name),
  rules: [],
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregationLabel(name) }] },
});

const clusterBinding = (name: string, subjects: readonly SubjectText[]): Draft<ClusterRoleBinding> => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: metadata(name),
  subjects: subjects.map(subject),
  roleRef: { apiGroup: group, kind: 'ClusterRole', name },
});

function subject(text: SubjectText): Subject {
  const space = text.indexOf(' ');
  const [kind, name] = [text.slice(0, space), text.slice(space + 1)];
  return kind === 'ServiceAccount' ? { kind, name, namespace: 'kube-system' } : { kind, apiGroup: group, name };
}
