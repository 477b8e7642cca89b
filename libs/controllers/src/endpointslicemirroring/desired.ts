import type { Endpoint, EndpointAddress, Endpoints, EndpointSubset } from '@kubephant/schema';
import { portsKey, type AddressType, type Group } from '../endpointslice/desired';

/** What slices are to say of an Endpoints object, and what of it they cannot. */
export interface Mirrored {
  readonly groups: readonly Group[];
  /** Addresses that are none. */
  readonly invalid: number;
  /** Addresses beyond the limit. */
  readonly tooMany: number;
}

/** At most `max` addresses of each subset are mirrored, those that are ready first. */
export function mirroredGroups({ subsets = [] }: Pick<Endpoints, 'subsets'>, max: number): Mirrored {
  const groups = new Map<string, Group & { readonly endpoints: Endpoint[] }>();
  let [invalid, tooMany] = [0, 0];
  for (const subset of subsets) {
    const ports = portsOf(subset);
    const endpoints = endpointsOf(subset);
    const valid = endpoints.filter(({ addressType }) => addressType !== undefined);
    invalid += endpoints.length - valid.length;
    tooMany += Math.max(0, valid.length - max);
    for (const { addressType = 'IPv4', endpoint } of valid.slice(0, max)) {
      const key = `${addressType} ${portsKey(ports)}`;
      const group = groups.get(key) ?? { addressType, ports, endpoints: [] };
      group.endpoints.push(endpoint);
      groups.set(key, group);
    }
  }
  return { groups: [...groups.values()], invalid, tooMany };
}

function portsOf({ ports = [] }: EndpointSubset): Group['ports'] {
  return ports.map(({ name = '', port, protocol = 'TCP', appProtocol }) => ({
    name,
    port,
    protocol,
    ...(appProtocol && { appProtocol }),
  }));
}

function endpointsOf({
  addresses = [],
  notReadyAddresses = [],
}: EndpointSubset): { readonly addressType: AddressType | undefined; readonly endpoint: Endpoint }[] {
  const of = (ready: boolean) => (address: EndpointAddress) => ({
    addressType: familyOf(address.ip),
    endpoint: endpointOf(address, ready),
  });
  return [...addresses.map(of(true)), ...notReadyAddresses.map(of(false))];
}

const quad = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;

function familyOf(ip: string): AddressType | undefined {
  if (quad.test(ip)) return 'IPv4';
  // What may stand in a URL's brackets is an IPv6 address and nothing else.
  return /^[\da-f:.]+$/i.test(ip) && URL.canParse(`http://[${ip}]`) ? 'IPv6' : undefined;
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(targetRef && { targetRef }),
    ...(nodeName && { nodeName }),
  };
}
