import { is, keyOf, timestamp } from '@kubephant/api';
import { nodes, pods, type Client } from '@kubephant/client';
import type { Node, NodeCondition, Pod, PodCondition, Taint } from '@kubephant/schema';

/** Fails with Conflict when the node has changed since it was read. */
export async function patchTaints(
  client: Client,
  node: Node,
  taints: readonly Taint[],
  signal: AbortSignal,
): Promise<void> {
  const { uid, resourceVersion } = node.metadata;
  const body = { metadata: { uid, resourceVersion }, spec: { taints } };
  await unlessGone(client.resource(nodes).patch(keyOf(node), { type: 'merge', body }, signal));
}

export async function patchNodeConditions(
  client: Client,
  node: Node,
  conditions: readonly NodeCondition[],
  signal: AbortSignal,
): Promise<void> {
  const body = {
    metadata: { uid: node.metadata.uid, resourceVersion: node.metadata.resourceVersion },
    status: { conditions },
  };
  await unlessGone(
    client.resource(nodes).patch(keyOf(node), { type: 'strategic', body }, signal, { subresource: 'status' }),
  );
}

/** Adds or replaces a condition of the pod. */
export async function patchPodCondition(
  client: Client,
  pod: Pod,
  condition: Omit<PodCondition, 'lastTransitionTime'> & { readonly atMs: number },
  signal: AbortSignal,
): Promise<void> {
  const { atMs, ...rest } = condition;
  const conditions = [{ ...rest, lastTransitionTime: timestamp(atMs) }];
  const body = { metadata: { uid: pod.metadata.uid }, status: { conditions } };
  await unlessGone(
    client.resource(pods).patch(keyOf(pod), { type: 'strategic', body }, signal, { subresource: 'status' }),
  );
}

/** What is gone needs no change any more. */
export async function unlessGone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (err) {
    if (!is('NotFound', err)) throw err;
  }
}
