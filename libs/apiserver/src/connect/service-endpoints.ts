import { fromSet, is, StatusError } from '@kubephant/api';
import type { ConnectLocation } from '@kubephant/resources';
import type { Endpoint, EndpointSlice, Pod, Service } from '@kubephant/schema';
import type { Backend } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';

type Named = NonNullable<ConnectLocation['service']>;
/** Where to go, but for how. */
export type Address = Omit<Backend, 'tls'>;

interface Candidate extends Address {
  readonly endpoint: Endpoint;
}

/** A ready endpoint of a service's port, whatever it is: for what the cluster's owners configure. */
export async function endpointOfService(location: ConnectLocation, service: Named, store: Store): Promise<Address> {
  const { object } = await store.get<Service>({ resource: 'services', ...service });
  const { type, externalName = '' } = object.spec;
  if (type === 'ExternalName') return { host: externalName, port: Number(location.port) };
  const found = await readyEndpoints(service, servicePortName(object, location.port), store);
  const { host, port } = anyOf(found) ?? unavailable(`no endpoints available for service ${quoted(service.name)}`);
  return { host, port };
}

/**
 * A pod behind a service's port, named as in the path of a proxy: `SERVICE`, `SERVICE:PORT` or `SCHEME:SERVICE:PORT`.
 * Endpoints are written by users, who must not reach what is no pod of theirs through us.
 */
export async function podOfService(location: ConnectLocation, service: Named, store: Store): Promise<Address> {
  const { object } = await store.get<Service>({ resource: 'services', ...service });
  const portName = namedPort(object, location.port ?? '');
  const left = [...(await readyEndpoints(service, portName, store))];
  while (left.length > 0) {
    const [candidate] = left.splice(Math.floor(Math.random() * left.length), 1);
    if (candidate && (await isPod(candidate, service, store))) return { host: candidate.host, port: candidate.port };
  }
  return unavailable(`no endpoints available for service ${quoted(idOf(location, service))}`);
}

const quoted = (text: string): string => JSON.stringify(text);

const unavailable = (message: string): never => {
  throw new StatusError('ServiceUnavailable', message);
};

function idOf({ scheme, port }: ConnectLocation, { name }: Named): string {
  if (scheme !== undefined) return `${scheme}:${name}:${port ?? ''}`;
  return port ? `${name}:${port}` : name;
}

/** The name of the port, which a number stands for, too. */
function namedPort({ spec, metadata }: Service, port: string): string {
  if (!/^[+-]?\d+$/.test(port)) return port;
  const found = (spec.ports ?? []).find((one) => one.port === Number(port));
  if (!found) return unavailable(`no service port ${Number(port)} found for service ${quoted(metadata.name)}`);
  return found.name ?? '';
}

/** A service port is named by its name or its number; without either a service with one port means that one. */
function servicePortName({ spec, metadata }: Service, port: string | undefined): string {
  const ports = spec.ports ?? [];
  const found = port ? ports.find((one) => one.name === port || String(one.port) === port) : ports[0];
  if (found && (port || ports.length === 1)) return found.name ?? '';
  return unavailable(`no service port ${quoted(port ?? '')} found for service ${quoted(metadata.name)}`);
}

async function readyEndpoints(
  { namespace, name }: Named,
  portName: string,
  store: Store,
): Promise<readonly Candidate[]> {
  const labels = fromSet({ 'kubernetes.io/service-name': name });
  const slices = await store.list<EndpointSlice>({
    resource: 'endpointslices.discovery.k8s.io',
    namespace,
    selection: { labels },
  });
  return slices.items.flatMap(({ object }) => candidatesOf(object, portName));
}

function candidatesOf({ endpoints, ports }: EndpointSlice, portName: string): readonly Candidate[] {
  const port = (ports ?? []).find(({ name = '' }) => name === portName)?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap((endpoint) => endpoint.addresses.slice(0, 1).map((host) => ({ host, port, endpoint })));
}

const anyOf = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)];

/** Whether the address is that of the pod which the endpoint says it is of, in the service's own namespace. */
async function isPod({ host, endpoint: { targetRef } }: Candidate, service: Named, store: Store): Promise<boolean> {
  const { namespace, name } = targetRef ?? {};
  if (namespace !== service.namespace || name === undefined) return false;
  try {
    const { object } = await store.get<Pod>({ resource: 'pods', namespace, name });
    return (object.status?.podIPs ?? []).some(({ ip }) => ip === host);
  } catch (err) {
    if (is('NotFound', err)) return false;
    throw err;
  }
}
