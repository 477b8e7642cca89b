import type { Lease, Node, NodeCondition } from '@kubephant/schema';

/** When a node was last heard of, by our own clock: the clocks of nodes are not trusted. */
export interface Heard {
  readonly atMs: number;
  /** What was heard last: the newest heartbeat and lease. */
  readonly heartbeat: string;
  readonly renewed: string;
}

export function readyOf(node: Node): NodeCondition | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready');
}

/** Whether the node has given a sign of life since `before`: a new status or a renewed lease. */
export function listen(before: Heard | undefined, node: Node, lease: Lease | undefined, nowMs: number): Heard {
  const heartbeat = readyOf(node)?.lastHeartbeatTime ?? '';
  const renewed = lease?.spec.renewTime ?? '';
  if (before?.heartbeat === heartbeat && before.renewed === renewed) return before;
  return { atMs: nowMs, heartbeat, renewed };
}

/** The conditions a kubelet keeps alive by reporting. */
const reported = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

/** What nobody knows any more about a node that has fallen silent; empty when that is said already. */
export function unknownConditions(node: Node, now: string): readonly NodeCondition[] {
  const known = new Map(node.status?.conditions?.map((condition) => [condition.type, condition]));
  return reported.flatMap((type): NodeCondition[] => {
    const before = known.get(type);
    if (before?.status === 'Unknown') return [];
    const why = before
      ? { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' }
      : { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' };
    const lastHeartbeatTime = before?.lastHeartbeatTime ?? node.metadata.creationTimestamp ?? now;
    return [{ type, status: 'Unknown', lastHeartbeatTime, lastTransitionTime: now, ...why }];
  });
}
