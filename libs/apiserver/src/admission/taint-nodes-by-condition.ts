import type { Node } from '@kubephant/schema';
import type { AdmissionPlugin } from '@kubephant/serving';
import { isCore } from './refuse';

const key = 'node.kubernetes.io/not-ready';

/** A new node takes no pods until the node controller has seen that it is ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  handles: (info, operation) => isCore(info, 'nodes') && operation === 'CREATE',
  async admit({ object }) {
    const node = object as unknown as Partial<Node>;
    const spec = (node.spec ??= {});
    const taints = spec.taints ?? [];
    if (taints.some((taint) => taint.key === key && taint.effect === 'NoSchedule')) return;
    spec.taints = [...taints, { key, effect: 'NoSchedule' }];
  },
};
