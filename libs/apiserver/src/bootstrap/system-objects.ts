import { is, type Draft, type KubeObject } from '@kubephant/api';
import { endpointSlices, endpoints, namespaces, services, type Client, type ResourceRef } from '@kubephant/client';
import type { Endpoints, EndpointSlice, Namespace, PriorityClass, Service } from '@kubephant/schema';
import { isLoopback } from '../special-addresses';
import { ensure, ensureAll } from './ensure';
import { orAbsent } from './or-absent';
import { priorityClasses } from './refs';
import type { ServerPlace } from './server-leases';

export interface ServerAddress extends ServerPlace {
  /** The range of service addresses, and the first address in it. */
  readonly serviceCidr: string;
  readonly serviceIp: string;
}

const systemNamespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];

/** Makes the namespaces every cluster has, again if someone deletes them. */
export async function ensureNamespaces(client: Client, signal: AbortSignal): Promise<void> {
  const wanted = systemNamespaces.map((name): Draft<Namespace> => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
    spec: {},
  }));
  await Promise.all(wanted.map((one) => ensure(client, namespaces, one, signal)));
}

const systemPriorities: readonly Draft<PriorityClass>[] = [
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
    preemptionPolicy: 'PreemptLowerPriority',
  },
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
    preemptionPolicy: 'PreemptLowerPriority',
  },
];

export async function ensurePriorityClasses(client: Client, signal: AbortSignal): Promise<void> {
  await ensureAll(client, priorityClasses, systemPriorities, signal);
}

const kubernetes = { name: 'kubernetes', namespace: 'default' };

/** The service `kubernetes.default`: how pods find the API. */
export async function ensureKubernetesService(
  client: Client,
  address: ServerAddress,
  signal: AbortSignal,
): Promise<void> {
  await ensure(client, services, kubernetesService(address), signal);
}

/**
 * What is behind that service: the servers that are running. A loopback address leads nowhere from a pod (and endpoints
 * may not hold one), so a server that has no other is left out.
 */
export async function replaceKubernetesEndpoints(
  client: Client,
  running: readonly ServerPlace[],
  signal: AbortSignal,
): Promise<void> {
  const reachable = running.filter(({ ip }) => !isLoopback(ip));
  await replace(client, endpoints, kubernetesEndpoints(reachable), signal);
  await replace(client, endpointSlices, kubernetesSlice(reachable), signal);
}

const attempts = 3;

/** Stores the wanted content; an object that has it already is not written, for the store sees no change. */
async function replace<T extends KubeObject>(
  client: Client,
  ref: ResourceRef<T>,
  wanted: Draft<T>,
  signal: AbortSignal,
): Promise<void> {
  const api = client.resource(ref);
  for (let attempt = 1; ; attempt++) {
    const stored = await orAbsent(api.get(kubernetes, signal));
    try {
      if (stored) await api.update(withContent(stored, wanted), signal);
      else await api.create(wanted, signal);
      return;
    } catch (err) {
      // Another server wrote in between, most likely the same.
      if (attempt === attempts || !(is('Conflict', err) || is('AlreadyExists', err))) throw err;
    }
  }
}

const withContent = <T extends KubeObject>(stored: T, wanted: Draft<T>): T => ({
  ...stored,
  ...wanted,
  metadata: { ...stored.metadata, ...wanted.metadata },
});

const kubernetesService = ({ serviceIp, port }: ServerAddress): Draft<Service> => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { ...kubernetes, labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    type: 'ClusterIP',
    clusterIP: serviceIp,
    clusterIPs: [serviceIp],
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    sessionAffinity: 'None',
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
  },
});

/** Servers by the port that they listen on, lowest first: one subset each. */
function byPort(servers: readonly ServerPlace[]): readonly (readonly [number, readonly ServerPlace[]])[] {
  return [...Map.groupBy(servers, ({ port }) => port)].sort(([a], [b]) => a - b);
}

const kubernetesEndpoints = (servers: readonly ServerPlace[]): Draft<Endpoints> => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { ...kubernetes, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
  subsets: byPort(servers).map(([port, places]) => ({
    addresses: places.map(({ ip }) => ({ ip })),
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  })),
});

/** A slice has one port for all: servers that listen on a higher one than others are only in the Endpoints. */
function kubernetesSlice(servers: readonly ServerPlace[]): Draft<EndpointSlice> {
  const [port, places] = byPort(servers)[0] ?? [undefined, []];
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...kubernetes, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: places.map(({ ip }) => ({ addresses: [ip], conditions: { ready: true } })),
    ports: port === undefined ? [] : [{ name: 'https', port, protocol: 'TCP' }],
  };
}
