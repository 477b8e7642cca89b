import type { Deployment, ReplicaSet } from '@kubephant/schema';
import { desiredReplicasOf, maxReplicasOf, revisionOf } from './revisions';
import { availableOf, isRolling, maxSurgeOf, maxUnavailableOf, replicasOf, sum } from './sizes';
import { byAge } from './template';

/** A ReplicaSet and the size it is to have. */
export interface Scale {
  readonly set: ReplicaSet;
  readonly to: number;
}

/** The sets of one deployment. `olds` are all others, oldest first, empty ones included. */
export interface Sets {
  readonly newSet?: ReplicaSet | undefined;
  readonly olds: readonly ReplicaSet[];
}

const all = ({ newSet, olds }: Sets): readonly ReplicaSet[] => (newSet ? [...olds, newSet] : olds);
export const activeOf = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] =>
  sets.filter((set) => replicasOf(set) > 0);

/** The size the new set may have now, given what the others still have. */
export function newSetSize(deployment: Deployment, { newSet, olds }: Sets): number {
  const wanted = replicasOf(deployment);
  const current = newSet ? replicasOf(newSet) : 0;
  if (!isRolling(deployment) || current >= wanted) return wanted;
  const room = wanted + maxSurgeOf(deployment) - current - sum(olds, replicasOf);
  return current + Math.max(0, Math.min(room, wanted - current));
}

/** The next step of a rolling update: up with the new set as far as surge allows, else down with the old ones as far as availability allows. */
export function rollingStep(deployment: Deployment, sets: Sets & { readonly newSet: ReplicaSet }): readonly Scale[] {
  const { newSet } = sets;
  const to = newSetSize(deployment, sets);
  if (to !== replicasOf(newSet)) return [{ set: newSet, to }];
  return shrinkOldSets(deployment, sets);
}

function shrinkOldSets(deployment: Deployment, sets: Sets & { readonly newSet: ReplicaSet }): readonly Scale[] {
  const olds = activeOf(sets.olds);
  if (olds.length === 0) return [];
  const minAvailable = replicasOf(deployment) - maxUnavailableOf(deployment);
  const newUnavailable = replicasOf(sets.newSet) - availableOf(sets.newSet);
  const mayGo = sum(all(sets), replicasOf) - minAvailable - newUnavailable;
  if (mayGo <= 0) return [];
  const sizes = new Map(olds.map((set) => [set, replicasOf(set)]));
  // Pods that are not available cost nothing: they go first, so that a broken rollout can be replaced.
  take(sizes, mayGo, (set, size) => size - Math.min(size, availableOf(set)));
  take(sizes, sum(all(sets), availableOf) - minAvailable, (_, size) => size);
  return olds.map((set) => ({ set, to: sizes.get(set) ?? 0 })).filter(({ set, to }) => to !== replicasOf(set));
}

/** Takes up to `total` off the sizes, from each set at most what `from` allows. */
function take(sizes: Map<ReplicaSet, number>, total: number, from: (set: ReplicaSet, size: number) => number): void {
  let left = total;
  for (const [set, size] of sizes) {
    const taken = Math.max(0, Math.min(left, from(set, size)));
    sizes.set(set, size - taken);
    left -= taken;
  }
}

/** Whether the deployment's size has changed since its sets were scaled: then they are scaled before anything is rolled out. */
export function isScalingEvent(deployment: Deployment, sets: readonly ReplicaSet[]): boolean {
  return activeOf(sets).some((set) => {
    const desired = desiredReplicasOf(set);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

/**
 * Carries a change of the deployment's size over to its sets. One set takes it all; a finished rollout leaves nothing to
 * the old ones; in the middle of a rollout every set grows or shrinks in proportion to its size. Sets whose size stays
 * are in the result too: they have to remember the new scale.
 */
export function scalingStep(deployment: Deployment, { newSet, olds }: Sets): readonly Scale[] {
  const wanted = replicasOf(deployment);
  const only = activeOrLatest({ newSet, olds });
  if (only) return replicasOf(only) === wanted ? [] : [{ set: only, to: wanted }];
  if (newSet && isSaturated(deployment, newSet)) return activeOf(olds).map((set) => ({ set, to: 0 }));
  return isRolling(deployment) ? inProportion(deployment, activeOf(all({ newSet, olds }))) : [];
}

/** The only set with pods, or the newest if none has any; undefined when several have. */
function activeOrLatest({ newSet, olds }: Sets): ReplicaSet | undefined {
  const active = activeOf(all({ newSet, olds }));
  if (active.length === 0) return newSet ?? byAge(olds).at(-1);
  return active.length === 1 ? active[0] : undefined;
}

function isSaturated(deployment: Deployment, set: ReplicaSet): boolean {
  const wanted = replicasOf(deployment);
  return replicasOf(set) === wanted && desiredReplicasOf(set) === wanted && availableOf(set) === wanted;
}

function inProportion(deployment: Deployment, active: readonly ReplicaSet[]): readonly Scale[] {
  const wanted = replicasOf(deployment);
  const allowed = wanted > 0 ? wanted + maxSurgeOf(deployment) : 0;
  const toAdd = allowed - sum(active, replicasOf);
  // Largest first; of equals the newer one grows and the older one shrinks first.
  const aged = toAdd > 0 ? byAge(active).toReversed() : byAge(active);
  const ordered = [...aged].sort((a, b) => replicasOf(b) - replicasOf(a));
  let left = toAdd;
  const scales = ordered.map((set) => {
    const share = clampToward(left, fractionOf(deployment, set));
    left -= share;
    return { set, to: replicasOf(set) + share };
  });
  // What rounding left over goes to the largest.
  return scales.map(({ set, to }, i) => ({ set, to: Math.max(0, i === 0 ? to + left : to) }));
}

function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = maxReplicasOf(set) ?? deployment.status?.replicas ?? 0;
  if (before === 0) return 0;
  return Math.round((size * (replicasOf(deployment) + maxSurgeOf(deployment))) / before) - size;
}

/** `share`, but no further from zero than `limit`, and not on its other side. */
function clampToward(limit: number, share: number): number {
  return limit >= 0 ? Math.max(0, Math.min(limit, share)) : Math.min(0, Math.max(limit, share));
}

/** Old sets that nobody needs any more: empty ones beyond the history limit, lowest revision first. */
export function expendable(deployment: Deployment, olds: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const limit = deployment.spec.revisionHistoryLimit ?? 10;
  const alive = olds.filter(({ metadata }) => !metadata.deletionTimestamp);
  return [...alive]
    .sort((a, b) => Number(revisionOf(a) - revisionOf(b)))
    .slice(0, Math.max(0, alive.length - limit))
    .filter(isIdle);
}

/** No pods, none wanted, and nothing left to do for its controller. */
function isIdle(set: ReplicaSet): boolean {
  const observed = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
  return (set.status?.replicas ?? 0) === 0 && replicasOf(set) === 0 && observed;
}
