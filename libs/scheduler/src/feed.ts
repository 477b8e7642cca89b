import type { SharedInformer } from '@kubephant/informer';
import type { Node, Pod } from '@kubephant/schema';
import type { Cache } from './framework/cache';
import type { SchedulingQueue } from './framework/queue';

interface Sinks {
  readonly cache: Cache;
  readonly queue: SchedulingQueue;
}

/** Leads what informers report to the cache (pods that have a node, nodes) and to the queue (pods that want one). */
export function feed(
  informers: { readonly pods: SharedInformer<Pod>; readonly nodes: SharedInformer<Node> },
  sinks: Sinks,
  schedulerName: string,
): void {
  feedPods(informers.pods, sinks, schedulerName);
  feedNodes(informers.nodes, sinks);
}

const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

function feedPods(pods: SharedInformer<Pod>, { cache, queue }: Sinks, schedulerName: string): void {
  const place = (pod: Pod, old?: Pod): void => {
    const { uid, deletionTimestamp } = pod.metadata;
    if (pod.spec.nodeName) {
      queue.delete(uid);
      // A finished pod holds nothing on its node any more.
      if (isFinished(pod)) leave(pod);
      else {
        cache.setPod(pod);
        if (!old?.spec.nodeName) queue.move('PodAdd');
        else if (JSON.stringify(old.metadata.labels) !== JSON.stringify(pod.metadata.labels)) queue.move('PodUpdate');
      }
    } else if (deletionTimestamp !== undefined || isFinished(pod)) {
      queue.delete(uid);
    } else if ((pod.spec.schedulerName ?? schedulerName) === schedulerName) {
      queue.set(pod);
    }
  };
  const leave = ({ metadata: { uid }, spec }: Pod): void => {
    queue.delete(uid);
    cache.removePod(uid);
    if (spec.nodeName) queue.move('PodDelete');
  };
  pods.addEventHandler({ onAdd: (pod) => place(pod), onUpdate: (old, pod) => place(pod, old), onDelete: leave });
}

function feedNodes(nodes: SharedInformer<Node>, { cache, queue }: Sinks): void {
  nodes.addEventHandler({
    onAdd(node) {
      cache.setNode(node);
      queue.move('NodeAdd');
    },
    onUpdate(old, node) {
      cache.setNode(node);
      if (mattersToPods(old, node)) queue.move('NodeUpdate');
    },
    onDelete: ({ metadata: { name } }) => cache.removeNode(name),
  });
}

/** Heartbeats change nodes all the time; only these parts decide where pods may go. */
function mattersToPods(old: Node, node: Node): boolean {
  const relevant = ({ spec, status, metadata: { labels, annotations } }: Node): string =>
    JSON.stringify([spec.unschedulable, spec.taints, status?.allocatable, labels, annotations]);
  return relevant(old) !== relevant(node);
}
