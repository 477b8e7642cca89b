import { parseIP } from '@kubephant/api';
import type { DnsHandler, DnsQuestion, DnsRecord, DnsResponse } from '@kubephant/serving';
import type { Service } from '@kubephant/schema';
import { isHeadless, type Directory, type Endpoint } from './directory';

export interface ZoneConfig {
  /** `cluster.local`. */
  readonly domain: string;
  readonly ttlSeconds: number;
  readonly now: () => number;
}

/** What a name in the zone has: records of any type, or nothing although it exists (`empty`), or undefined: no such name. */
type Found = { readonly answers: readonly DnsRecord[]; readonly additionals?: readonly DnsRecord[] } | undefined;

const schemaVersion = '1.1.0';
const empty: Found = { answers: [] };

/** Answers for the cluster's domain as the DNS specification of Kubernetes says (github.com/kubernetes/dns, docs/specification.md). */
export function clusterZone(directory: Directory, config: ZoneConfig): DnsHandler {
  const { domain } = config;
  return async (question) => {
    if (question.name !== domain && !question.name.endsWith(`.${domain}`)) return undefined;
    const labels = question.name
      .slice(0, -domain.length)
      .split('.')
      .filter((label) => label !== '');
    const found = lookUp({ directory, config, question }, labels);
    return respond(found, question, config);
  };
}

interface Lookup {
  readonly directory: Directory;
  readonly config: ZoneConfig;
  readonly question: DnsQuestion;
}

function lookUp(lookup: Lookup, labels: readonly string[]): Found {
  const { question, config } = lookup;
  if (labels.length === 0) return { answers: [soa(config)] };
  if (labels.length === 1 && labels[0] === 'dns-version') {
    return { answers: [{ name: question.name, ttl: config.ttlSeconds, type: 'TXT', data: schemaVersion }] };
  }
  const kind = labels.at(-1);
  const namespace = labels.at(-2);
  if (kind === 'svc') return namespace === undefined ? empty : inServices(lookup, namespace, labels.slice(0, -2));
  if (kind === 'pod') return namespace === undefined ? empty : inPods(lookup, namespace, labels.slice(0, -2));
  return undefined;
}

function inPods({ directory, question, config }: Lookup, namespace: string, rest: readonly string[]): Found {
  if (!directory.hasNamespace(namespace) || rest.length > 1) return undefined;
  const [dashed] = rest;
  if (dashed === undefined) return empty;
  const address = [dashed.replaceAll('-', '.'), dashed.replaceAll('-', ':')].find((text) => parseIP(text));
  return address === undefined ? undefined : { answers: [addressRecord(question.name, address, config.ttlSeconds)] };
}

function inServices(lookup: Lookup, namespace: string, rest: readonly string[]): Found {
  const { directory } = lookup;
  if (rest.length === 0) return directory.hasNamespace(namespace) ? empty : undefined;
  const service = directory.service(namespace, rest.at(-1) ?? '');
  if (!service) return undefined;
  const [first = '', second = ''] = rest;
  switch (rest.length) {
    case 1:
      return atService(lookup, service);
    case 2:
      return first.startsWith('_') ? protocolOnly(service, first) : atEndpoint(lookup, service, first);
    case 3:
      return ports(lookup, service, { name: first, protocol: second });
    default:
      return undefined;
  }
}

/** `_tcp.web.ns.svc`: exists as a step on the way to its ports, with nothing of its own. */
function protocolOnly(service: Service, label: string): Found {
  return service.spec.ports?.some(({ protocol = 'TCP' }) => label === `_${protocol.toLowerCase()}`) ? empty : undefined;
}

function atService(lookup: Lookup, service: Service): Found {
  const { directory, question, config } = lookup;
  const { spec } = service;
  if (spec.type === 'ExternalName') {
    return { answers: [{ name: question.name, ttl: config.ttlSeconds, type: 'CNAME', data: spec.externalName ?? '' }] };
  }
  if (question.type === 'SRV') return ports(lookup, service, undefined);
  const addresses = isHeadless(service)
    ? directory.endpoints(service).map(({ address }) => address)
    : clusterIps(service);
  // A headless Service without endpoints has no name, as upstream.
  if (isHeadless(service) && addresses.length === 0) return undefined;
  return {
    answers: [...new Set(addresses)].map((address) => addressRecord(question.name, address, config.ttlSeconds)),
  };
}

