import { fromSet } from '@kubephant/api';
import type { Node, Pod } from '@kubephant/schema';
import { unresolvable, type SchedulerPlugin } from '../../framework/interfaces';
import { normalize } from '../normalize';
import { matchesNodeSelector, matchesTerm } from './node-selector';

/** Whether the node has what `spec.nodeSelector` and the required node affinity ask for. */
export function matchesRequiredAffinity({ spec }: Pod, node: Node): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const selected = !spec.nodeSelector || fromSet(spec.nodeSelector).matches(node.metadata.labels);
  return selected && (!required || matchesNodeSelector(required, node));
}

/** `nodeSelector` and node affinity: required ones filter, preferred ones score by their weights. */
export const nodeAffinity: SchedulerPlugin = {
  name: 'NodeAffinity',
  requeueOn: ['NodeAdd', 'NodeUpdate'],
  filter: (_state, pod, { node }) =>
    matchesRequiredAffinity(pod, node) ? undefined : unresolvable("node(s) didn't match Pod's node affinity/selector"),
  score(_state, { spec }, { node }) {
    const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return preferred
      .filter(({ preference }) => matchesTerm(preference, node))
      .reduce((sum, { weight }) => sum + weight, 0);
  },
  normalize,
};
