import { badRequest, fromSet, StatusError } from '@kubephant/api';
import type { ConnectLocation } from '@kubephant/resources';
import type { EndpointSlice, Node, Service } from '@kubephant/schema';
import type { Backend } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { leadsElsewhere } from '../special-addresses';

export interface BackendConfig {
  /** Which of a node's addresses the kubelet is reached by, best first. */
  readonly kubeletAddressTypes: readonly string[];
}

/** Finds the address behind what a connect subresource names. */
export async function backendOf(location: ConnectLocation, store: Store, config: BackendConfig): Promise<Backend> {
  if (location.node !== undefined) return nodeBackend(location, location.node, store, config);
  if (location.service) return serviceBackend(location, location.service, store);
  if (location.host === undefined) throw badRequest('does not have a host assigned');
  demandProxyable(location.host);
  return { host: location.host, port: portNumber(location), tls: schemeTls(location) };
}

const schemeTls = ({ scheme }: ConnectLocation): Backend['tls'] => (scheme === 'https' ? 'unverified' : 'none');

function portNumber({ port, scheme }: ConnectLocation): number {
  if (port === undefined || port === '') return scheme === 'https' ? 443 : 80;
  if (!/^\d{1,5}$/.test(port)) throw badRequest(`invalid port ${JSON.stringify(port)}`);
  return Number(port);
}

async function nodeBackend(
  location: ConnectLocation,
  name: string,
  store: Store,
  { kubeletAddressTypes }: BackendConfig,
): Promise<Backend> {
  const { object: node } = await store.get<Node>({ resource: 'nodes', namespace: '', name });
  const { addresses = [], daemonEndpoints } = node.status ?? {};
  const host = kubeletAddressTypes
    .map((type) => addresses.find((address) => address.type === type)?.address)
    .find((address) => address !== undefined);
  if (host === undefined) {
    const types = kubeletAddressTypes.join(' ');
    throw new StatusError('InternalError', `no preferred addresses found; known addresses: [${types}]`);
  }
  const kubeletPort = daemonEndpoints?.kubeletEndpoint?.Port ?? 10_250;
  const port = location.port ? portNumber(location) : kubeletPort;
  if (port === kubeletPort && location.scheme !== 'http') return { host, port, tls: 'kubelet' };
  // Another port of the machine: our certificate is none of its business, and it must not be ourselves.
  demandProxyable(host);
  return { host, port, tls: schemeTls(location) };
}

async function serviceBackend(
  location: ConnectLocation,
  { namespace, name }: NonNullable<ConnectLocation['service']>,
  store: Store,
): Promise<Backend> {
  const { object: service } = await store.get<Service>({ resource: 'services', namespace, name });
  const labels = fromSet({ 'kubernetes.io/service-name': name });
  const slices = await store.list<EndpointSlice>({
    resource: 'endpointslices.discovery.k8s.io',
    namespace,
    selection: { labels },
  });
  const portName = servicePortName(service, location.port);
  const ready = slices.items.flatMap(({ object }) => endpointsOf(object, portName));
  const chosen = ready[Math.floor(Math.random() * ready.length)];
  if (!chosen) {
    const text = `no endpoints available for service ${JSON.stringify(name)}`;
    throw new StatusError('ServiceUnavailable', text);
  }
  demandProxyable(chosen.host);
  return { ...chosen, tls: schemeTls(location) };
}

/** A service port is named by its name or its number; without either a service with one port means that one. */
function servicePortName({ spec, metadata }: Service, port: string | undefined): string {
  const ports = spec.ports ?? [];
  const found = port ? ports.find((one) => one.name === port || String(one.port) === port) : ports[0];
  if (found && (port || ports.length === 1)) return found.name ?? '';
  throw new StatusError(
    'ServiceUnavailable',
    `no service port ${JSON.stringify(port ?? '')} found for service ${JSON.stringify(metadata.name)}`,
  );
}

function endpointsOf({ endpoints, ports }: EndpointSlice, portName: string): readonly Omit<Backend, 'tls'>[] {
  const port = (ports ?? []).find(({ name = '' }) => name === portName)?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses.slice(0, 1).map((host) => ({ host, port })));
}

/** Proxies lead to pods and machines, never to this machine itself or the link's own services (CVE-2022-3294). */
function demandProxyable(host: string): void {
  if (!leadsElsewhere(host)) throw badRequest('address not allowed');
}
