import { is, keyOf, keyString, type ObjectKey } from '@kubephant/api';
import {
  endpoints as endpointsRef,
  endpointSlices,
  services as serviceRef,
  type ResourceClient,
} from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Endpoints, EndpointSlice, Service } from '@kubephant/schema';
import { controllerRef } from '../common/claim';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';
import { triggerTimeAnnotation } from '../common/trigger-time';
import { managedByLabel, serviceNameLabel, serviceOf } from '../endpointslice/labels';
import { newSliceMetrics, type SliceMetrics } from '../endpointslice/metrics';
import { newSliceWriter, removeSlice, type SliceFacts, type SliceWriter } from '../endpointslice/slice-writer';
import { newTracker, type Tracker } from '../endpointslice/tracker';
import { mirroredGroups, type Mirrored } from './desired';
import { newMirrorMetrics, type MirrorMetrics } from './metrics';

const subsystem = 'endpoint_slice_mirroring_controller';
const manager = 'endpointslicemirroring-controller.k8s.io';
const skipLabel = 'endpointslice.kubernetes.io/skip-mirror';
const leaderAnnotation = 'control-plane.alpha.kubernetes.io/leader';
const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
const byMirrorsOf = 'mirrorsOfService';

/**
 * Says in EndpointSlices what people say in Endpoints of services that select no pods: consumers look at slices only. A
 * subset is mirrored up to `maxPerSubset` addresses.
 */
