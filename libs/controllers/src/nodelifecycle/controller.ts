import { is, keyOf, type ObjectKey, timestamp } from '@kubephant/api';
import { newGroup } from '@kubephant/base';
import { leases, nodes, pods } from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Lease, Node, Pod } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { ControllerContext } from '../common/context';
import { isReady } from '../common/pods';
import { listen, unknownConditions, readyOf, type Heard } from './health';
import { newZoneMetrics, type ZoneMetrics } from './metrics';
import { patchNodeConditions, patchPodCondition, patchTaints } from './patches';
import { evictionKey, evictionTaintOf, reconciledTaints, withEviction, withoutEviction } from './taints';
import { defaultRates, evictionRate, isMasterDisruption, zonesOf, type EvictionRates, type Zone } from './zones';

export interface NodeLifecycleConfig {
  /** Silence after which a node's state is unknown (`--node-monitor-grace-period`). */
  readonly gracePeriodMs: number;
  /** The same for a node that has just registered (`--node-startup-grace-period`). */
  readonly startupGracePeriodMs: number;
  readonly monitorPeriodMs: number;
  readonly rates: EvictionRates;
}

export const defaultNodeLifecycle: NodeLifecycleConfig = {
  gracePeriodMs: 50_000,
  startupGracePeriodMs: 60_000,
  monitorPeriodMs: 5000,
  rates: defaultRates,
};

export const podsByNode = 'podsByNode';

