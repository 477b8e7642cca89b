import { setImmediate } from 'node:timers/promises';
import { newMetrics, silent } from '@kubephant/base';
import { newFakeClock, type FakeClock } from '@kubephant/base/testing';
import { newFakeInformer, type FakeInformer } from '@kubephant/informer/testing';
import type { EndpointSlice, Node, Service } from '@kubephant/schema';
import { newProxyMetrics } from './metrics';
import { runProxier } from './proxier';

const meta = (name: string, labels?: Record<string, string>) => ({
  name,
  namespace: 'ns',
  uid: name,
  resourceVersion: '1',
  ...(labels && { labels }),
});

const service = (name: string, clusterIP: string, labels?: Record<string, string>): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: meta(name, labels),
  spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] },
});

const slice = (of: string, addresses: readonly string[], changedAt?: string): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    ...meta(`${of}-1`, { 'kubernetes.io/service-name': of }),
    ...(changedAt && { annotations: { 'endpoints.kubernetes.io/last-change-trigger-time': changedAt } }),
  },
  addressType: 'IPv4',
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
});

const node = (address: string): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', uid: 'n1', resourceVersion: '1' },
  spec: {},
  status: { addresses: [{ type: 'InternalIP', address }] },
});

describe('the proxier', () => {
  let clock: FakeClock;
  let services: FakeInformer<Service>;
  let slices: FakeInformer<EndpointSlice>;
  let nodes: FakeInformer<Node>;
  let scripts: string[];
  let failures: number;
  let stop: AbortController;
  let running: Promise<void>;
  const metrics = newMetrics();
  const proxyMetrics = newProxyMetrics(metrics);

  beforeEach(async () => {
    clock = newFakeClock(1_000_000);
    services = newFakeInformer([service('web', '10.96.0.7')]);
    slices = newFakeInformer([slice('web', ['10.1.0.5'], '1970-01-01T00:00:00Z')]);
    nodes = newFakeInformer([node('172.30.0.11')]);
    scripts = [];
    failures = 0;
    stop = new AbortController();
    const netfilter = {
      apply: async (script: string): Promise<void> => {
        scripts.push(script);
        if (failures > 0) {
          failures -= 1;
          throw new Error('no such chain');
        }
      },
    };
    running = runProxier(
      { services, slices, nodes, netfilter, clock, log: silent, metrics: proxyMetrics },
      { nodeName: 'n1', family: 'ip', minSyncMs: 100, table: 'kube-proxy' },
      stop.signal,
    );
    await applied(1);
  });
  afterEach(async () => {
    stop.abort();
    await clock.advance(10_000);
    await running;
  });

  const applied = async (count: number): Promise<void> => {
    while (scripts.length < count) await setImmediate();
  };
  const last = (): string => scripts.at(-1) ?? '';

  it('writes the whole table first, with the addresses of the node', () => {
    expect(last()).toContain('delete table ip kube-proxy');
    expect(last()).toContain('add element ip kube-proxy nodeport-ips { 172.30.0.11 }');
    expect(last()).toContain('add element ip kube-proxy service-ips { 10.96.0.7 . tcp . 80 : goto service-');
  });

  it('then writes what has changed, changes that come together in one transaction', async () => {
    services.set(service('db', '10.96.0.8'));
    slices.set(slice('db', ['10.1.0.6']));
    await clock.advance(100);
    await applied(2);
    expect(last()).not.toContain('delete table');
    expect(last()).toContain('10.96.0.8 . tcp . 80');
    expect(last()).not.toContain('10.96.0.7');
    services.delete(service('db', '10.96.0.8'));
    await clock.advance(100);
    await applied(3);
    expect(last()).toContain('delete element ip kube-proxy service-ips { 10.96.0.8 . tcp . 80 }');
  });

  it('writes everything anew when the kernel refused a change', async () => {
    failures = 1;
    slices.set(slice('web', ['10.1.0.9']));
    await clock.advance(100);
    await applied(2);
    await clock.advance(1_000);
    await applied(3);
    expect(last()).toContain('delete table ip kube-proxy');
    expect(last()).toContain('10.1.0.9');
  });

  it('leaves Services of other proxies to them', async () => {
    services.set(service('other', '10.96.0.9', { 'service.kubernetes.io/service-proxy-name': 'mine' }));
    services.set(service('ours', '10.96.0.10'));
    await clock.advance(100);
    await applied(2);
    expect(last()).toContain('10.96.0.10');
    expect(last()).not.toContain('10.96.0.9');
  });

  it('follows the address of its node', async () => {
    nodes.set(node('172.30.0.12'));
    await clock.advance(100);
    await applied(2);
    expect(last()).toContain('add element ip kube-proxy nodeport-ips { 172.30.0.12 }');
    expect(last()).toContain('delete element ip kube-proxy nodeport-ips { 172.30.0.11 }');
  });

  it('measures from the change in the cluster to the kernel, but not what was before its time', async () => {
    const count = async (): Promise<number> =>
      Number(
        /network_programming_duration_seconds_count\{ip_family="IPv4"\} (\d+)/.exec(
          await metrics.registry.metrics(),
        )?.[1] ?? 0,
      );
    const before = await count();
    slices.set(slice('web', ['10.1.0.6'], new Date(clock.now()).toISOString()));
    await clock.advance(100);
    await applied(2);
    await clock.advance(100);
    expect((await count()) - before).toBe(1);
  });
});
