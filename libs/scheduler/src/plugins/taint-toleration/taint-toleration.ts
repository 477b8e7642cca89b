import type { Node, Pod, Taint, Toleration } from '@kubephant/schema';
import { unresolvable, type CycleKey, type SchedulerPlugin } from '../../framework/interfaces';
import { normalizeInverted } from '../normalize';
import { isTolerated } from '@kubephant/component-helpers';

const preferTolerations: CycleKey<readonly Toleration[]> = { name: 'TaintToleration' };

const keepsOff = ({ effect }: Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/** Whether the node has a taint against the pod. */
export function isKeptOff({ spec: { tolerations } }: Pod, { spec: { taints = [] } }: Node): boolean {
  return taints.some((taint) => keepsOff(taint) && !isTolerated(tolerations, taint));
}

/** Keeps pods off nodes whose taints they do not tolerate, and prefers nodes with fewer PreferNoSchedule taints against them. */
export const taintToleration: SchedulerPlugin = {
  name: 'TaintToleration',
  requeueOn: ['NodeAdd', 'NodeUpdate'],
  filter: (_state, pod, { node }) =>
    isKeptOff(pod, node) ? unresolvable('node(s) had untolerated taint(s)') : undefined,
  preScore(state, pod) {
    const relevant = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    state.set(preferTolerations, relevant);
  },
  score(state, _pod, { node }) {
    const tolerations = state.get(preferTolerations);
    return (node.spec.taints ?? []).filter(
      (taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(tolerations, taint),
    ).length;
  },
  normalize: normalizeInverted,
};
