import { Quantity } from '@kubephant/api';
import type { Service } from '@kubephant/schema';
import { countName, one, type Evaluator } from './evaluator';

const names = [countName('services'), 'services', 'services.loadbalancers', 'services.nodeports'];

/** Ports of nodes are counted by what is wanted: they are taken only afterwards. */
function nodePorts({ spec }: Service): number {
  const ports = spec.ports ?? [];
  if (spec.type === 'NodePort') return ports.length;
  if (spec.type !== 'LoadBalancer') return 0;
  return spec.allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length;
}

/** Services count by number, those that need more of the outside by that, too. */
export const services: Evaluator = {
  counts: (name) => names.includes(name),
  isIn: () => false,
  usage(obj) {
    const service = obj as unknown as Service;
    return new Map([
      [countName('services'), one],
      ['services', one],
      ['services.loadbalancers', service.spec.type === 'LoadBalancer' ? one : Quantity.zero],
      ['services.nodeports', Quantity.of(nodePorts(service))],
    ]);
  },
};
