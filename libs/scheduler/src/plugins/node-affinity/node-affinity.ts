import { unresolvable, type SchedulerPlugin } from '../../framework/interfaces';
import { normalize } from '../normalize';
import { matchesRequiredAffinity, matchesTerm } from '@kubephant/component-helpers';

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
