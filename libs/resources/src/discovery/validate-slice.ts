import { canonicalIP, dns1123Label, dns1123Subdomain, labelValue, parseIP, qualifiedName } from '@kubephant/api';
import type { DiscoveryV1EndpointPort, Endpoint, EndpointHints, EndpointSlice } from '@kubephant/schema';
import { protocols } from '../pod-spec/allowed';
import { duplicate, invalidValue, none, required, tooMany, type Causes } from '../validation/causes';
import { each, equal, follows, listOf, oneOf, optional, requiredOneOf, when } from '../validation/checks';
import { validateRoutableIP } from '../validation/ips';
import { at, type Path } from '../validation/path';

const maxEndpoints = 1000;
const maxAddresses = 100;
const maxPorts = 20_000;
const maxHints = 8;

const subdomain = (name: string): readonly string[] => dns1123Subdomain(name);

const tooFewSegments = 'should be a domain with at least two segments separated by dots';

/** A domain name, with or without the dot at its end; only the first thing wrong with it is told. */
function validateDomain(text: string, path: Path): Causes {
  if (text === '') return [required(path)];
  const name = text.replace(/\.$/, '');
  const labels = name.split('.');
  const bad = labels.find((label) => dns1123Label(label).length > 0) ?? '';
  const reproaches = [
    { value: name, detail: subdomain(name).join(',') },
    { value: name, detail: labels.length < 2 ? tooFewSegments : '' },
    { value: bad, detail: bad && dns1123Label(bad).join(',') },
  ];
  const first = reproaches.find(({ detail }) => detail !== '');
  return first ? [invalidValue(path, first.value, first.detail)] : none;
}

interface Listed {
  readonly list: Path;
  readonly path: Path;
}

/** What is wrong with the family of an address is told of the list. */
function validateAddress(text: string, { list, path }: Listed, type: string): Causes {
  if (type === 'FQDN') return validateDomain(text, path);
  if (type !== 'IPv4' && type !== 'IPv6') return none;
  const wrong = follows(text, path, canonicalIP);
  if (wrong.length > 0) return wrong;
  const family = type === 'IPv4' ? 4 : 6;
  const mismatch = when(parseIP(text)?.family !== family, () => invalidValue(list, text, `must be an ${type} address`));
  return [...mismatch, ...validateRoutableIP(text, path)];
}

function validateAddresses(addresses: readonly string[], path: Path, type: string): Causes {
  return [
    ...when(addresses.length === 0, () => required(path, 'must contain at least 1 address')),
    ...when(addresses.length > maxAddresses, () => tooMany(path, addresses.length, maxAddresses)),
    ...each(addresses, path, (text, where) => validateAddress(text, { list: path, path: where }, type)),
  ];
}

type Named = readonly { readonly name: string }[];

function validateNames(list: Named | undefined, path: Path, rule: typeof labelValue): Causes {
  const all = list ?? [];
  if (all.length > maxHints) return [tooMany(path, all.length, maxHints)];
  return each(all, path, ({ name }, where, index) => [
    ...when(all.findIndex((other) => other.name === name) < index, () => duplicate(where.child('name'), name)),
    ...follows(name, where.child('name'), rule),
  ]);
}

const validateHints = ({ forZones, forNodes }: EndpointHints, path: Path): Causes => [
  ...validateNames(forZones, path.child('forZones'), labelValue),
  ...validateNames(forNodes, path.child('forNodes'), subdomain),
];

const validateEndpoint = (endpoint: Endpoint, path: Path, type: string): Causes => [
  ...validateAddresses(listOf(endpoint.addresses), path.child('addresses'), type),
  ...optional(endpoint.nodeName, path.child('nodeName'), (name, where) => follows(name, where, subdomain)),
  ...optional(endpoint.hostname, path.child('hostname'), (name, where) => follows(name, where, dns1123Label)),
  ...optional(endpoint.hints, path.child('hints'), validateHints),
];

function validatePort(port: DiscoveryV1EndpointPort, path: Path, isTaken: boolean): Causes {
  return [
    ...(port.name ? follows(port.name, path.child('name'), dns1123Label) : none),
    ...when(isTaken, () => duplicate(path.child('name'), port.name)),
    ...oneOf(port.protocol, path.child('protocol'), protocols),
    ...optional(port.appProtocol, path.child('appProtocol'), (name, where) => follows(name, where, qualifiedName)),
  ];
}

function validatePorts(ports: readonly DiscoveryV1EndpointPort[], path: Path): Causes {
  if (ports.length > maxPorts) return [tooMany(path, ports.length, maxPorts)];
  const seen = new Set<string>();
  return each(ports, path, (port, where) => {
    const isTaken = seen.has(port.name ?? '');
    seen.add(port.name ?? '');
    return validatePort(port, where, isTaken);
  });
}

function validateEndpoints(endpoints: readonly Endpoint[], type: string): Causes {
  const path = at('endpoints');
  if (endpoints.length > maxEndpoints) return [tooMany(path, endpoints.length, maxEndpoints)];
  return each(endpoints, path, (endpoint, where) => validateEndpoint(endpoint, where, type));
}

/** Endpoints that an update leaves as they are in `old` are not looked at again. */
export function validateSlice({ addressType, endpoints, ports }: EndpointSlice, old?: EndpointSlice): Causes {
  return [
    ...requiredOneOf(addressType, at('addressType'), ['FQDN', 'IPv4', 'IPv6']),
    ...(old && equal(endpoints, old.endpoints) ? none : validateEndpoints(listOf(endpoints), addressType)),
    ...validatePorts(ports ?? [], at('ports')),
  ];
}
