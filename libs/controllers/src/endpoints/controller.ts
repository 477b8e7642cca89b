import { is, keyOf, keyString, type Draft, type ObjectKey } from '@kubephant/api';
import {
  endpoints as endpointsRef,
  pods as podRef,
  services as serviceRef,
  type ResourceClient,
} from '@kubephant/client';
import { changes, runController } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import type { Endpoints, Pod, Service } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { ControllerContext } from '../common/context';
import { isNamespaceTerminating } from '../common/namespace-terminating';
import { isHeadless, podsOf, selectsPods, servicesOfPods } from '../common/service-pods';
import { newTriggerTimes, withTriggerTime, type TriggerTimes } from '../common/trigger-time';
import { subsetsOf } from './subsets';

const overCapacity = 'endpoints.kubernetes.io/over-capacity';
const managedByLabel = 'endpoints.kubernetes.io/managed-by';
const headlessLabel = 'service.kubernetes.io/headless';

/** Keeps the legacy Endpoints object of each service, for clients that do not know EndpointSlices. */
export async function runEndpointsController(context: ControllerContext, signal: AbortSignal): Promise<void> {
  const services = context.informers.of(serviceRef);
  const pods = context.informers.of(podRef);
  const endpoints = context.informers.of(endpointsRef);
  await runController(
    {
      name: 'endpoint',
      sources: [
        changes(services, (service) => [keyOf(service)]),
        servicesOfPods(services, pods),
        // An object that someone else changed is put right again.
        changes(endpoints, (obj) => [keyOf(obj)]),
      ],
      reconciler: new EndpointsController({ services, pods, endpoints }, context),
      workers: context.workers,
    },
    { log: context.log, clock: context.clock, ...(context.queueMetrics && { metrics: context.queueMetrics }) },
    signal,
  );
}

interface Watched {
  readonly services: SharedInformer<Service>;
  readonly pods: SharedInformer<Pod>;
  readonly endpoints: SharedInformer<Endpoints>;
}

class EndpointsController {
  readonly #watched: Watched;
  readonly #context: ControllerContext;
  readonly #resource: ResourceClient<Endpoints>;
  /** Services seen by this process. */
  readonly #served = new Set<string>();
  readonly #triggerTimes: TriggerTimes = newTriggerTimes();

  constructor(watched: Watched, context: ControllerContext) {
    this.#watched = watched;
    this.#context = context;
    this.#resource = context.client.resource(endpointsRef);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const service = this.#watched.services.lister.get(key);
    const current = this.#watched.endpoints.lister.get(key);
    if (!service) {
      await this.#removeLeftovers(key, current, signal);
      return;
    }
    this.#served.add(keyString(key));
    if (!selectsPods(service)) return;
    await this.#write(service, current, signal);
  }

  async #write(service: Service, current: Endpoints | undefined, signal: AbortSignal): Promise<void> {
    const pods = podsOf(service, this.#watched.pods);
    const same = endpointsFor(service, current, pods);
    const triggerTime = this.#triggerTimes.next(keyString(keyOf(service)), service, pods);
    if (current && isDeepStrictEqual(same, current)) return;
    const next = withTime(same, triggerTime);
    try {
      if (current) await this.#resource.update(next as Endpoints, signal);
      else await this.#resource.create(next, signal);
    } catch (err) {
      if (isNamespaceTerminating(err)) return;
      if (!signal.aborted && !is('Conflict', err)) this.#complain(service, current ? 'update' : 'create', err);
      throw err;
    }
  }

  #complain(service: Service, verb: 'create' | 'update', err: unknown): void {
    const reason = verb === 'create' ? 'FailedToCreateEndpoint' : 'FailedToUpdateEndpoint';
    const why = err instanceof Error ? err.message : String(err);
    const message = `Failed to ${verb} endpoint ${keyString(keyOf(service))}: ${why}`;
    this.#context.recorder.event(service, 'Warning', reason, message);
  }

  /** Endpoints go with their service, whoever made them; those that never had one are left alone unless we made them. */
  async #removeLeftovers(key: ObjectKey, current: Endpoints | undefined, signal: AbortSignal): Promise<void> {
    this.#triggerTimes.forget(keyString(key));
    const isOurs = current?.metadata.labels?.[managedByLabel] !== undefined;
    const hadService = this.#served.delete(keyString(key));
    if (!current || !(isOurs || hadService)) return;
    try {
      await this.#resource.delete(keyOf(current), signal, { preconditions: { uid: current.metadata.uid } });
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }
}

function endpointsFor(service: Service, current: Endpoints | undefined, pods: readonly Pod[]): Draft<Endpoints> {
  const { subsets, truncated } = subsetsOf(service, pods);
  const { name, namespace } = service.metadata;
  const { annotations: before, ...identity }: Draft['metadata'] = current?.metadata ?? {
    name,
    ...(namespace && { namespace }),
  };
  const { [overCapacity]: _, ...kept } = before ?? {};
  const annotations = truncated ? { ...kept, [overCapacity]: 'truncated' } : kept;
  const hasSubsets = subsets.length > 0 || current?.subsets !== undefined;
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...identity,
      labels: labelsOf(service),
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    ...(hasSubsets && { subsets: [...subsets] }),
  };
}

function withTime({ metadata, ...rest }: Draft<Endpoints>, triggerTime: string | undefined): Draft<Endpoints> {
  const { annotations: before, ...identity } = metadata;
  const annotations = withTriggerTime(before, triggerTime);
  return { ...rest, metadata: { ...identity, ...(annotations && { annotations }) } };
}

function labelsOf(service: Service): Record<string, string> {
  const { [headlessLabel]: _, ...own } = service.metadata.labels ?? {};
  return { ...own, [managedByLabel]: 'endpoint-controller', ...(isHeadless(service) && { [headlessLabel]: '' }) };
}
