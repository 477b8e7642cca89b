import { newFakeInformer } from '@kubephant/informer/testing';
import type { DnsContext, DnsHandler, DnsRecord } from '@kubephant/serving';
import type { EndpointSlice, Namespace, Service, ServiceSpec } from '@kubephant/schema';
import { chain } from '../chain';
import { clusterZone } from './cluster-zone';
import { newDirectory } from './directory';
import { addressOf, reverseZone } from './reverse-zone';

const meta = (name: string, labels?: Record<string, string>) => ({
  name,
  namespace: 'ns',
  uid: name,
  resourceVersion: '1',
  ...(labels && { labels }),
});
const service = (name: string, spec: ServiceSpec): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name),
  spec,
});

const slice = (name: string, of: string, rest: Pick<EndpointSlice, 'endpoints' | 'ports'>): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: meta(name, { 'kubernetes.io/service-name': of }),
  addressType: 'IPv4',
  ...rest,
});

const services = [
  service('web', {
    clusterIP: '10.96.0.7',
    clusterIPs: ['10.96.0.7', 'fd00::7'],
    ports: [
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  }),
  service('db', { clusterIP: 'None', clusterIPs: ['None'], ports: [{ name: 'pg', port: 5432 }] }),
  service('empty', { clusterIP: 'None' }),
  service('elsewhere', { type: 'ExternalName', externalName: 'example.com' }),
];
const slices = [
  slice('db-1', 'db', {
    endpoints: [
      { addresses: ['10.1.0.5'], hostname: 'db-0', conditions: { ready: true } },
      { addresses: ['10.1.0.6'], conditions: {} },
      { addresses: ['10.1.0.9'], conditions: { ready: false } },
    ],
    ports: [{ name: 'pg', port: 5432, protocol: 'TCP' }],
  }),
];
const namespaces: Namespace[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns', uid: 'ns', resourceVersion: '1' }, spec: {} },
];

describe('the cluster zone', () => {
  let handler: DnsHandler;
  beforeAll(() => {
    const directory = newDirectory({
      services: newFakeInformer(services),
      slices: newFakeInformer(slices),
      namespaces: newFakeInformer(namespaces),
    });
    const config = { domain: 'cluster.local', ttlSeconds: 30, now: () => 0 };
    handler = chain(clusterZone(directory, config), reverseZone(directory, config));
  });

  const context: DnsContext = {
    protocol: 'udp',
    family: '1',
    query: new Uint8Array(),
    signal: new AbortController().signal,
  };
  const print = (record: DnsRecord): string => {
    if (record.type === 'SRV')
      return `${record.name} SRV ${record.data.weight} ${record.data.port} ${record.data.target}`;
    return `${record.name} ${record.type} ${record.type === 'SOA' ? record.data.mname : record.data}`;
  };
  const ask = async (question: string): Promise<string[]> => {
    const [name = '', type = ''] = question.split(' ');
    const response = (await handler({ name, type }, context))!;
    if ('message' in response) throw new Error('not from the zone');
    return [
      response.code,
      ...response.answers.map(print),
      ...(response.additionals ?? []).map((record) => `+ ${print(record)}`),
    ];
  };

  it.each<[string, string, string[]]>([
    ['a Service has its cluster address', 'web.ns.svc.cluster.local A', ['web.ns.svc.cluster.local A 10.96.0.7']],
    [
      'a Service has its IPv6 cluster address',
      'web.ns.svc.cluster.local AAAA',
      ['web.ns.svc.cluster.local AAAA fd00::7'],
    ],
    ['a Service has no other type', 'web.ns.svc.cluster.local MX', []],
    [
      'a named port is found by SRV',
      '_http._tcp.web.ns.svc.cluster.local SRV',
      [
        '_http._tcp.web.ns.svc.cluster.local SRV 100 80 web.ns.svc.cluster.local',
        '+ web.ns.svc.cluster.local A 10.96.0.7',
        '+ web.ns.svc.cluster.local AAAA fd00::7',
      ],
    ],
    ['the step to a port exists', '_udp.web.ns.svc.cluster.local A', []],
    [
      'a headless Service has the addresses of ready endpoints',
      'db.ns.svc.cluster.local A',
      ['db.ns.svc.cluster.local A 10.1.0.5', 'db.ns.svc.cluster.local A 10.1.0.6'],
    ],
    [
      'an endpoint is found by its hostname',
      'db-0.db.ns.svc.cluster.local A',
      ['db-0.db.ns.svc.cluster.local A 10.1.0.5'],
    ],
    [
      'an endpoint without one by its address',
      '10-1-0-6.db.ns.svc.cluster.local A',
      ['10-1-0-6.db.ns.svc.cluster.local A 10.1.0.6'],
    ],
    [
      'ports of a headless Service lead to its endpoints',
      '_pg._tcp.db.ns.svc.cluster.local SRV',
      [
        '_pg._tcp.db.ns.svc.cluster.local SRV 50 5432 db-0.db.ns.svc.cluster.local',
        '_pg._tcp.db.ns.svc.cluster.local SRV 50 5432 10-1-0-6.db.ns.svc.cluster.local',
        '+ db-0.db.ns.svc.cluster.local A 10.1.0.5',
        '+ 10-1-0-6.db.ns.svc.cluster.local A 10.1.0.6',
      ],
    ],
    [
      'an external name is an alias',
      'elsewhere.ns.svc.cluster.local A',
      ['elsewhere.ns.svc.cluster.local CNAME example.com'],
    ],
    [
      'a pod has the address in its name',
      '10-1-0-9.ns.pod.cluster.local A',
      ['10-1-0-9.ns.pod.cluster.local A 10.1.0.9'],
    ],
    ['the zone names its version', 'dns-version.cluster.local TXT', ['dns-version.cluster.local TXT 1.1.0']],
    ['the zone has an authority', 'cluster.local SOA', ['cluster.local SOA ns.dns.cluster.local']],
    ['a namespace exists', 'ns.svc.cluster.local A', []],
    [
      'a cluster address has a name',
      '7.0.96.10.in-addr.arpa PTR',
      ['7.0.96.10.in-addr.arpa PTR web.ns.svc.cluster.local'],
    ],
    [
      'a headless endpoint has a name',
      '5.0.1.10.in-addr.arpa PTR',
      ['5.0.1.10.in-addr.arpa PTR db-0.db.ns.svc.cluster.local'],
    ],
  ])('%s', async (_title, question, expected) => {
    expect(await ask(question)).toEqual(['NOERROR', ...expected]);
  });

  it.each([
    'nobody.ns.svc.cluster.local A',
    'web.other.svc.cluster.local A',
    'x.web.ns.svc.cluster.local A',
    '_https._tcp.web.ns.svc.cluster.local SRV',
    '10-1-0-9.other.pod.cluster.local A',
    'not-an-ip.ns.pod.cluster.local A',
    'a.b.c.d.e.cluster.local A',
    'empty.ns.svc.cluster.local A',
  ])('%s does not exist', async (question) => {
    expect(await ask(question)).toEqual(['NXDOMAIN']);
  });

  it('leaves other names to others', async () => {
    expect(await ask('example.com A')).toEqual(['REFUSED']);
    expect(await ask('notcluster.local A')).toEqual(['REFUSED']);
    expect(await ask('1.1.1.1.in-addr.arpa PTR')).toEqual(['REFUSED']);
  });
});

it.each([
  ['4.3.2.1.in-addr.arpa', '1.2.3.4'],
  ['7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa', 'fd00::7'],
  ['x.3.2.1.in-addr.arpa', undefined],
  ['3.2.1.in-addr.arpa', undefined],
])('%s spells %s', (name, address) => {
  expect(addressOf(name)).toBe(address);
});
