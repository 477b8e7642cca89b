import { is, keyOf, keyString } from '@kubephant/api';
import { nodes, pods } from '@kubephant/client';
import type { SharedInformer } from '@kubephant/informer';
import type { Node, Pod } from '@kubephant/schema';
import { isTerminal } from '../common/pods';
import type { ControllerContext } from '../common/context';
import { patchPodCondition, unlessGone } from '../nodelifecycle/patches';
import { leftovers, type PodGcConfig } from './decide';

/** Removes pods whose kubelet is gone for good, and old ones that are over. */
export async function runPodGc(context: ControllerContext, config: PodGcConfig, signal: AbortSignal): Promise<void> {
  const watched = { nodes: context.informers.of(nodes), pods: context.informers.of(pods) };
  try {
    await Promise.all([watched.nodes.synced(signal), watched.pods.synced(signal)]);
  } catch (err) {
    if (signal.aborted) return;
    throw err;
  }
  const collector = new PodCollector(watched, context, config);
  while (!signal.aborted) {
    await collector.pass(signal);
    await context.clock.sleep(config.periodMs, signal);
  }
}

interface Watched {
  readonly nodes: SharedInformer<Node>;
  readonly pods: SharedInformer<Pod>;
}

class PodCollector {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #config: PodGcConfig;
  /** Since when a node has been missing. */
  readonly #missing = new Map<string, number>();

  constructor(watched: Watched, context: ControllerContext, config: PodGcConfig) {
    this.#watched = watched;
    this.#context = context;
    this.#config = config;
  }

  async pass(signal: AbortSignal): Promise<void> {
    const { nodes: nodeInformer, pods: podInformer } = this.#watched;
    const nodeOf = (name: string): Node | undefined => nodeInformer.lister.get({ name });
    const found = leftovers(podInformer.lister.list(), nodeOf, this.#config.terminatedThreshold);
    for (const pod of [...found.terminated, ...found.unscheduled, ...found.outOfService])
      await this.#remove(pod, signal);
    const lost = await this.#lostNodes(new Set(found.maybeOrphaned.map(({ spec }) => spec.nodeName ?? '')), signal);
    for (const pod of found.maybeOrphaned) if (lost.has(pod.spec.nodeName ?? '')) await this.#removeOrphan(pod, signal);
  }

  /** Those of the missing nodes that have been so for long enough, and that the server does not know either. */
  async #lostNodes(missing: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlySet<string>> {
    const nowMs = this.#context.clock.now();
    for (const name of this.#missing.keys()) if (!missing.has(name)) this.#missing.delete(name);
    const lost = new Set<string>();
    for (const name of missing) {
      const sinceMs = this.#missing.get(name) ?? nowMs;
      this.#missing.set(name, sinceMs);
      if (nowMs - sinceMs >= this.#config.quarantineMs && !(await this.#exists(name, signal))) lost.add(name);
    }
    return lost;
  }

  async #exists(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#context.client.resource(nodes).get({ name }, signal);
      return true;
    } catch (err) {
      // Not knowing is no reason to give anything up.
      return !is('NotFound', err);
    }
  }

  async #removeOrphan(pod: Pod, signal: AbortSignal): Promise<void> {
    const message = 'PodGC: node no longer exists';
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'DeletionByPodGC',
      message,
      atMs: this.#context.clock.now(),
    };
    const { client } = this.#context;
    await this.#leniently(pod, async () => {
      await patchPodCondition(client, pod, condition, signal);
      if (isTerminal(pod.status?.phase)) return;
      const patch = {
        type: 'strategic',
        body: { metadata: { uid: pod.metadata.uid }, status: { phase: 'Failed' } },
      } as const;
      await unlessGone(client.resource(pods).patch(keyOf(pod), patch, signal, { subresource: 'status' }));
    });
    await this.#remove(pod, signal);
  }

  async #remove(pod: Pod, signal: AbortSignal): Promise<void> {
    const options = { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } };
    await this.#leniently(pod, () =>
      unlessGone(this.#context.client.resource(pods).delete(keyOf(pod), signal, options)),
    );
  }

  /** One pod that cannot be removed is not to keep the others; the next pass tries again. */
  async #leniently(pod: Pod, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      const error = err instanceof Error ? err.message : String(err);
      this.#context.log.v(2).info('Could not remove a pod', { pod: keyString(keyOf(pod)), error });
    }
  }
}
