import { is, keyOf, type ObjectKey } from '@kubephant/api';
import { discover, namespaces, type Client, type DiscoveredResource, type ResourceClient } from '@kubephant/client';
import { changes, runController, type Result } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Namespace } from '@kubephant/schema';
import type { ControllerContext } from '../common/context';
import { updateStatus } from '../common/update-status';
import { conditionsOf, type Obstacles } from './conditions';
import { empty, type Remains } from './content';

const finalizer = 'kubernetes';
/** How soon to look again at what should be gone any moment. */
const soonMs = 1000;

/** Empties namespaces that are being deleted, then lets them go. */
export async function runNamespaceController(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const informer = context.informers.of(namespaces);
  await runController(
    {
      name: 'namespace',
      sources: [changes(informer, (obj) => (obj.metadata.deletionTimestamp ? [keyOf(obj)] : []))],
      reconciler: new NamespaceController(informer, context),
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

class NamespaceController {
  readonly #informer: SharedInformer<Namespace>;
  readonly #context: ControllerContext;
  readonly #client: Client;
  readonly #resource: ResourceClient<Namespace>;

  constructor(informer: SharedInformer<Namespace>, context: ControllerContext) {
    this.#informer = informer;
    this.#context = context;
    this.#client = context.client;
    this.#resource = context.client.resource(namespaces);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const known = this.#informer.lister.get(key);
    if (!known?.metadata.deletionTimestamp) return undefined;
    if (!known.spec.finalizers?.includes(finalizer)) return undefined;
    try {
      return await this.#finalize(await this.#resource.get(key, signal), signal);
    } catch (err) {
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  }

  async #finalize(namespace: Namespace, signal: AbortSignal): Promise<Result> {
    const { obstacles, estimateMs } = await this.#emptyAll(namespace.metadata.name, signal);
    const nowMs = this.#context.clock.now();
    const reported = await updateStatus(
      this.#resource,
      namespace,
      ({ status }) => ({
        ...status,
        phase: 'Terminating',
        conditions: conditionsOf(status?.conditions ?? [], obstacles, nowMs),
      }),
      signal,
    );
    if (obstacles.discovery.length + obstacles.content.length > 0) {
      throw new Error([...obstacles.discovery, ...obstacles.content].join(', '));
    }
    if (obstacles.remaining.size > 0) return { requeueAfterMs: Math.max(soonMs, estimateMs / 2) };
    const finalizers = (reported.spec.finalizers ?? []).filter((name) => name !== finalizer);
    await this.#resource.update({ ...reported, spec: { ...reported.spec, finalizers } }, signal, {
      subresource: 'finalize',
    });
    return undefined;
  }

  /** Pods go first, and everything else only once they are gone: what pods rely on (policies, secrets) outlives them (KEP-5080). */
  async #emptyAll(
    namespace: string,
    signal: AbortSignal,
  ): Promise<{ readonly obstacles: Obstacles; readonly estimateMs: number }> {
    const { resources, failed } = await discover(this.#client, signal);
    const deletable = resources.filter(
      ({ namespaced, verbs, group, plural }) => namespaced && verbs.includes('delete') && !isIgnored(group, plural),
    );
    const isPods = ({ group, plural }: DiscoveredResource): boolean => group === '' && plural === 'pods';
    const first = await this.#emptyEach(deletable.filter(isPods), namespace, signal);
    const podsRemain = first.failures.length > 0 || first.remains.some(({ count }) => count > 0);
    const rest = podsRemain
      ? { remains: [], failures: [] }
      : await this.#emptyEach(
          deletable.filter((resource) => !isPods(resource)),
          namespace,
          signal,
        );
    const remains = [...first.remains, ...rest.remains].filter(({ count }) => count > 0);
    return {
      estimateMs: Math.max(0, ...remains.map((each) => each.estimateMs)),
      obstacles: {
        discovery: failed,
        content: [...first.failures, ...rest.failures],
        remaining: new Map(remains.map(({ resource, count }) => [resource, count])),
        finalizers: countOf(remains.flatMap(({ finalizers }) => finalizers)),
      },
    };
  }

  async #emptyEach(
    resources: readonly DiscoveredResource[],
    namespace: string,
    signal: AbortSignal,
  ): Promise<{ readonly remains: readonly Remains[]; readonly failures: readonly string[] }> {
    const remains: Remains[] = [];
    const failures: string[] = [];
    for (const resource of resources) {
      try {
        remains.push(await empty(this.#client, resource, namespace, signal));
      } catch (err) {
        if (signal.aborted) throw err;
        // Gone since discovery, or not to be deleted this way: nothing of it is left to delete.
        if (is('NotFound', err) || is('MethodNotAllowed', err)) continue;
        failures.push(err instanceof Error ? err.message : String(err));
      }
    }
    return { remains, failures };
  }
}

/** Not stored, only posted. */
const isIgnored = (group: string, plural: string): boolean => group === '' && plural === 'bindings';

function countOf(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
