import { timestamp } from '@kubephant/api';
import type { Pod, PodCondition } from '@kubephant/schema';

/** A time that was never set is written as null. */
export const unprobed: object = { lastProbeTime: null };

/** Sets a condition; the time of its last transition moves only when its status does. */
export function setCondition(pod: Pod, condition: Omit<PodCondition, 'lastTransitionTime'>, now: Date): void {
  const status = (pod.status ??= {});
  const before = status.conditions?.find(({ type }) => type === condition.type);
  const isSame = before?.status === condition.status && before.lastTransitionTime !== undefined;
  const lastTransitionTime = isSame ? before.lastTransitionTime : timestamp(now);
  const others = (status.conditions ?? []).filter(({ type }) => type !== condition.type);
  status.conditions = [
    ...others,
    { ...unprobed, ...condition, ...(lastTransitionTime !== undefined && { lastTransitionTime }) },
  ];
}
