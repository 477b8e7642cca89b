import { isDeepStrictEqual } from 'node:util';
import { forbidden, notFound, type GroupResource, type KubeObject } from '@kubephant/api';
import type { AggregationRule, PolicyRule, RoleRef } from '@kubephant/schema';
import type { AdmissionPlugin, Attributes, Authorizer, RequestInfo, UserInfo } from '@kubephant/serving';
import { masters } from '../authentication/users';
import { uncovered, uncoveredAtoms, type Atom } from './covers';
import type { Rbac } from './rbac';

const group = 'rbac.authorization.k8s.io';
const guarded = new Set(['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings']);
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

interface AnyRbac extends KubeObject {
  readonly rules?: readonly PolicyRule[] | null;
  readonly aggregationRule?: AggregationRule;
  readonly roleRef?: RoleRef;
}

/**
 * Nobody grants what they do not hold (upstream: privilege escalation prevention): writing a role needs its rules or
 * the verb `escalate`, writing a binding needs the rules of its role or the verb `bind` on it.
 */
export function rbacEscalation(rbac: Rbac, authorizer: Authorizer): AdmissionPlugin {
  return {
    name: 'RBACEscalation',
    handles: (info, operation) =>
      info.group === group && guarded.has(info.resource) && (operation === 'CREATE' || operation === 'UPDATE'),
    async validate(attributes) {
      const object = attributes.object as AnyRbac | undefined;
      if (!object || attributes.user.groups.includes(masters)) return;
      const check = { attributes, object, old: attributes.old as AnyRbac | undefined, rbac, authorizer };
      if (object.roleRef) await checkBinding(check, object.roleRef);
      else await checkRole(check);
    },
  };
}

interface Check {
  readonly attributes: Attributes;
  readonly object: AnyRbac;
  readonly old: AnyRbac | undefined;
  readonly rbac: Rbac;
  readonly authorizer: Authorizer;
}

async function checkRole({ attributes, object, old, rbac, authorizer }: Check): Promise<void> {
  const { user, info } = attributes;
  const { metadata, aggregationRule } = object;
  const rules = object.rules ?? [];
  const aggregates = !isDeepStrictEqual(aggregationRule, old?.aggregationRule);
  if (old && !aggregates && isDeepStrictEqual(rules, old.rules ?? [])) return;
  if (await may(authorizer, user, { ...info, verb: 'escalate', name: metadata.name })) return;
  const held = rbac.rulesFor(user, info.namespace).rules;
  if (aggregates && aggregationRule) demandEverything(info, metadata.name, held);
  demandHeld(attributes, metadata.name, held, rules);
}

/** What an aggregated role will hold cannot be known beforehand. */
function demandEverything(info: RequestInfo, name: string, held: readonly PolicyRule[]): void {
  if (uncovered(held, everything).length === 0) return;
  throw forbidden(resourceOf(info), name, 'must have cluster-admin privileges to use the aggregationRule');
}

async function checkBinding({ attributes, object, old, rbac, authorizer }: Check, ref: RoleRef): Promise<void> {
  const { user, info } = attributes;
  const unchanged =
    old && isDeepStrictEqual([old.roleRef, old['subjects' as never]], [ref, object['subjects' as never]]);
  if (unchanged) return;
  const resource = ref.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  const { subresource: _, ...asked } = info;
  if (await may(authorizer, user, { ...asked, resource, verb: 'bind', name: ref.name })) return;
  const rules = rbac.rulesOf(ref, info.namespace);
  if (!rules) throw notFound(resourceOf(info), ref.name);
  demandHeld(attributes, object.metadata.name, rbac.rulesFor(user, info.namespace).rules, rules);
}

const resourceOf = ({ resource }: RequestInfo): GroupResource => ({ group, resource });

async function may(authorizer: Authorizer, user: UserInfo, info: RequestInfo): Promise<boolean> {
  return (await authorizer.authorize({ user, info })).verdict === 'allow';
}

function demandHeld(
  { user, info }: Attributes,
  name: string,
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): void {
  const missing = uncoveredAtoms(held, wanted);
  if (missing.length === 0) return;
  const who = `user ${JSON.stringify(user.name)} (groups=${goList(user.groups)})`;
  const why = `${who} is attempting to grant RBAC permissions not currently held:\n${describe(missing).join('\n')}`;
  throw forbidden(resourceOf(info), name, why);
}

/** A list of strings as Go prints it with %q. */
const goList = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;

/** One line for each thing, with all the verbs that are missing on it. */
function describe(atoms: readonly Atom[]): readonly string[] {
  const byTarget = Map.groupBy(atoms, ({ group: one, resource, name, path }) => [one, resource, name, path].join('\0'));
  return [...byTarget.values()].map((same) => {
    const verbs = `Verbs:${goList(same.map(({ verb }) => verb))}`;
    const [{ group: one, resource, name, path } = { group: '', resource: '', name: '', path: '' }] = same;
    if (path) return `{NonResourceURLs:${goList([path])}, ${verbs}}`;
    const names = name ? `, ResourceNames:${goList([name])}` : '';
    return `{APIGroups:${goList([one])}, Resources:${goList([resource])}${names}, ${verbs}}`;
  });
}
