import { is, keyOf, keyString, type ObjectKey } from '@kubephant/api';
import { endpointSlices, nodes, pods as podRef, services as serviceRef } from '@kubephant/client';
import { changes, runController, type Source } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { EndpointSlice, Node, Pod, Service } from '@kubephant/schema';
import { controllerRef } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';
import { podsOf, selectsPods, servicesOfPods } from '../common/service-pods';
import { newTriggerTimes, type TriggerTimes } from '../common/trigger-time';
import { desiredGroups } from './desired';
import { labelsOf, serviceOf } from './labels';
import { newSliceMetrics, newSyncMetrics, type SliceMetrics, type SyncMetrics } from './metrics';
import { newSliceWriter, type SliceWriter } from './slice-writer';
import { newTracker, type Tracker } from './tracker';

const subsystem = 'endpoint_slice_controller';
const bySlicesOf = 'slicesOfService';
const zoneLabel = 'topology.kubernetes.io/zone';

/** Says in EndpointSlices which pods are behind each service. */
export async function runEndpointSliceController(
  context: ControllerContext,
  maxEndpointsPerSlice: number,
  signal: AbortSignal,
): Promise<void> {
  const watched: Watched = {
    services: context.informers.of(serviceRef),
    pods: context.informers.of(podRef),
    nodes: context.informers.of(nodes),
    slices: context.informers.of(endpointSlices),
  };
  watched.slices.addIndexers({
    [bySlicesOf](slice) {
      const service = serviceOf(slice);
      return service ? [keyString(service)] : [];
    },
  });
  const serviceKey = (slice: EndpointSlice): readonly ObjectKey[] =>
    [serviceOf(slice)].filter((key) => key !== undefined);
  await runController(
    {
      name: 'endpoint_slice',
      sources: [
        changes(watched.services, (service) => [keyOf(service)]),
        servicesOfPods(watched.services, watched.pods),
        changes(watched.slices, serviceKey),
        movedNodes(watched),
      ],
      reconciler: new EndpointSliceController(watched, context, maxEndpointsPerSlice),
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

interface Watched {
  readonly services: SharedInformer<Service>;
  readonly pods: SharedInformer<Pod>;
  readonly nodes: SharedInformer<Node>;
  readonly slices: SharedInformer<EndpointSlice>;
}

/** A node that comes, goes or changes its zone changes what endpoints on it say. */
function movedNodes({ nodes: informer, services, pods }: Watched): Source {
  return {
    start(enqueue) {
      const zoneOf = ({ metadata }: Node): string | undefined => metadata.labels?.[zoneLabel];
      const enqueueAll = (node: Node): void => {
        if (zoneOf(node) !== undefined) services.lister.list().filter(selectsPods).map(keyOf).forEach(enqueue);
      };
      informer.addEventHandler({
        onAdd: enqueueAll,
        onUpdate: (old, node) => {
          if (zoneOf(old) !== zoneOf(node)) [old, node].forEach(enqueueAll);
        },
      });
    },
    synced: async (signal) => {
      await Promise.all([informer.synced(signal), services.synced(signal), pods.synced(signal)]);
    },
  };
}

class EndpointSliceController {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #writer: SliceWriter;
  readonly #tracker: Tracker<EndpointSlice>;
  readonly #triggerTimes: TriggerTimes = newTriggerTimes();
  readonly #metrics: SliceMetrics;
  readonly #syncs: SyncMetrics;

  constructor(watched: Watched, context: ControllerContext, max: number) {
    this.#watched = watched;
    this.#context = context;
    this.#tracker = newTracker(watched.slices, context.clock);
    this.#metrics = newSliceMetrics(context.metrics, subsystem, max);
    this.#syncs = newSyncMetrics(context.metrics, subsystem);
    const resource = context.client.resource(endpointSlices);
    this.#writer = newSliceWriter(resource, max, (key, slice) => this.#tracker.wrote(keyString(key), slice));
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#watched.services.lister.get(key);
    // The slices of a service that is gone follow it: it owns them.
    if (!service) {
      this.#forget(keyString(key));
      return;
    }
    if (!selectsPods(service) || service.metadata.deletionTimestamp) return;
    await this.#sync(service, keyString(key), signal);
  }

  #forget(key: string): void {
    this.#tracker.forget(key);
    this.#triggerTimes.forget(key);
    this.#metrics.forget(key);
    this.#syncs.forget(key);
  }

  async #sync(service: Service, key: string, signal: AbortSignal): Promise<void> {
    const existing = this.#watched.slices.lister.byIndex(bySlicesOf, key);
    if (this.#tracker.isStale(key, existing)) {
      this.#syncs.ended('stale');
      throw new Error('the view of the slices is out of date');
    }
    try {
      await this.#write(
        service,
        existing.filter(({ metadata }) => !metadata.deletionTimestamp),
        signal,
      );
    } catch (err) {
      if (isNamespaceTerminating(err)) return;
      if (!signal.aborted) this.#complain(service, err);
      throw err;
    }
  }

  async #write(service: Service, existing: readonly EndpointSlice[], signal: AbortSignal): Promise<void> {
    const { pods: podInformer, nodes: nodeInformer } = this.#watched;
    const key = keyOf(service);
    const pods = podsOf(service, podInformer);
    const groups = desiredGroups(service, pods, (name) => nodeInformer.lister.get({ name }));
    const facts = {
      key,
      owner: controllerRef(service),
      labels: labelsOf(service),
      triggerTime: this.#triggerTimes.next(keyString(key), service, pods),
    };
    const changes = await this.#writer.write(facts, existing, groups, signal);
    this.#metrics.synced({ key: keyString(key), existing, groups, changes });
    this.#syncs.ended('success');
    this.#syncs.changed(keyString(key), service.spec.trafficDistribution, changes);
  }

  #complain(service: Service, err: unknown): void {
    this.#syncs.ended('error');
    if (is('Conflict', err)) return;
    const why = err instanceof Error ? err.message : String(err);
    const message = `Error updating Endpoint Slices for Service ${keyString(keyOf(service))}: ${why}`;
    this.#context.recorder.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
  }
}
