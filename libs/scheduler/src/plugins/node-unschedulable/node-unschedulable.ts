import { unresolvable, type SchedulerPlugin } from '../../framework/interfaces';
import { isTolerated } from '@kubephant/component-helpers';

const taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** A cordoned node takes only pods that tolerate that. */
export const nodeUnschedulable: SchedulerPlugin = {
  name: 'NodeUnschedulable',
  requeueOn: ['NodeAdd', 'NodeUpdate'],
  filter: (_state, pod, { node }) =>
    node.spec.unschedulable && !isTolerated(pod.spec.tolerations, taint)
      ? unresolvable('node(s) were unschedulable')
      : undefined,
};
