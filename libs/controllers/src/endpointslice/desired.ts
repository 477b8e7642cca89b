import { isTerminal, isReady } from '../common/pods';
import { addressesOf, hostnameOf, targetPortOf } from '../common/service-pods';
import type { DiscoveryV1EndpointPort as EndpointPort, Endpoint, Node, Pod, Service } from '@kubephant/schema';

export type AddressType = 'IPv4' | 'IPv6';

/** Endpoints that share their ports: what goes into the same slices. */
export interface Group {
  readonly addressType: AddressType;
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

const zoneLabel = 'topology.kubernetes.io/zone';

/** What the slices of a service have to say, all in all. A family without endpoints has one group with none. */
export function desiredGroups(
  service: Service,
  pods: readonly Pod[],
  nodeOf: (name: string) => Node | undefined,
): readonly Group[] {
  const families = (service.spec.ipFamilies ?? ['IPv4']) as AddressType[];
  return families.flatMap((addressType) => {
    const groups = new Map<string, { ports: readonly EndpointPort[]; endpoints: Endpoint[] }>();
    for (const pod of pods) {
      const address = addressesOf(pod).find((ip) => ip.includes(':') === (addressType === 'IPv6'));
      if (!address || isTerminal(pod.status?.phase)) continue;
      const ports = portsOf(service, pod);
      const key = portsKey(ports);
      const group = groups.get(key) ?? { ports, endpoints: [] };
      group.endpoints.push(endpointOf(service, pod, address, nodeOf(pod.spec.nodeName ?? '')));
      groups.set(key, group);
    }
    if (groups.size === 0) return [{ addressType, ports: [], endpoints: [] }];
    return [...groups.values()].map((group) => ({ addressType, ...group }));
  });
}

/** Equal for equal sets of ports. */
export function portsKey(ports: readonly EndpointPort[]): string {
  const lines = ports.map(({ name = '', protocol = 'TCP', port, appProtocol = '' }) =>
    JSON.stringify([name, protocol, port ?? 0, appProtocol]),
  );
  return lines.sort().join();
}

function portsOf({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  return (spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPortOf(pod, servicePort);
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    return port === undefined ? [] : [{ name, protocol, port, ...(appProtocol && { appProtocol }) }];
  });
}

function endpointOf(service: Service, pod: Pod, address: string, node: Node | undefined): Endpoint {
  const { namespace, name, uid, deletionTimestamp } = pod.metadata;
  const serving = isReady(pod);
  const terminating = deletionTimestamp !== undefined;
  const hostname = hostnameOf(pod, service);
  const zone = node?.metadata.labels?.[zoneLabel];
  const { nodeName } = pod.spec;
  return {
    addresses: [address],
    conditions: {
      ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating),
      serving,
      terminating,
    },
    ...(hostname && { hostname }),
    targetRef: { kind: 'Pod', ...(namespace && { namespace }), name, uid },
    ...(nodeName && { nodeName }),
    ...(zone && { zone }),
    ...hintsOf(service, nodeName, zone),
  };
}

/** Where traffic to the endpoint should come from (KEP-3015): its own zone, or its own node. */
function hintsOf({ spec }: Service, nodeName: string | undefined, zone: string | undefined): Pick<Endpoint, 'hints'> {
  const forZones = zone ? { forZones: [{ name: zone }] } : {};
  switch (spec.trafficDistribution) {
    case 'PreferClose':
    case 'PreferSameZone':
      return zone ? { hints: forZones } : {};
    case 'PreferSameNode':
      return nodeName ? { hints: { ...forZones, forNodes: [{ name: nodeName }] } } : {};
    default:
      return {};
  }
}