/** Notices nodes that fall silent, says so in their conditions, and taints nodes as their conditions want. */
export async function runNodeLifecycleController(
  context: ControllerContext,
  config: NodeLifecycleConfig,
  signal: AbortSignal,
): Promise<void> {
  const watched: Watched = {
    nodes: context.informers.of(nodes),
    leases: context.informers.of(leases, { namespace: 'kube-node-lease' }),
    pods: context.informers.of(pods),
  };
  watched.pods.addIndexers({ [podsByNode]: ({ spec }) => (spec.nodeName ? [spec.nodeName] : []) });
  const controller = new NodeLifecycleController(watched, context, config);
  const group = newGroup(signal);
  group.go('taints', (s) =>
    runController(
      {
        name: 'node_lifecycle_controller',
        sources: [changes(watched.nodes, (node) => [keyOf(node)])],
        reconciler: controller,
        workers: context.workers,
      },
      { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
      s,
    ),
  );
  group.go('monitor', (s) => controller.monitor(s));
  await group.wait();
}

interface Watched {
  readonly nodes: SharedInformer<Node>;
  readonly leases: SharedInformer<Lease>;
  readonly pods: SharedInformer<Pod>;
}

class NodeLifecycleController {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #config: NodeLifecycleConfig;
  readonly #metrics: ZoneMetrics;
  /** By node uid. */
  readonly #heard = new Map<string, Heard>();
  /** When a zone may give up its next node. */
  readonly #nextEvictionMs = new Map<string, number>();
  #wasCutOff = false;

  constructor(watched: Watched, context: ControllerContext, config: NodeLifecycleConfig) {
    this.#watched = watched;
    this.#context = context;
    this.#config = config;
    this.#metrics = newZoneMetrics(context.metrics);
  }

  /** Keeps the taints of one node right. */
  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const node = this.#watched.nodes.lister.get(key);
    if (!node) return;
    const taints = reconciledTaints(node, timestamp(this.#context.clock.now()));
    if (!isDeepStrictEqual(taints, node.spec.taints ?? []))
      await patchTaints(this.#context.client, node, taints, signal);
  }

  async monitor(signal: AbortSignal): Promise<void> {
    try {
      await Promise.all(Object.values(this.#watched).map((informer: SharedInformer<Node>) => informer.synced(signal)));
    } catch (err) {
      if (signal.aborted) return;
      throw err;
    }
    while (!signal.aborted) {
      await this.#pass(signal);
      await this.#context.clock.sleep(this.#config.monitorPeriodMs, signal);
    }
  }

  /** What cannot be written for one node is not to hold up the others; the next pass sees what is left to do. */
  async #leniently(node: Node, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      if (is('Conflict', err)) return;
      const error = err instanceof Error ? err.message : String(err);
      this.#context.log.v(2).info('Could not look after a node', { node: node.metadata.name, error });
    }
  }

  async #pass(signal: AbortSignal): Promise<void> {
    const all = this.#watched.nodes.lister.list();
    this.#forgetGone(all);
    for (const node of all) await this.#leniently(node, () => this.#examine(node, signal));
    const zones = zonesOf(this.#watched.nodes.lister.list(), this.#config.rates);
    this.#metrics.observe(zones);
    const isCutOff = isMasterDisruption(zones);
    if (this.#wasCutOff && !isCutOff) this.#startAfresh();
    this.#wasCutOff = isCutOff;
    for (const zone of zones) {
      if (isCutOff) await this.#spare(zone, signal);
      else await this.#evict(zone, signal);
    }
  }

  async #examine(node: Node, signal: AbortSignal): Promise<void> {
    const { clock, client, recorder } = this.#context;
    const { uid, name, namespace } = { namespace: 'kube-node-lease', ...node.metadata };
    const before = this.#heard.get(uid);
    if (!before)
      recorder.event(
        aboutNode(node),
        'Normal',
        'RegisteredNode',
        `Node ${name} event: Registered Node ${name} in Controller`,
      );
    const lease = this.#watched.leases.lister.get({ namespace, name });
    const heard = listen(before, node, lease, clock.now());
    this.#heard.set(uid, heard);
    const { gracePeriodMs, startupGracePeriodMs } = this.#config;
    const isSilent = clock.now() - heard.atMs > (readyOf(node) ? gracePeriodMs : startupGracePeriodMs);
    const conditions = isSilent ? unknownConditions(node, timestamp(clock.now())) : [];
    if (conditions.length > 0) {
      await patchNodeConditions(client, node, conditions, signal);
      recorder.event(aboutNode(node), 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    }
    // Only where no kubelet reports: it would contradict us.
    if (isSilent) await this.#markPodsNotReady(node, signal);
  }

  async #markPodsNotReady(node: Node, signal: AbortSignal): Promise<void> {
    const { clock, client, recorder } = this.#context;
    for (const pod of this.#watched.pods.lister.byIndex(podsByNode, node.metadata.name)) {
      if (!isReady(pod)) continue;
      recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      await patchPodCondition(client, pod, { type: 'Ready', status: 'False', atMs: clock.now() }, signal);
    }
  }

  /** Gives up one unhealthy node after the other, as fast as the zone's state allows. */
  async #evict(zone: Zone, signal: AbortSignal): Promise<void> {
    const { clock, client } = this.#context;
    const rate = evictionRate(zone, this.#config.rates);
    for (const node of zone.nodes) {
      const key = evictionKey(node);
      const dueMs = this.#nextEvictionMs.get(zone.name) ?? 0;
      if (rate === 0 || clock.now() < dueMs) return;
      if (key === undefined || evictionTaintOf(node)) continue;
      await this.#leniently(node, async () => {
        await patchTaints(client, node, withEviction(node.spec.taints ?? [], key, timestamp(clock.now())), signal);
        this.#nextEvictionMs.set(zone.name, clock.now() + 1000 / rate);
        this.#metrics.evicted(zone.name);
      });
    }
  }

  /** While every node seems lost, none is given up. */
  async #spare(zone: Zone, signal: AbortSignal): Promise<void> {
    for (const node of zone.nodes) {
      if (!evictionTaintOf(node)) continue;
      const taints = withoutEviction(node.spec.taints ?? []);
      await this.#leniently(node, () => patchTaints(this.#context.client, node, taints, signal));
    }
  }

  /** We were cut off, so silence until now proves nothing. */
  #startAfresh(): void {
    const nowMs = this.#context.clock.now();
    for (const [uid, heard] of this.#heard) this.#heard.set(uid, { ...heard, atMs: nowMs });
  }

  #forgetGone(all: readonly Node[]): void {
    const uids = new Set(all.map(({ metadata }) => metadata.uid));
    for (const uid of this.#heard.keys()) if (!uids.has(uid)) this.#heard.delete(uid);
  }
}

/** Events about nodes name the node as their uid, as upstream's do: that is how `kubectl describe node` finds them. */
function aboutNode({ metadata: { name } }: Node): { kind: string; name: string; uid: string; apiVersion: string } {
  return { kind: 'Node', name, uid: name, apiVersion: 'v1' };
}
