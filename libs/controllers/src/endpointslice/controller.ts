import { is, keyOf, keyString, type Draft, type ObjectKey } from '@kubephant/api';
import { endpointSlices, nodes, pods as podRef, services as serviceRef, type ResourceClient } from '@kubephant/client';
import { changes, runController, type Source } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { EndpointSlice, Node, Pod, Service } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import { controllerRef } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';
import { podsOf, selectsPods, servicesOfPods } from '../common/service-pods';
import { desiredGroups } from './desired';
import { labelsOf, serviceOf } from './labels';
import { planSlices, type Content } from './plan';
import { newTracker, type Tracker } from './tracker';

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
  readonly #max: number;
  readonly #resource: ResourceClient<EndpointSlice>;
  readonly #tracker: Tracker<EndpointSlice>;

  constructor(watched: Watched, context: ControllerContext, max: number) {
    this.#watched = watched;
    this.#context = context;
    this.#max = max;
    this.#resource = context.client.resource(endpointSlices);
    this.#tracker = newTracker(watched.slices, context.clock);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { services, slices } = this.#watched;
    const service = services.lister.get(key);
    // The slices of a service that is gone follow it: it owns them.
    if (!service) {
      this.#tracker.forget(keyString(key));
      return;
    }
    if (!selectsPods(service) || service.metadata.deletionTimestamp) return;
    const existing = slices.lister.byIndex(bySlicesOf, keyString(key));
    if (this.#tracker.isStale(keyString(key), existing)) throw new Error('the view of the slices is out of date');
    try {
      await this.#write(
        service,
        existing.filter(({ metadata }) => !metadata.deletionTimestamp),
        signal,
      );
    } catch (err) {
      if (isNamespaceTerminating(err)) return;
      const message = `Error updating Endpoint Slices for Service ${keyString(key)}: ${err instanceof Error ? err.message : String(err)}`;
      if (!signal.aborted && !is('Conflict', err)) {
        this.#context.recorder.event(service, 'Warning', 'FailedToUpdateEndpointSlices', message);
      }
      throw err;
    }
  }

  async #write(service: Service, existing: readonly EndpointSlice[], signal: AbortSignal): Promise<void> {
    const { pods, nodes: nodeInformer } = this.#watched;
    const groups = desiredGroups(service, podsOf(service, pods), (name) => nodeInformer.lister.get({ name }));
    const plan = planSlices(existing, groups, this.#max);
    for (const content of plan.create) {
      this.#note(service, await this.#resource.create(draftOf(service, content), signal));
    }
    const planned = new Map(plan.update.map(({ slice, content }) => [slice, content]));
    for (const slice of existing) {
      if (plan.remove.includes(slice)) continue;
      const next = sliceWith(service, slice, planned.get(slice));
      if (!isDeepStrictEqual(next, slice)) this.#note(service, await this.#resource.update(next, signal));
    }
    for (const slice of plan.remove) await this.#remove(slice, signal);
  }

  async #remove(slice: EndpointSlice, signal: AbortSignal): Promise<void> {
    try {
      await this.#resource.delete(keyOf(slice), signal, { preconditions: { uid: slice.metadata.uid } });
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }

  #note(service: Service, slice: EndpointSlice): void {
    this.#tracker.wrote(keyString(keyOf(service)), slice);
  }
}

function draftOf(service: Service, { addressType, ports, endpoints }: Content): Draft<EndpointSlice> {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      ...(namespace && { namespace }),
      labels: labelsOf(service),
      ownerReferences: [controllerRef(service)],
    },
    addressType,
    endpoints: [...endpoints],
    ports: [...ports],
  };
}

/** The slice with its new content, if any, and the labels it should have. */
function sliceWith(service: Service, slice: EndpointSlice, content: Content | undefined): EndpointSlice {
  const labels = labelsOf(service);
  const metadata = isDeepStrictEqual(labels, slice.metadata.labels) ? slice.metadata : { ...slice.metadata, labels };
  const next = metadata === slice.metadata ? slice : { ...slice, metadata };
  return content ? { ...next, endpoints: [...content.endpoints], ports: [...content.ports] } : next;
}
