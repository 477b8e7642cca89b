import { is, keyOf, keyString, type ObjectKey } from '@kubephant/api';
import type { Counter } from '@kubephant/base';
import { nodes, pods } from '@kubephant/client';
import { changes, runController, type Result, type Source } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Node, Pod, Taint } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { ControllerContext } from '../common/context';
import { podsByNode } from './controller';
import { patchPodCondition } from './patches';
import { toleratedForMs } from './tolerations';

const noExecute = ({ spec }: Node): readonly Taint[] =>
  (spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute');

/** Deletes pods from nodes whose NoExecute taints they do not tolerate, or not for so long. */
export async function runTaintEvictionController(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const watched = { nodes: context.informers.of(nodes), pods: context.informers.of(pods) };
  watched.pods.addIndexers({ [podsByNode]: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []) });
  const { log, clock, queueMetrics, workers } = context;
  await runController(
    {
      name: 'noexec_taint_pod',
      sources: [changes(watched.pods, (pod) => [keyOf(pod)]), podsOnTaintedNodes(watched)],
      reconciler: new TaintEvictionController(watched, context),
      workers,
    },
    { log, clock, ...(queueMetrics && { metrics: queueMetrics }) },
    signal,
  );
}

interface Watched {
  readonly nodes: SharedInformer<Node>;
  readonly pods: SharedInformer<Pod>;
}

function podsOnTaintedNodes({ nodes: informer, pods: podInformer }: Watched): Source {
  return {
    start(enqueue) {
      const enqueueAll = ({ metadata }: Node): void =>
        podInformer.lister.byIndex(podsByNode, metadata.name).map(keyOf).forEach(enqueue);
      informer.addEventHandler({
        onAdd: enqueueAll,
        onUpdate: (old, node) => {
          if (!isDeepStrictEqual(noExecute(old), noExecute(node))) enqueueAll(node);
        },
      });
    },
    synced: (signal) => informer.synced(signal),
  };
}

class TaintEvictionController {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #deletions: Counter;
  /** Since when a pod has been on borrowed time, by uid and by our own clock. */
  readonly #since = new Map<string, number>();

  constructor(watched: Watched, context: ControllerContext) {
    this.#watched = watched;
    this.#context = context;
    this.#deletions = context.metrics.counter(
      'taint_eviction_controller_pod_deletions_total',
      'Total number of Pods deleted by TaintEvictionController since its start.',
    );
    watched.pods.addEventHandler({ onDelete: ({ metadata }) => void this.#since.delete(metadata.uid) });
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const pod = this.#watched.pods.lister.get(key);
    if (!pod?.spec.nodeName || pod.metadata.deletionTimestamp) return undefined;
    const node = this.#watched.nodes.lister.get({ name: pod.spec.nodeName });
    const allowedMs = node ? toleratedForMs(noExecute(node), pod.spec.tolerations ?? []) : Infinity;
    if (allowedMs === Infinity) {
      this.#spare(pod);
      return undefined;
    }
    const { clock } = this.#context;
    const sinceMs = this.#since.get(pod.metadata.uid) ?? clock.now();
    this.#since.set(pod.metadata.uid, sinceMs);
    const leftMs = sinceMs + allowedMs - clock.now();
    if (leftMs > 0) return { requeueAfterMs: leftMs };
    await this.#evict(pod, signal);
    return undefined;
  }

  #spare(pod: Pod): void {
    if (!this.#since.delete(pod.metadata.uid)) return;
    this.#context.recorder.event(
      pod,
      'Normal',
      'TaintManagerEviction',
      `Cancelling deletion of Pod ${keyString(keyOf(pod))}`,
    );
  }

  async #evict(pod: Pod, signal: AbortSignal): Promise<void> {
    const { client, clock, recorder } = this.#context;
    recorder.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${keyString(keyOf(pod))}`);
    const reason = 'DeletionByTaintManager';
    const message = 'Taint manager: deleting due to NoExecute taint';
    await patchPodCondition(
      client,
      pod,
      { type: 'DisruptionTarget', status: 'True', reason, message, atMs: clock.now() },
      signal,
    );
    try {
      await client.resource(pods).delete(keyOf(pod), signal, { preconditions: { uid: pod.metadata.uid } });
      this.#deletions.inc();
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }
}
