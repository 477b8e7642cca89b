import { unschedulable, type CycleKey, type SchedulerPlugin } from '../../framework/interfaces';
import type { NodeInfo } from '../../framework/node-info';
import { podRequests, podRequestsNonZero, type Amounts } from '../../framework/resources';

const asked: CycleKey<Amounts> = { name: 'NodeResourcesFit' };

/** Names of the resources the node has too little of; upstream's reasons. */
function shortages({ allocatable, requested, pods }: NodeInfo, wanted: Amounts): readonly string[] {
  const full = pods.size + 1 > (allocatable.get('pods') ?? 0);
  const missing = [...wanted].filter(
    ([name, amount]) => amount > 0 && amount > (allocatable.get(name) ?? 0) - (requested.get(name) ?? 0),
  );
  return [...(full ? ['Too many pods'] : []), ...missing.map(([name]) => `Insufficient ${name}`)];
}

/** A node must have what the pod requests; among those that have, the least allocated scores best. */
export const nodeResourcesFit: SchedulerPlugin = {
  name: 'NodeResourcesFit',
  requeueOn: ['NodeAdd', 'NodeUpdate', 'PodDelete', 'PodUpdate'],
  preFilter(state, pod) {
    state.set(asked, podRequests(pod));
    return undefined;
  },
  filter(state, _pod, node) {
    const missing = shortages(node, state.get(asked));
    return missing.length > 0 ? unschedulable(...missing) : undefined;
  },
  score(_state, pod, { allocatable, requestedNonZero }) {
    const wanted = podRequestsNonZero(pod);
    const free = (name: string): number => {
      const capacity = allocatable.get(name) ?? 0;
      const used = (requestedNonZero.get(name) ?? 0) + (wanted.get(name) ?? 0);
      return capacity === 0 || used > capacity ? 0 : Math.floor(((capacity - used) * 100) / capacity);
    };
    return Math.floor((free('cpu') + free('memory')) / 2);
  },
};