export async function runEndpointSliceMirroringController(
  context: ControllerContext,
  maxPerSubset: number,
  signal: AbortSignal,
): Promise<void> {
  const watched: Watched = {
    services: context.informers.of(serviceRef),
    endpoints: context.informers.of(endpointsRef),
    slices: context.informers.of(endpointSlices),
  };
  const serviceKeys = (slice: EndpointSlice): readonly ObjectKey[] =>
    [serviceOf(slice, manager)].filter((key) => key !== undefined);
  watched.slices.addIndexers({ [byMirrorsOf]: (slice) => serviceKeys(slice).map(keyString) });
  await runController(
    {
      name: 'endpoint_slice_mirroring',
      sources: [
        changes(watched.endpoints, (obj) => [keyOf(obj)]),
        changes(watched.services, (service) => [keyOf(service)]),
        changes(watched.slices, serviceKeys),
      ],
      reconciler: new EndpointSliceMirroringController(watched, context, maxPerSubset),
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

interface Watched {
  readonly services: SharedInformer<Service>;
  readonly endpoints: SharedInformer<Endpoints>;
  readonly slices: SharedInformer<EndpointSlice>;
}

class EndpointSliceMirroringController {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #max: number;
  readonly #resource: ResourceClient<EndpointSlice>;
  readonly #writer: SliceWriter;
  readonly #tracker: Tracker<EndpointSlice>;
  readonly #sliceMetrics: SliceMetrics;
  readonly #mirrorMetrics: MirrorMetrics;

  constructor(watched: Watched, context: ControllerContext, max: number) {
    this.#watched = watched;
    this.#context = context;
    this.#max = max;
    this.#tracker = newTracker(watched.slices, context.clock);
    this.#sliceMetrics = newSliceMetrics(context.metrics, subsystem, max);
    this.#mirrorMetrics = newMirrorMetrics(context.metrics, subsystem);
    this.#resource = context.client.resource(endpointSlices);
    this.#writer = newSliceWriter(this.#resource, max, (key, slice) => this.#tracker.wrote(keyString(key), slice));
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const since = this.#context.clock.now();
    try {
      const source = this.#sourceOf(key);
      const existing = this.#watched.slices.lister.byIndex(byMirrorsOf, keyString(key));
      const present = existing.filter(({ metadata }) => !metadata.deletionTimestamp);
      if (!source) {
        await this.#clear(key, present, signal);
        return;
      }
      if (this.#tracker.isStale(keyString(key), existing)) throw new Error('the view of the slices is out of date');
      await this.#mirror(source, present, signal);
    } finally {
      this.#mirrorMetrics.took((this.#context.clock.now() - since) / 1000);
    }
  }

  /** The Endpoints to mirror: they and their service are there, and nobody else says where it leads. */
  #sourceOf(key: ObjectKey): Endpoints | undefined {
    const endpoints = this.#watched.endpoints.lister.get(key);
    const service = this.#watched.services.lister.get(key);
    return endpoints && service && isMirrored(endpoints) && !service.spec.selector ? endpoints : undefined;
  }

  async #clear(key: ObjectKey, slices: readonly EndpointSlice[], signal: AbortSignal): Promise<void> {
    for (const slice of slices) await removeSlice(this.#resource, slice, signal);
    this.#tracker.forget(keyString(key));
    this.#sliceMetrics.forget(keyString(key));
  }

  async #mirror(endpoints: Endpoints, existing: readonly EndpointSlice[], signal: AbortSignal): Promise<void> {
    const mirrored = mirroredGroups(endpoints, this.#max);
    this.#sayWhatIsSkipped(endpoints, mirrored);
    // Slices of an object of this name that was before are the garbage collector's.
    const isOwn = ({ metadata }: EndpointSlice): boolean =>
      metadata.ownerReferences?.some(({ uid }) => uid === endpoints.metadata.uid) ?? false;
    const own = existing.filter(isOwn);
    const facts = factsOf(endpoints);
    try {
      for (const slice of existing) if (!isOwn(slice)) await removeSlice(this.#resource, slice, signal);
      const { groups } = mirrored;
      const done = await this.#writer.write(facts, own, groups, signal);
      this.#sliceMetrics.synced({ key: keyString(facts.key), existing: own, groups, changes: done });
      this.#mirrorMetrics.updated(own, groups);
    } catch (err) {
      if (isNamespaceTerminating(err)) return;
      if (!signal.aborted && !is('Conflict', err)) this.#complain(endpoints, err);
      throw err;
    }
  }

  #sayWhatIsSkipped(endpoints: Endpoints, { invalid, tooMany }: Mirrored): void {
    const { recorder } = this.#context;
    this.#mirrorMetrics.skipped(invalid + tooMany);
    if (invalid > 0) {
      const message = `Skipped ${invalid} invalid IP addresses when mirroring to EndpointSlices`;
      recorder.event(endpoints, 'Warning', 'InvalidIPAddress', message);
    }
    if (tooMany > 0) {
      const message = `A max of ${this.#max} addresses can be mirrored to EndpointSlices per Endpoints subset. ${tooMany} addresses were skipped`;
      recorder.event(endpoints, 'Warning', 'TooManyAddressesToMirror', message);
    }
  }

  #complain(endpoints: Endpoints, err: unknown): void {
    const why = err instanceof Error ? err.message : String(err);
    const message = `Error updating Endpoint Slices for Endpoints ${keyString(keyOf(endpoints))}: ${why}`;
    this.#context.recorder.event(endpoints, 'Warning', 'FailedToUpdateEndpointSlices', message);
  }
}

/** Not those whose makers say no, nor those that are only a lock. */
function isMirrored({ metadata: { labels, annotations } }: Endpoints): boolean {
  return labels?.[skipLabel] !== 'true' && annotations?.[leaderAnnotation] === undefined;
}

function factsOf(endpoints: Endpoints): SliceFacts {
  const { name, labels, annotations } = endpoints.metadata;
  const { [triggerTimeAnnotation]: triggerTime, [lastAppliedAnnotation]: _, ...copied } = annotations ?? {};
  return {
    key: keyOf(endpoints),
    owner: controllerRef(endpoints),
    labels: { ...labels, [serviceNameLabel]: name, [managedByLabel]: manager },
    annotations: copied,
    ...(triggerTime && { triggerTime }),
  };
}
