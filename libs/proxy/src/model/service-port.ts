import { parseIP } from '@kubephant/api';
import type { EndpointSlice, Service, ServicePort as ApiServicePort } from '@kubephant/schema';

export type Family = 'ip' | 'ip6';
export type Protocol = 'tcp' | 'udp' | 'sctp';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly isLocal: boolean;
}

/** One port of a Service in one address family, with everything that decides where its packets go. */
export interface ServicePort {
  /** `namespace/name/protocol/port name`, as it appears in the names of chains. */
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly clusterIps: readonly string[];
  /** External addresses and those of load balancers. */
  readonly externalIps: readonly string[];
  readonly nodePort: number;
  /** Seconds for which a client stays with its endpoint; 0: it does not. */
  readonly affinitySeconds: number;
  readonly internalPolicyLocal: boolean;
  readonly externalPolicyLocal: boolean;
  readonly endpoints: readonly Endpoint[];
}

export interface NodeView {
  readonly nodeName: string;
  readonly family: Family;
}

/** The ports of a Service that this node forwards; none for headless and external-name Services. */
export function servicePorts(
  service: Service,
  slices: readonly EndpointSlice[],
  view: NodeView,
): readonly ServicePort[] {
  const { spec } = service;
  const clusterIps = ofFamily(spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []), view.family);
  if (spec.type === 'ExternalName' || clusterIps.length === 0) return [];
  const shared = {
    clusterIps,
    externalIps: ofFamily([...(spec.externalIPs ?? []), ...loadBalancerIps(service)], view.family),
    affinitySeconds: affinitySeconds(service),
    internalPolicyLocal: spec.internalTrafficPolicy === 'Local',
    externalPolicyLocal: spec.externalTrafficPolicy === 'Local',
  };
  return (spec.ports ?? []).map((port) => ({
    ...shared,
    name: portName(service, port),
    protocol: protocolOf(port.protocol),
    port: port.port,
    nodePort: port.nodePort ?? 0,
    endpoints: endpointsOf(port, slices, view),
  }));
}

/** Addresses whose packets arrive here as they were sent; with the mode Proxy they arrive on node ports. */
function loadBalancerIps({ status }: Service): readonly string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) => (ip && ipMode !== 'Proxy' ? [ip] : []));
}

const defaultAffinitySeconds = 10_800;

function affinitySeconds({ spec }: Service): number {
  if (spec.sessionAffinity !== 'ClientIP') return 0;
  return spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? defaultAffinitySeconds;
}

const protocolOf = (protocol = 'TCP'): Protocol => protocol.toLowerCase() as Protocol;

function portName({ metadata: { namespace = '', name } }: Service, port: ApiServicePort): string {
  return `${namespace}/${name}/${protocolOf(port.protocol)}/${port.name ?? ''}`;
}

const ofFamily = (addresses: readonly string[], family: Family): readonly string[] =>
  addresses.filter((address) => parseIP(address)?.family === (family === 'ip' ? 4 : 6));

/**
 * Ready endpoints; only when there are none, those that still serve while they terminate (KEP-1669). Each address once,
 * in a stable order, so that an unchanged set makes unchanged rules.
 */
function endpointsOf(
  port: ApiServicePort,
  slices: readonly EndpointSlice[],
  { nodeName, family }: NodeView,
): readonly Endpoint[] {
  const addressType = family === 'ip' ? 'IPv4' : 'IPv6';
  const all = slices
    .filter((slice) => slice.addressType === addressType)
    .flatMap((slice) => {
      const found = slice.ports?.find(
        ({ name = '', protocol = 'TCP' }) => name === (port.name ?? '') && protocol === (port.protocol ?? 'TCP'),
      );
      if (found?.port === undefined) return [];
      const target = found.port;
      return (slice.endpoints ?? []).flatMap(({ addresses, conditions, nodeName: on }) =>
        addresses
          .slice(0, 1)
          .map((address) => ({ conditions, endpoint: { address, port: target, isLocal: on === nodeName } })),
      );
    });
  const ready = all.filter(({ conditions }) => conditions?.ready !== false);
  const usable =
    ready.length > 0
      ? ready
      : all.filter(({ conditions }) => conditions?.serving === true && conditions.terminating === true);
  const unique = new Map(usable.map(({ endpoint }) => [`${endpoint.address}/${endpoint.port}`, endpoint]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}
