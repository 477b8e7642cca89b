import { cloneJson, timestamp, type KubeObject } from '@kubephant/api';
import type { ResourceDefinition } from '@kubephant/resources';

/** meta/v1 DeleteOptions, validated. */
export interface DeleteRequest {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan';
  readonly orphanDependents?: boolean;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly dryRun: boolean;
}

/** What a delete makes of an object: it goes at once, or it stays, marked (or unchanged when it already is). */
export type Deletion = { readonly remove: KubeObject } | { readonly to: KubeObject } | 'unchanged';

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/**
 * Decides a delete (upstream: rest.BeforeDelete and updateForGracefulDeletionAndFinalizers). Pure: `current` is not
 * changed. Finalizers and grace hold the object; a grace that is running can only be shortened.
 */
export function planDeletion(row: ResourceDefinition, current: KubeObject, asked: DeleteRequest, now: Date): Deletion {
  if (row.deletion) return planStagedDeletion(row.deletion, current, asked, now);
  const grace = graceOf(row, current, asked);
  if (grace === 'running') return 'unchanged';
  const finalizers = finalizersAfter(row, current, asked);
  const held = finalizers.length > 0;
  if (grace === undefined && !held) return { remove: current };
  const marked = mark(current, { finalizers, graceSeconds: grace ?? 0, now, shorten: grace !== undefined });
  return held || (grace ?? 0) > 0 ? { to: marked } : { remove: marked };
}

/** Namespaces and the like: marked first by their own rule, removed once nothing of theirs is left. */
function planStagedDeletion(
  deletion: NonNullable<ResourceDefinition['deletion']>,
  current: KubeObject,
  asked: DeleteRequest,
  now: Date,
): Deletion {
  const { metadata } = current;
  if (!metadata.deletionTimestamp) {
    const marked = cloneJson(current);
    marked.metadata.deletionTimestamp = timestamp(now);
    if (asked.propagationPolicy === 'Orphan') marked.metadata.finalizers = [...(metadata.finalizers ?? []), orphan];
    deletion.begin(marked);
    return { to: marked };
  }
  return deletion.finished(current) && !metadata.finalizers?.length ? { remove: current } : 'unchanged';
}

/** Whether an update of a deleting object takes away the last thing that held it. */
export function isReleased(row: ResourceDefinition, updated: KubeObject, old: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds } = old.metadata;
  if (!deletionTimestamp || (updated.metadata.finalizers?.length ?? 0) > 0) return false;
  return (deletionGracePeriodSeconds ?? 0) === 0 && (row.deletion?.finished(updated) ?? true);
}

/** Seconds of grace; undefined: this kind has none; running: nothing is to be changed any more. */
function graceOf(row: ResourceDefinition, current: KubeObject, asked: DeleteRequest): number | undefined | 'running' {
  const { deletionTimestamp, deletionGracePeriodSeconds } = current.metadata;
  const seconds = asked.gracePeriodSeconds === undefined ? undefined : positive(asked.gracePeriodSeconds);
  if (!row.strategy?.gracePeriod) return undefined;
  if (!deletionTimestamp) return positive(row.strategy.gracePeriod(current, seconds) ?? 0);
  if (deletionGracePeriodSeconds === undefined) return undefined;
  return seconds === undefined || seconds >= deletionGracePeriodSeconds ? 'running' : seconds;
}

/** Negative seconds mean the shortest grace there is. */
const positive = (seconds: number): number => (seconds < 0 ? 1 : seconds);

interface Mark {
  readonly finalizers: readonly string[];
  readonly graceSeconds: number;
  readonly now: Date;
  readonly shorten: boolean;
}

function mark(current: KubeObject, { finalizers, graceSeconds, now, shorten }: Mark): KubeObject {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, generation = 0 } = current.metadata;
  const marked = cloneJson(current);
  const { metadata } = marked;
  metadata.deletionGracePeriodSeconds = graceSeconds;
  if (finalizers.length > 0) metadata.finalizers = [...finalizers];
  else delete metadata.finalizers;
  if (!deletionTimestamp) {
    metadata.deletionTimestamp = timestamp(new Date(now.getTime() + graceSeconds * 1000));
    if (generation > 0) metadata.generation = generation + 1;
  } else if (shorten) {
    const shortened = Date.parse(deletionTimestamp) + (graceSeconds - deletionGracePeriodSeconds) * 1000;
    metadata.deletionTimestamp = timestamp(new Date(shortened));
  }
  return marked;
}

/** The finalizers by which the garbage collector knows what to do with dependents; the others stay in front. */
function finalizersAfter(row: ResourceDefinition, current: KubeObject, asked: DeleteRequest): readonly string[] {
  const finalizers = current.metadata.finalizers ?? [];
  const wanted = dependentsFinalizer(row, finalizers, asked);
  const others = finalizers.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
  const after = wanted === undefined ? others : [...others, wanted];
  const same = after.length === finalizers.length && after.every((finalizer) => finalizers.includes(finalizer));
  return same ? finalizers : after;
}

/** The client decides; else a finalizer that is already there; else the kind's default. */
function dependentsFinalizer(
  row: ResourceDefinition,
  finalizers: readonly string[],
  { orphanDependents, propagationPolicy }: DeleteRequest,
): string | undefined {
  if (orphanDependents !== undefined) return orphanDependents ? orphan : undefined;
  if (propagationPolicy === 'Orphan') return orphan;
  if (propagationPolicy !== undefined) return propagationPolicy === 'Foreground' ? foreground : undefined;
  const present = finalizers.find((finalizer) => finalizer === orphan || finalizer === foreground);
  return present ?? (row.defaultPropagation === 'Orphan' ? orphan : undefined);
}
