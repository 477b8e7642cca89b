import { fromSet, timestamp } from '@kubephant/api';
import type { Pod, ReplicaSetCondition, ReplicaSetStatus } from '@kubephant/schema';
import { availableInMs, isActive, isReady, isTerminal } from '../common/pods';
import { nonZero } from '../common/non-zero';
import type { ReplicaOwner } from './kinds';

export interface Observed {
  /** Every pod that belongs to the owner. */
  readonly pods: readonly Pod[];
  /** Why pods could not be created or deleted. */
  readonly failure?: { readonly reason: 'FailedCreate' | 'FailedDelete'; readonly message: string };
  readonly countsTerminating: boolean;
  readonly nowMs: number;
}

export function statusOf(owner: ReplicaOwner, observed: Observed): ReplicaSetStatus {
  const { pods, nowMs, countsTerminating } = observed;
  const active = pods.filter(isActive);
  const template = fromSet(owner.spec.template?.metadata?.labels ?? {});
  const minReadySeconds = owner.spec.minReadySeconds ?? 0;
  const conditions = conditionsOf(owner, observed);
  const { generation } = owner.metadata;
  return {
    replicas: active.length,
    ...nonZero({
      fullyLabeledReplicas: active.filter(({ metadata }) => template.matches(metadata.labels)).length,
      readyReplicas: active.filter(isReady).length,
      availableReplicas: active.filter((pod) => availableInMs(pod, minReadySeconds, nowMs) === 0).length,
    }),
    ...(countsTerminating && { terminatingReplicas: pods.filter(isTerminating).length }),
    ...(generation !== undefined && { observedGeneration: generation }),
    ...(conditions.length > 0 && { conditions: [...conditions] }),
  };
}

const isTerminating = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined && !isTerminal(status?.phase);

/** Milliseconds until the next ready pod becomes available; undefined when none is on its way. */
export function nextAvailableMs(owner: ReplicaOwner, pods: readonly Pod[], nowMs: number): number | undefined {
  const waits = pods
    .filter(isActive)
    .map((pod) => availableInMs(pod, owner.spec.minReadySeconds ?? 0, nowMs) ?? 0)
    .filter((ms) => ms > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/**
 * A failure that goes on is the one that was told: an error may read differently each time (it may name the pod that was
 * not created), and a status that is written each time wakes the controller each time.
 */
function conditionsOf({ status }: ReplicaOwner, { failure, nowMs }: Observed): readonly ReplicaSetCondition[] {
  const others = status?.conditions?.filter(({ type }) => type !== 'ReplicaFailure') ?? [];
  if (!failure) return others;
  const known = status?.conditions?.find(({ type, reason }) => type === 'ReplicaFailure' && reason === failure.reason);
  const told = known ?? { type: 'ReplicaFailure', status: 'True', lastTransitionTime: timestamp(nowMs), ...failure };
  return [...others, told];
}
