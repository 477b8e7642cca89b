import { badRequest } from '@kubephant/api';
import type { ConnectLocation } from '@kubephant/resources';
import type { Node, NodeAddress } from '@kubephant/schema';
import type { Backend } from '@kubephant/serving';
import type { Store } from '@kubephant/storage';
import { leadsElsewhere } from '../special-addresses';
import { plainFailure } from './failure';
import { endpointOfService } from './service-endpoints';

export interface BackendConfig {
  /** Which of a node's addresses the kubelet is reached by, best first. */
  readonly kubeletAddressTypes: readonly string[];
}

/** Finds the address behind what a connect subresource, or the configuration of a webhook, names. */
export async function backendOf(location: ConnectLocation, store: Store, config: BackendConfig): Promise<Backend> {
  if (location.node !== undefined) return nodeBackend(location, location.node, store, config);
  if (location.service) {
    // Wherever that is: who answers there has to prove by a certificate that it is the service.
    return { ...(await endpointOfService(location, location.service, store)), tls: schemeTls(location) };
  }
  if (location.host === undefined) throw badRequest('does not have a host assigned');
  demandProxyable(location.host);
  return { host: location.host, port: portNumber(location), tls: schemeTls(location) };
}

export const schemeTls = ({ scheme }: ConnectLocation): Backend['tls'] => (scheme === 'https' ? 'unverified' : 'none');

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
    throw plainFailure(`no preferred addresses found; known addresses: [${addresses.map(shown).join(' ')}]`);
  }
  const kubeletPort = daemonEndpoints?.kubeletEndpoint?.Port ?? 10_250;
  const port = location.port ? portNumber(location) : kubeletPort;
  if (port === kubeletPort && location.scheme !== 'http') return { host, port, tls: 'kubelet' };
  // Another port of the machine: our certificate is none of its business, and it must not be ourselves.
  demandProxyable(host);
  return { host, port, tls: schemeTls(location) };
}

const shown = ({ type, address }: NodeAddress): string => `{${type} ${address}}`;

/** Proxies lead to pods and machines, never to this machine itself or the link's own services (CVE-2022-3294). */
export function demandProxyable(host: string): void {
  if (!leadsElsewhere(host)) throw badRequest('address not allowed');
}
