import type { EndpointAddress, EndpointPort, EndpointSubset, Pod, Service } from '@kubephant/schema';
import { isReady, isTerminal } from '../common/pods';
import { addressesOf, hostnameOf, targetPortOf } from '../common/service-pods';

/** An Endpoints object holds no more addresses than this. */
export const maxAddresses = 1000;

interface Entry {
  readonly address: EndpointAddress;
  readonly ready: boolean;
  readonly ports: readonly EndpointPort[];
}

/** The subsets of a service, and whether addresses had to be left out. Only the service's first family is shown. */
export function subsetsOf(
  service: Service,
  pods: readonly Pod[],
): { readonly subsets: readonly EndpointSubset[]; readonly truncated: boolean } {
  const entries = pods.flatMap((pod) => entryOf(service, pod));
  // Ready ones first: when not all fit, those are worth more.
  const sorted = entries.sort((a, b) => Number(b.ready) - Number(a.ready) || (a.address.ip < b.address.ip ? -1 : 1));
  const groups = new Map<
    string,
    { ports: readonly EndpointPort[]; ready: EndpointAddress[]; notReady: EndpointAddress[] }
  >();
  for (const { address, ready, ports } of sorted.slice(0, maxAddresses)) {
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, ready: [], notReady: [] };
    (ready ? group.ready : group.notReady).push(address);
    groups.set(key, group);
  }
  const subsets = [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { ports, ready, notReady }]) => ({
      ...(ready.length > 0 && { addresses: ready }),
      ...(notReady.length > 0 && { notReadyAddresses: notReady }),
      ...(ports.length > 0 && { ports: [...ports] }),
    }));
  return { subsets, truncated: entries.length > maxAddresses };
}

function entryOf(service: Service, pod: Pod): Entry[] {
  const wantsIPv6 = service.spec.ipFamilies?.[0] === 'IPv6';
  const ip = addressesOf(pod).find((address) => address.includes(':') === wantsIPv6);
  const publishes = service.spec.publishNotReadyAddresses === true;
  const isLeaving = pod.metadata.deletionTimestamp !== undefined && !publishes;
  if (!ip || isTerminal(pod.status?.phase) || isLeaving) return [];
  const ports = portsOf(service, pod);
  if (ports.length === 0 && (service.spec.ports ?? []).length > 0) return [];
  return [{ address: addressOf(service, pod, ip), ready: publishes || isReady(pod), ports }];
}

function addressOf(service: Service, pod: Pod, ip: string): EndpointAddress {
  const hostname = hostnameOf(pod, service);
  const { namespace, name, uid } = pod.metadata;
  const { nodeName } = pod.spec;
  return {
    ip,
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    targetRef: { kind: 'Pod', ...(namespace && { namespace }), name, uid },
  };
}

function portsOf({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  const ports = (spec.ports ?? []).flatMap((servicePort): EndpointPort[] => {
    const port = targetPortOf(pod, servicePort);
    const { name, protocol = 'TCP', appProtocol } = servicePort;
    return port === undefined ? [] : [{ ...(name && { name }), port, protocol, ...(appProtocol && { appProtocol }) }];
  });
  return ports.sort((a, b) => a.port - b.port || ((a.name ?? '') < (b.name ?? '') ? -1 : 1));
}
