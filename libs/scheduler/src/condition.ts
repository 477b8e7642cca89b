import { timestamp } from '@kubephant/api';
import type { Pod, PodCondition } from '@kubephant/schema';

/** The PodScheduled condition that says why; undefined when the pod already says exactly that. */
export function unschedulableCondition(
  pod: Pod,
  { reason, message }: { readonly reason: string; readonly message: string },
  now: Date,
): PodCondition | undefined {
  const current = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (current?.status === 'False' && current.reason === reason && current.message === message) return undefined;
  const time = timestamp(now);
  return {
    type: 'PodScheduled',
    status: 'False',
    reason,
    message,
    lastTransitionTime: current?.status === 'False' ? (current.lastTransitionTime ?? time) : time,
  };
}
