import { groupResourceString, type KubeObject, type ObjectKey } from '@kubephant/api';
import { abortable, newGroup, type Group } from '@kubephant/base';
import { discover, type Client, type DiscoveredResource } from '@kubephant/client';
import { runController, type Source } from '@kubephant/controller';
import { listerWatcher, newSharedInformer, type SharedInformer } from '@kubephant/informer';
import type { ObjectReference } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { Collector } from './collector';
import { OwnerGraph, type Effect, type Item } from './graph';
import { kindKey, kindKeyOf, OwnerVerifier } from './owners';

const resyncMs = 30_000;
/** A resource that cannot be listed must not stop the collection of all others. */
const syncTimeoutMs = 30_000;
/** Come and go by the thousand and own nothing. */
const ignored = new Set(['events', 'events.events.k8s.io']);

/** Deletes what nobody owns any more, and carries out foreground and orphaning deletions. `watcher` sees all resources. */
export async function runGarbageCollector(
  context: ControllerContext,
  watcher: Client,
  signal: AbortSignal,
): Promise<void> {
  const group = newGroup(signal);
  const graph = new OwnerGraph();
  const queues: Record<'check' | 'orphan', (uid: string) => void> = { check: () => undefined, orphan: () => undefined };
  const apply = (effects: readonly Effect[]): void => {
    for (const effect of effects) {
      if ('check' in effect) queues.check(effect.check);
      else queues.orphan(effect.orphan);
    }
  };
  const monitors = new Monitors({ graph, apply, group, watcher }, context);
  const owners = new OwnerVerifier(context.client, {
    resourceOf: (reference) => monitors.kinds.get(kindKeyOf(reference)),
    onInvalid: (item, { apiVersion, kind, name, uid }) =>
      context.recorder.event(
        referenceTo(item),
        'Warning',
        'OwnerRefInvalidNamespace',
        `ownerRef [${apiVersion}/${kind}, namespace: , name: ${name}, uid: ${uid}] does not exist in namespace ""`,
      ),
  });
  const collector = new Collector(graph, context.client, owners, apply);
  const run =
    (name: string, queue: 'check' | 'orphan') =>
    async (s: AbortSignal): Promise<void> => {
      const source: Source = {
        start: (enqueue) => void (queues[queue] = (uid) => enqueue({ name: uid })),
        synced: (waiting) => monitors.synced(waiting),
      };
      const reconciler = { reconcile: ({ name: uid }: ObjectKey, each: AbortSignal) => collector[queue](uid, each) };
      const { log, clock, queueMetrics, workers } = context;
      await runController(
        { name, sources: [source], reconciler, workers },
        { log, clock, ...(queueMetrics && { metrics: queueMetrics }) },
        s,
      );
    };
  group.go('check', run('garbage_collector_attempt_to_delete', 'check'));
  group.go('orphan', run('garbage_collector_attempt_to_orphan', 'orphan'));
  group.go('monitors', (s) => monitors.run(s));
  await group.wait();
}

interface MonitorDeps {
  readonly graph: OwnerGraph;
  readonly apply: (effects: readonly Effect[]) => void;
  readonly group: Group;
  readonly watcher: Client;
}

/** One metadata informer per resource that can be collected, following discovery. */
class Monitors {
  readonly kinds = new Map<string, DiscoveredResource>();
  readonly #deps: MonitorDeps;
  readonly #context: ControllerContext;
  readonly #running = new Map<
    string,
    { readonly informer: SharedInformer<KubeObject>; readonly stop: AbortController }
  >();
  readonly #discovered = Promise.withResolvers<undefined>();

  constructor(deps: MonitorDeps, context: ControllerContext) {
    this.#deps = deps;
    this.#context = context;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#follow(signal);
        this.#discovered.resolve(undefined);
      } catch (err) {
        const error = err instanceof Error ? err.message : String(err);
        this.#context.log.v(2).info('Discovery failed, trying again', { controller: 'garbage-collector', error });
      }
      await this.#context.clock.sleep(this.#running.size > 0 ? resyncMs : 1000, signal);
    }
  }

  /** Resolves when every resource is known, or after a while with those that are. */
  async synced(signal: AbortSignal): Promise<void> {
    await abortable(this.#discovered.promise, signal);
    const enough = new AbortController();
    const waiting = AbortSignal.any([signal, enough.signal]);
    const timeout = this.#context.clock.sleep(syncTimeoutMs, waiting).then(() => enough.abort());
    await Promise.allSettled([...this.#running.values()].map(({ informer }) => informer.synced(waiting)));
    enough.abort();
    await timeout;
    signal.throwIfAborted();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { resources, failed } = await discover(this.#deps.watcher, signal);
    const wanted = new Map(resources.filter(isCollectable).map((resource) => [nameOf(resource), resource]));
    for (const resource of resources) this.kinds.set(kindKey(resource.group, resource.kind), resource);
    for (const [name, resource] of wanted) if (!this.#running.has(name)) this.#start(name, resource);
    // What could not be asked for is not gone.
    if (failed.length > 0) return;
    for (const [name, { stop }] of this.#running) {
      if (wanted.has(name)) continue;
      stop.abort();
      this.#running.delete(name);
    }
  }

  #start(name: string, resource: DiscoveredResource): void {
    const { graph, apply, group, watcher } = this.#deps;
    const source = listerWatcher(watcher.metadata(resource));
    const informer = newSharedInformer<KubeObject>(
      { name: `metadata of ${name}`, source, transform: essence },
      this.#context,
    );
    const observe = (obj: KubeObject): void => apply(graph.observe(resource, obj));
    informer.addEventHandler({
      onAdd: observe,
      onUpdate: (_, obj) => observe(obj),
      onDelete: ({ metadata }) => apply(graph.forget(metadata.uid)),
    });
    const stop = new AbortController();
    this.#running.set(name, { informer, stop });
    group.go(`metadata of ${name}`, (signal) => informer.run(AbortSignal.any([signal, stop.signal])));
  }
}

const nameOf = ({ group, version, plural }: DiscoveredResource): string =>
  `${groupResourceString({ group, resource: plural })}/${version}`;

function isCollectable({ group, plural, verbs }: DiscoveredResource): boolean {
  const isAble = ['delete', 'list', 'watch'].every((verb) => verbs.includes(verb));
  return isAble && !ignored.has(groupResourceString({ group, resource: plural }));
}

/** Only what the graph is made of is kept. */
function essence({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  const { name, namespace, uid, resourceVersion, deletionTimestamp, ownerReferences, finalizers } = metadata;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      uid,
      resourceVersion,
      ...(namespace && { namespace }),
      ...(deletionTimestamp && { deletionTimestamp }),
      ...(ownerReferences && { ownerReferences }),
      ...(finalizers && { finalizers }),
    },
  };
}

function referenceTo({ ref, namespace, name, uid }: Item): ObjectReference {
  return { kind: ref.kind, name, uid, ...(namespace && { namespace }) };
}
