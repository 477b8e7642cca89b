import { keyOf, type ObjectKey } from '@kubephant/api';
import { nodes } from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { Node } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { nextShare, type Pool } from './allocate';

/** Gives every node its range of pod addresses. */
export async function runNodeIpamController(
  context: ControllerContext,
  pools: readonly Pool[],
  signal: AbortSignal,
): Promise<void> {
  const informer = context.informers.of(nodes);
  const resource = context.client.resource(nodes);
  /** What this process gave and the informer may not show yet. */
  const given = new Map<string, readonly string[]>();
  const rangesOf = ({ metadata, spec }: Node): readonly string[] => spec.podCIDRs ?? given.get(metadata.uid) ?? [];

  const reconcile = async (key: ObjectKey, s: AbortSignal): Promise<void> => {
    const node = informer.lister.get(key);
    if (!node || node.metadata.deletionTimestamp || rangesOf(node).length > 0) return;
    const used = informer.lister.list().flatMap(rangesOf);
    const shares = pools.map((pool) => nextShare(pool, used));
    const podCIDRs = shares.filter((share) => share !== undefined);
    if (podCIDRs.length < pools.length) {
      context.recorder.event(node, 'Normal', 'CIDRNotAvailable', `Node ${key.name} status is now: CIDRNotAvailable`);
      throw new Error(`no range left for node ${key.name}`);
    }
    given.set(node.metadata.uid, podCIDRs);
    try {
      const { uid, resourceVersion } = node.metadata;
      const body = { metadata: { uid, resourceVersion }, spec: { podCIDR: podCIDRs[0], podCIDRs } };
      await resource.patch(key, { type: 'merge', body }, s);
    } catch (err) {
      given.delete(node.metadata.uid);
      throw err;
    }
  };

  informer.addEventHandler({ onDelete: ({ metadata }) => void given.delete(metadata.uid) });
  const { log, clock, queueMetrics } = context;
  await runController(
    // One worker: two at a time could choose the same share.
    { name: 'node_ipam', sources: [changes(informer, (node) => [keyOf(node)])], reconciler: { reconcile }, workers: 1 },
    { log, clock, ...(queueMetrics && { metrics: queueMetrics }) },
    signal,
  );
}
