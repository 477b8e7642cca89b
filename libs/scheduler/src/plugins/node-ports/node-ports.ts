import { unschedulable, type SchedulerPlugin } from '../../framework/interfaces';
import { hostPortsOf, isPortTaken } from '../../framework/node-info';

/** Two pods cannot have the same port of one host. */
export const nodePorts: SchedulerPlugin = {
  name: 'NodePorts',
  requeueOn: ['NodeAdd', 'PodDelete'],
  filter: (_state, pod, node) =>
    hostPortsOf(pod).some((port) => isPortTaken(node, port))
      ? unschedulable("node(s) didn't have free ports for the requested pod ports")
      : undefined,
};