function atEndpoint({ directory, question, config }: Lookup, service: Service, hostname: string): Found {
  if (!isHeadless(service)) return undefined;
  const endpoints = directory.endpoints(service).filter((endpoint) => endpoint.hostname === hostname);
  if (endpoints.length === 0) return undefined;
  const addresses = new Set(endpoints.map(({ address }) => address));
  return { answers: [...addresses].map((address) => addressRecord(question.name, address, config.ttlSeconds)) };
}

interface PortName {
  readonly name: string;
  readonly protocol: string;
}

/** SRV records of one port of the Service (`_name`, `_protocol`), or of all. */
function ports(lookup: Lookup, service: Service, wanted: PortName | undefined): Found {
  const matches = (name: string, protocol: string): boolean =>
    !wanted || (wanted.name === `_${name}` && wanted.protocol === `_${protocol.toLowerCase()}`);
  const found = isHeadless(service) ? endpointPorts(lookup, service, matches) : servicePorts(lookup, service, matches);
  return wanted && found.answers.length === 0 ? undefined : found;
}

type Matches = (name: string, protocol: string) => boolean;

function servicePorts({ config, question }: Lookup, service: Service, matches: Matches): NonNullable<Found> {
  const target = serviceName(service, config);
  const chosen = (service.spec.ports ?? []).filter(({ name = '', protocol = 'TCP' }) => matches(name, protocol));
  return {
    answers: chosen.map(({ port }) => srv(question.name, { port, target, share: chosen.length }, config.ttlSeconds)),
    additionals:
      chosen.length === 0
        ? []
        : clusterIps(service).map((address) => addressRecord(target, address, config.ttlSeconds)),
  };
}

function endpointPorts(
  { directory, config, question }: Lookup,
  service: Service,
  matches: Matches,
): NonNullable<Found> {
  const chosen = directory
    .endpoints(service)
    .flatMap((endpoint) =>
      endpoint.ports.filter(({ name, protocol }) => matches(name, protocol)).map(({ port }) => ({ endpoint, port })),
    );
  const targetOf = ({ hostname }: Endpoint): string => `${hostname}.${serviceName(service, config)}`;
  return {
    answers: chosen.map(({ endpoint, port }) =>
      srv(question.name, { port, target: targetOf(endpoint), share: chosen.length }, config.ttlSeconds),
    ),
    additionals: chosen.map(({ endpoint }) => addressRecord(targetOf(endpoint), endpoint.address, config.ttlSeconds)),
  };
}

export function serviceName(
  { metadata: { name, namespace } }: Service,
  { domain }: Pick<ZoneConfig, 'domain'>,
): string {
  return `${name}.${namespace ?? ''}.svc.${domain}`;
}

const clusterIps = ({ spec }: Service): readonly string[] =>
  spec.clusterIPs ?? (spec.clusterIP ? [spec.clusterIP] : []);

function addressRecord(name: string, address: string, ttl: number): DnsRecord {
  return { name, ttl, type: parseIP(address)?.family === 6 ? 'AAAA' : 'A', data: address };
}

/** Equal priority; the weight of 100 is shared, as upstream does. */
function srv(
  name: string,
  { port, target, share }: { port: number; target: string; share: number },
  ttl: number,
): DnsRecord {
  return { name, ttl, type: 'SRV', data: { priority: 0, weight: Math.max(1, Math.floor(100 / share)), port, target } };
}

function soa({ domain, ttlSeconds, now }: ZoneConfig): DnsRecord {
  const data = {
    mname: `ns.dns.${domain}`,
    rname: `hostmaster.${domain}`,
    serial: Math.floor(now() / 1000),
    refresh: 7200,
    retry: 1800,
    expire: 86_400,
    minimum: ttlSeconds,
  };
  return { name: domain, ttl: ttlSeconds, type: 'SOA', data };
}

/** The records of the asked type; without any, the SOA tells how long that may be remembered (RFC 2308). */
export function respond(found: Found, { type }: DnsQuestion, config: ZoneConfig): DnsResponse {
  const answers = (found?.answers ?? []).filter(
    (record) => record.type === type || record.type === 'CNAME' || type === 'ANY',
  );
  if (answers.length > 0)
    return { code: 'NOERROR', authoritative: true, answers, additionals: found?.additionals ?? [] };
  return { code: found ? 'NOERROR' : 'NXDOMAIN', authoritative: true, answers: [], authorities: [soa(config)] };
}
