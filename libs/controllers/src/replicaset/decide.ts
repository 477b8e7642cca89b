import type { Pod } from '@kubephant/schema';
import type { ReplicaOwner } from './kinds';
import { inDeletionOrder } from './ranking';

/** At most this many pods are created or deleted in one go. */
export const burstReplicas = 500;

export type Decision = { readonly create: number } | { readonly remove: readonly Pod[] };

/** What to do about the difference between `spec.replicas` and the active pods. */
export function decide(owner: ReplicaOwner, active: readonly Pod[], related: readonly Pod[], nowMs: number): Decision {
  const missing = (owner.spec.replicas ?? 1) - active.length;
  if (missing >= 0) return { create: Math.min(missing, burstReplicas) };
  const surplus = Math.min(-missing, burstReplicas);
  // Ranking matters only when some stay.
  const ranked = surplus < active.length ? inDeletionOrder(active, related, nowMs) : active;
  return { remove: ranked.slice(0, surplus) };
}

/** Sizes of the batches in which `count` calls are made: 1, 2, 4, …: a quota or a broken template costs few calls. */
export function slowStartBatches(count: number): readonly number[] {
  const batches: number[] = [];
  for (let left = count, size = 1; left > 0; left -= size, size *= 2) batches.push(Math.min(size, left));
  return batches;
}
