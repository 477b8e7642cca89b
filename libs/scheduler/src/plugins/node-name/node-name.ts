import { unresolvable, type SchedulerPlugin } from '../../framework/interfaces';

/** A pod that names its node goes there or nowhere. */
export const nodeName: SchedulerPlugin = {
  name: 'NodeName',
  requeueOn: ['NodeAdd'],
  filter: (_state, pod, node) =>
    pod.spec.nodeName && pod.spec.nodeName !== node.name
      ? unresolvable("node(s) didn't match the requested node name")
      : undefined,
};
