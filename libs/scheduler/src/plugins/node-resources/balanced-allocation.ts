import type { SchedulerPlugin } from '../../framework/interfaces';
import { podRequestsNonZero } from '../../framework/resources';

/** Prefers nodes on which CPU and memory would be used to the same share. */
export const balancedAllocation: SchedulerPlugin = {
  name: 'NodeResourcesBalancedAllocation',
  score(_state, pod, { allocatable, requestedNonZero }) {
    const wanted = podRequestsNonZero(pod);
    const share = (name: string): number => {
      const capacity = allocatable.get(name) ?? 0;
      return capacity === 0 ? 1 : Math.min(1, ((requestedNonZero.get(name) ?? 0) + (wanted.get(name) ?? 0)) / capacity);
    };
    // The standard deviation of two shares is half their distance.
    return Math.floor((1 - Math.abs(share('cpu') - share('memory')) / 2) * 100);
  },
};
