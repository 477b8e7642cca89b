import { groupResourceString, is, type KubeObject } from '@kubephant/api';
import type { Client, DiscoveredResource } from '@kubephant/client';

/** What is left of one resource in a namespace after it was told to go. */
export interface Remains {
  readonly resource: string;
  readonly count: number;
  readonly finalizers: readonly string[];
  /** Milliseconds until what is left may be gone by itself. */
  readonly estimateMs: number;
}

/** Pods get this long to stop before the namespace looks again, unless they ask for another time. */
const podEstimateMs = 15_000;

/** Deletes every object of a resource in a namespace, and says what is still there. */
export async function empty(
  client: Client,
  resource: DiscoveredResource,
  namespace: string,
  signal: AbortSignal,
): Promise<Remains> {
  const name = groupResourceString({ group: resource.group, resource: resource.plural });
  const objects = client.metadata(resource);
  await deleteAll(client, resource, namespace, signal);
  const left = resource.verbs.includes('list') ? (await objects.list({ namespace }, signal)).items : [];
  return {
    resource: name,
    count: left.length,
    finalizers: left.flatMap(({ metadata }) => metadata.finalizers ?? []),
    estimateMs: left.length > 0 && name === 'pods' ? estimateOf(left) : 0,
  };
}

async function deleteAll(
  client: Client,
  resource: DiscoveredResource,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const objects = client.metadata(resource);
  const options = { propagationPolicy: 'Background' } as const;
  if (resource.verbs.includes('deletecollection')) {
    await objects.deleteCollection({ namespace }, signal, options);
    return;
  }
  if (!resource.verbs.includes('list') || !resource.verbs.includes('delete')) return;
  for (const { metadata } of (await objects.list({ namespace }, signal)).items) {
    try {
      await objects.delete({ namespace, name: metadata.name }, signal, options);
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }
}

/** Pods that are stopping say how long they may take. */
function estimateOf(pods: readonly KubeObject[]): number {
  const graces = pods.map(({ metadata }) => (metadata.deletionGracePeriodSeconds ?? 0) * 1000);
  return Math.max(podEstimateMs, ...graces);
}
