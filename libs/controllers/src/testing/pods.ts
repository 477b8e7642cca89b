import { keyOf } from '@kubephant/api';
import { pods } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Pod } from '@kubephant/schema';

/** What a kubelet would report of a pod that runs on `node` and has been ready since `at`. */
export function makeReady(cluster: FakeCluster, pod: Pod, at = '2026-01-01T00:00:00Z', node = 'n1'): Pod {
  return cluster.change(pods, keyOf(pod), (obj) => {
    obj.spec.nodeName = node;
    obj.status = {
      phase: 'Running',
      podIP: '10.0.0.1',
      conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }],
    };
  });
}

/** Makes every pod ready that is not being deleted. */
export function makeAllReady(cluster: FakeCluster): void {
  for (const pod of cluster.objects(pods)) if (!pod.metadata.deletionTimestamp) makeReady(cluster, pod);
}

/** What kubelets do with pods that are being deleted: they vanish. */
export async function reap(cluster: FakeCluster): Promise<void> {
  for (const pod of cluster.objects(pods)) {
    if (!pod.metadata.deletionTimestamp) continue;
    await cluster.client.resource(pods).delete(keyOf(pod), new AbortController().signal, { gracePeriodSeconds: 0 });
  }
}
