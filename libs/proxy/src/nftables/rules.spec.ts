import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EndpointSlice, Service, ServiceSpec } from '@kubephant/schema';
import { servicePorts } from '../model/service-port';
import { combine, type Ruleset } from './ruleset';
import { emptyRuleset, fullScript, incrementalScript } from './script';
import { serviceRules } from './service-rules';

interface Backend {
  readonly address: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly terminating?: boolean;
}

function rulesetOf(name: string, spec: ServiceSpec, backends: readonly Backend[]): Ruleset {
  const service: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'ns', uid: name, resourceVersion: '1' },
    spec: { clusterIPs: ['10.96.0.7'], ...spec },
  };
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'ns', uid: name, resourceVersion: '1' },
    addressType: 'IPv4',
    endpoints: backends.map(({ address, node = 'n1', ready = true, terminating = false }) => ({
      addresses: [address],
      nodeName: node,
      conditions: { ready, serving: ready || terminating, terminating },
    })),
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  };
  const ports = servicePorts(service, [slice], { nodeName: 'n1', family: 'ip' });
  return combine(ports.map((port) => serviceRules(port, { family: 'ip', clusterCidr: '10.160.0.0/16' })));
}

const ports = [{ name: 'http', port: 80, protocol: 'TCP' as const }];
const two: Backend[] = [{ address: '10.160.0.6' }, { address: '10.160.0.5', node: 'n2' }];

const cases: readonly (readonly [title: string, ruleset: Ruleset])[] = [
  ['a cluster address with two endpoints', rulesetOf('web', { ports }, two)],
  ['a node port', rulesetOf('web', { type: 'NodePort', ports: [{ ...ports[0]!, nodePort: 30080 }] }, two)],
  [
    'a node port that keeps to this node',
    rulesetOf(
      'web',
      { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ ...ports[0]!, nodePort: 30080 }] },
      two,
    ),
  ],
  [
    'internal traffic that keeps to this node, without an endpoint here',
    rulesetOf('web', { internalTrafficPolicy: 'Local', ports }, [two[1]!]),
  ],
  ['no endpoints at all', rulesetOf('web', { type: 'NodePort', ports: [{ ...ports[0]!, nodePort: 30080 }] }, [])],
  ['endpoints of which none is ready', rulesetOf('web', { ports }, [{ address: '10.160.0.5', ready: false }])],
  [
    'endpoints that terminate but still serve',
    rulesetOf('web', { ports }, [{ address: '10.160.0.5', ready: false, terminating: true }]),
  ],
  ['clients that stay with their endpoint', rulesetOf('web', { sessionAffinity: 'ClientIP', ports }, [two[0]!])],
  ['an external address', rulesetOf('web', { externalIPs: ['192.0.2.1'], ports }, [two[0]!])],
  ['a headless Service', rulesetOf('web', { clusterIPs: ['None'], ports }, two)],
];

function print({ chains, elements, affinities }: Ruleset): string {
  return [
    ...[...affinities].map(([name, seconds]) => `set ${name} ${seconds}s`),
    ...[...elements].flatMap(([container, entries]) =>
      [...entries].map(([key, verdict]) => `${container} { ${key}${verdict && ` : ${verdict}`} }`),
    ),
    ...[...chains].flatMap(([name, rules]) => [`chain ${name}`, ...rules.map((rule) => `  ${rule}`)]),
  ].join('\n');
}

/** Rewritten with UPDATE_GOLDEN=1 and reviewed as a diff. */
const goldenFile = join(__dirname, '..', 'testdata', 'rules.golden');

it('makes these rules of these Services', () => {
  const text = cases.map(([title, ruleset]) => `${title}\n----\n${print(ruleset)}\n`).join('\n');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(goldenFile, text);
  expect(text).toBe(readFileSync(goldenFile, 'utf8'));
});

describe('a change', () => {
  const before = rulesetOf('web', { ports }, two);
  const change = (next: Ruleset): string[] =>
    incrementalScript(before, next, 'ip', 'kube-proxy').split('\n').filter(Boolean);

  it('of nothing writes nothing', () => {
    expect(incrementalScript(before, rulesetOf('web', { ports }, two), 'ip', 'kube-proxy')).toBe('');
  });

  it('of one endpoint leaves the other and the look-up alone', () => {
    const script = change(rulesetOf('web', { ports }, [two[0]!]));
    expect(script.filter((line) => line.includes('element') || line.includes('10.160.0.6/8080" '))).toEqual([]);
    expect(script.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'flush chain',
      'add rule',
      'add rule',
      'flush chain',
      'delete chain',
    ]);
  });

  it('removes everything of a Service that is gone, look-ups first', () => {
    const script = change(emptyRuleset);
    const first = (what: string): number => script.findIndex((line) => line.startsWith(what));
    expect(first('delete element')).toBe(0);
    expect(first('flush chain')).toBeLessThan(first('delete chain'));
    expect(script.filter((line) => line.startsWith('delete chain')).length).toBe(3);
  });

  it('between two Services that claim the same address keeps the first', () => {
    const both = combine([
      { chains: [], elements: [['service-ips', 'k', 'goto a']], affinities: [] },
      { chains: [], elements: [['service-ips', 'k', 'goto b']], affinities: [] },
    ]);
    expect(both.elements.get('service-ips')).toEqual(new Map([['k', 'goto a']]));
  });
});

// The kernel's own opinion, in a network namespace that ends with the command. Needs root and nft(8), which `./kubephant test` installs.
describe('the kernel', () => {
  const inNamespace = (...scripts: string[]): string =>
    execFileSync(
      'unshare',
      [
        '--net',
        'sh',
        '-c',
        scripts
          .map((_, i) => `nft -f "$${i + 1}"`)
          .concat('nft list table ip kube-proxy')
          .join(' && '),
        'sh',
        ...scripts.map(asFile),
      ],
      {
        encoding: 'utf8',
      },
    );
  let directory: string;
  let count = 0;
  const asFile = (script: string): string => {
    const path = join(directory, `${(count += 1)}.nft`);
    writeFileSync(path, script);
    return path;
  };
  beforeAll(() => {
    directory = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  });
  afterAll(() => {
    execFileSync('rm', ['-r', directory]);
  });

  it.each(cases)('takes %s, and a change to and from it', (_title, ruleset) => {
    const full = fullScript(emptyRuleset, 'ip', 'kube-proxy');
    const there = incrementalScript(emptyRuleset, ruleset, 'ip', 'kube-proxy');
    const back = incrementalScript(ruleset, emptyRuleset, 'ip', 'kube-proxy');
    const scripts = [full, there, back].filter((script) => script !== '');
    expect(inNamespace(...scripts)).toBe(inNamespace(full));
    expect(inNamespace(fullScript(ruleset, 'ip', 'kube-proxy'))).toBe(
      inNamespace(...[full, there].filter((script) => script !== '')),
    );
  });
});
