import { fromSet, is } from '@kubephant/api';
import type { EndpointSlice, Service, ServicePort } from '@kubephant/schema';
import type { Store } from '@kubephant/storage';
import type { ServicePlace } from './remote-service';

/** A service and what is behind it, as far as this server has seen. */
export interface ServiceState {
  readonly service: Service | undefined;
  readonly slices: readonly EndpointSlice[];
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export async function readService(
  store: Pick<Store, 'get' | 'list'>,
  { namespace, name }: ServicePlace,
): Promise<ServiceState> {
  const labels = fromSet({ 'kubernetes.io/service-name': name });
  const resource = 'endpointslices.discovery.k8s.io';
  const [service, slices] = await Promise.all([
    find(store, namespace, name),
    store.list<EndpointSlice>({ resource, namespace, selection: { labels }, revision: 0 }),
  ]);
  return { service, slices: slices.items.map(({ object }) => object) };
}

async function find(store: Pick<Store, 'get'>, namespace: string, name: string): Promise<Service | undefined> {
  try {
    return (await store.get<Service>({ resource: 'services', namespace, name }, 0)).object;
  } catch (err) {
    if (is('NotFound', err)) return undefined;
    throw err;
  }
}

/** The service's port of that number; its name is what slices know it by. */
export const servicePort = ({ spec }: Service, port: number): ServicePort | undefined =>
  (spec.ports ?? []).find((one) => one.port === port);

/**
 * Addresses behind a port of a service that are ready to serve. Requests go there, and not to the service's own address
 * (upstream: --enable-aggregator-routing), which means nothing on a machine without kube-proxy.
 */
export function endpointsOf({ service, slices }: ServiceState, port: number): readonly Endpoint[] {
  if (!service) return [];
  const { externalName } = service.spec;
  if (service.spec.type === 'ExternalName') return externalName ? [{ host: externalName, port }] : [];
  const name = servicePort(service, port)?.name ?? '';
  return slices.flatMap((slice) => {
    const number = (slice.ports ?? []).find((one) => (one.name ?? '') === name)?.port;
    const ready = (slice.endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false);
    return number === undefined
      ? []
      : ready.flatMap(({ addresses }) => addresses.slice(0, 1).map((host) => ({ host, port: number })));
  });
}

/** One of them, so that all get their share. */
export const anyOf = (endpoints: readonly Endpoint[]): Endpoint | undefined =>
  endpoints[Math.floor(Math.random() * endpoints.length)];
