import { keyOf, type Draft, type KubeObject, type ObjectKey } from '@kubephant/api';
import {
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  type Client,
  type ResourceRef,
} from '@kubephant/client';
import type { ClusterRole, Role, RoleRef, Subject } from '@kubephant/schema';
import { uncovered } from '../authorization/covers';
import { createUnlessThere } from './ensure';
import { orAbsent } from './or-absent';
import type { BootstrapPolicy } from './policy/policy';

type AnyRole = ClusterRole | Role;

interface AnyBinding extends KubeObject {
  subjects?: Subject[];
  roleRef: RoleRef;
}

/** What a stored object lacks of the wanted one, as a new object; undefined when it lacks nothing. */
type Merge<T extends KubeObject> = (stored: T, wanted: Draft<T>) => T | undefined;

const protectedBy = 'rbac.authorization.kubernetes.io/autoupdate';

/**
 * Brings back what is missing of the bootstrap policy and takes nothing away: rules, subjects and labels that
 * administrators have added stay, and so do objects they have marked `autoupdate: "false"`.
 */
export async function reconcilePolicy(client: Client, policy: BootstrapPolicy, signal: AbortSignal): Promise<void> {
  const each = async <T extends KubeObject>(
    ref: ResourceRef<T>,
    wanted: readonly Draft<T>[],
    merge: Merge<T>,
  ): Promise<void> => {
    const find = await finderOf(client, ref, signal);
    await Promise.all(wanted.map((one) => reconcile(client, { ref, wanted: one, merge, find }, signal)));
  };
  await Promise.all([each(clusterRoles, policy.clusterRoles, mergeRole), each(roles, policy.roles, mergeRole)]);
  await Promise.all([
    each(clusterRoleBindings, policy.clusterRoleBindings, mergeBinding),
    each(roleBindings, policy.roleBindings, mergeBinding),
  ]);
}

type Find<T extends KubeObject> = (key: ObjectKey) => Promise<T | undefined>;

interface Step<T extends KubeObject> {
  readonly ref: ResourceRef<T>;
  readonly wanted: Draft<T>;
  readonly merge: Merge<T>;
  readonly find: Find<T>;
}

/** Most cluster-wide objects are ours: one list is quicker than a hundred reads. In namespaces most are not. */
async function finderOf<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  signal: AbortSignal,
): Promise<Find<T>> {
  const api = client.resource(ref);
  if (ref.namespaced) return (key) => orAbsent(api.get(key, signal));
  const { items } = await api.list({}, signal);
  const byName = new Map(items.map((item) => [item.metadata.name, item]));
  return async ({ name }) => byName.get(name);
}

async function reconcile<T extends KubeObject>(
  client: Client,
  { ref, wanted, merge, find }: Step<T>,
  signal: AbortSignal,
): Promise<void> {
  const api = client.resource(ref);
  const key = keyOf(wanted as T);
  const stored = await find(key);
  if (!stored) {
    await createUnlessThere(client, ref, wanted, signal);
    return;
  }
  if (stored.metadata.annotations?.[protectedBy] === 'false') return;
  if (rebinds(stored, wanted)) {
    // A roleRef cannot be changed, as upstream has it: the binding is made anew.
    await api.delete(key, signal);
    await api.create(wanted, signal);
    return;
  }
  const merged = merge(stored, wanted);
  if (merged) await api.update(merged, signal);
}

function rebinds(stored: KubeObject, wanted: object): boolean {
  const before = (stored as Partial<AnyBinding>).roleRef;
  const after = (wanted as Partial<AnyBinding>).roleRef;
  return before !== undefined && after !== undefined && (before.kind !== after.kind || before.name !== after.name);
}

/** Rules of an aggregated role are made by aggregation; its rule set here is empty and lacks nothing. */
const mergeRole = <T extends AnyRole>(stored: T, wanted: Draft<T>): T | undefined => {
  const missing = uncovered(stored.rules ?? [], (wanted as AnyRole).rules ?? []);
  const labelled = withMetadata(stored, wanted);
  if (missing.length === 0 && !labelled) return undefined;
  return { ...(labelled ?? stored), rules: [...(stored.rules ?? []), ...missing] };
};

const mergeBinding = <T extends KubeObject>(stored: T, wanted: Draft<T>): T | undefined => {
  const { subjects: held = [] } = stored as Partial<AnyBinding>;
  const { subjects = [] } = wanted as Partial<AnyBinding>;
  const missing = subjects.filter((subject) => !held.some((one) => sameSubject(one, subject)));
  const labelled = withMetadata(stored, wanted);
  if (missing.length === 0 && !labelled) return undefined;
  return { ...(labelled ?? stored), subjects: [...held, ...missing] };
};

const sameSubject = (a: Subject, b: Subject): boolean =>
  a.kind === b.kind && a.name === b.name && (a.namespace ?? '') === (b.namespace ?? '');

function withMetadata<T extends KubeObject>(stored: T, wanted: Draft<T>): T | undefined {
  const labels = { ...stored.metadata.labels, ...wanted.metadata.labels };
  const annotations = { ...wanted.metadata.annotations, ...stored.metadata.annotations };
  const grown =
    lacks(stored.metadata.labels, wanted.metadata.labels) || lacks(stored.metadata.annotations, annotations);
  return grown ? { ...stored, metadata: { ...stored.metadata, labels, annotations } } : undefined;
}

const lacks = (held: Readonly<Record<string, string>> = {}, wanted: Readonly<Record<string, string>> = {}): boolean =>
  Object.entries(wanted).some(([name, value]) => held[name] !== value);
