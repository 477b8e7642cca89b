import { timestamp } from '@kubephant/api';
import type { Condition, Pod, PodDisruptionBudget, PodDisruptionBudgetStatus } from '@kubephant/schema';
import { isReady } from '../common/pods';
import type { Expected } from './expected';

/** How long a pod that was to be evicted counts as gone although nobody deletes it. */
export const deletionTimeoutMs = 2 * 60_000;

export interface Assessment {
  readonly status: PodDisruptionBudgetStatus;
  /** Pods that should have been deleted by now. */
  readonly notDeleted: readonly Pod[];
  /** When the next pod will be late, in milliseconds from now. */
  readonly recheckMs: number | undefined;
}

/** What a budget should say about its pods. */
export function assess(
  { metadata, status }: PodDisruptionBudget,
  pods: readonly Pod[],
  { expectedPods, desiredHealthy }: Expected,
  nowMs: number,
): Assessment {
  const staying = pods.filter((pod) => !pod.metadata.deletionTimestamp);
  const promised = staying.flatMap((pod) => {
    const since = status?.disruptedPods?.[pod.metadata.name];
    return since === undefined ? [] : [{ pod, since, leftMs: Date.parse(since) + deletionTimeoutMs - nowMs }];
  });
  const going = promised.filter(({ leftMs }) => leftMs >= 0);
  // At the very end of its time a pod is still listed, but counts again.
  const gone = new Set(going.filter(({ leftMs }) => leftMs > 0).map(({ pod }) => pod));
  const currentHealthy = staying.filter((pod) => !gone.has(pod) && isReady(pod)).length;
  // A budget that is about no pods yet must not let the first ones go before their health is known.
  const disruptionsAllowed = expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0;
  const disruptedPods = Object.fromEntries(going.map(({ pod, since }) => [pod.metadata.name, since]));
  const observedGeneration = metadata.generation ?? 0;
  const isAllowed = disruptionsAllowed > 0;
  const condition = {
    status: isAllowed ? 'True' : 'False',
    reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration,
  };
  return {
    status: {
      currentHealthy,
      desiredHealthy,
      expectedPods,
      disruptionsAllowed,
      ...(going.length > 0 && { disruptedPods }),
      observedGeneration,
      conditions: withCondition(status?.conditions, condition, nowMs),
    },
    notDeleted: promised.filter(({ leftMs }) => leftMs < 0).map(({ pod }) => pod),
    recheckMs: going.length > 0 ? Math.min(...going.map(({ leftMs }) => leftMs)) + 1 : undefined,
  };
}

/** What a budget says when nobody can tell: nothing may be disrupted. */
export function failed(
  status: PodDisruptionBudgetStatus | undefined,
  why: string,
  nowMs: number,
): PodDisruptionBudgetStatus {
  const { observedGeneration, conditions } = status ?? {};
  const condition = {
    status: 'False',
    reason: 'SyncFailed',
    message: why,
    ...(observedGeneration !== undefined && { observedGeneration }),
  };
  return { ...status, disruptionsAllowed: 0, conditions: withCondition(conditions, condition, nowMs) };
}

/** The time of a condition is that of its last change from true to false, or back. */
function withCondition(
  conditions: readonly Condition[] = [],
  next: Omit<Condition, 'type' | 'lastTransitionTime'>,
  nowMs: number,
): Condition[] {
  const type = 'DisruptionAllowed';
  const before = conditions.find((one) => one.type === type);
  const lastTransitionTime = before?.status === next.status ? before.lastTransitionTime : timestamp(nowMs);
  const condition: Condition = { type, ...next, lastTransitionTime };
  return before ? conditions.map((one) => (one === before ? condition : one)) : [...conditions, condition];
}
