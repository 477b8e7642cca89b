import { notFound } from '@kubephant/api';
import { newGroup, newMetrics, silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import {
  configMaps,
  deployments,
  namespaces,
  nodes,
  pods,
  replicaSets,
  serviceAccounts,
  type Transport,
} from '@kubephant/client';
import { newFakeCluster } from '@kubephant/client/testing';
import { newWorkQueueMetrics } from '@kubephant/informer';
import { parsePools } from '../nodeipam/allocate';
import { defaultNodeLifecycle } from '../nodelifecycle/controller';
import { defaultPodGc } from '../podgc/decide';
import { defaultResourceQuota } from '../resourcequota/controller';
import { newCredentials } from './credentials';
import { runControllers, type ControllersConfig } from './run-controllers';
import { controllerTable, selectControllers } from './table';

const { signal } = new AbortController();

describe('the controllers', () => {
  it('work together, each under its own account, and can be started twice', async () => {
    const clock = newFakeClock(Date.parse('2026-01-01T00:00:00Z'));
    const cluster = newFakeCluster(clock);
    cluster.paths.set('/apis', { groups: [] });
    cluster.paths.set('/api/v1', { resources: [] });
    cluster.seed(namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' }, spec: {} });
    cluster.seed(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, spec: {} });
    cluster.seed(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace: 'ns', name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [] } },
      },
    });
    const accounts = new Set<string>();
    const clientFor = (name: string): typeof cluster.client => (accounts.add(name), cluster.client);
    const metrics = newMetrics();
    const queueMetrics = newWorkQueueMetrics(metrics, clock);
    const config: ControllersConfig = {
      controllers: ['*'],
      workers: {},
      rootCa: 'PEM',
      pools: parsePools('10.244.0.0/16'),
      nodeLifecycle: defaultNodeLifecycle,
      maxEndpointsPerSlice: 100,
      maxMirroredPerSubset: 1000,
      podGc: defaultPodGc,
      resourceQuota: defaultResourceQuota,
    };
    for (let term = 0; term < 2; term++) {
      const group = newGroup();
      group.go('controllers', (s) =>
        runControllers({ client: cluster.client, clientFor, clock, log: silent, metrics, queueMetrics }, config, s),
      );
      for (let i = 0; i < 100; i++) await clock.advance(10);
      group.stop();
      await group.wait();
      expect(clock.sleepers).toBe(0);
    }
    expect([...accounts].sort()).toEqual(
      [...new Set(controllerTable.map(({ serviceAccount }) => serviceAccount))].sort(),
    );
    expect(cluster.objects(pods)).toHaveLength(2);
    expect(cluster.objects(replicaSets)).toHaveLength(1);
    expect(cluster.objects(nodes)[0]?.spec.podCIDR).toBe('10.244.0.0/24');
    expect([cluster.objects(serviceAccounts).length, cluster.objects(configMaps).length]).toEqual([1, 1]);
    expect(await metrics.registry.metrics()).toContain('workqueue_adds_total{name="deployment"}');
  });

  it.each([
    ['all', ['*'], controllerTable.length],
    ['all but one', ['*', '-namespace-controller'], controllerTable.length - 1],
    ['one', ['deployment-controller'], 1],
  ])('are selected: %s', (_, asked, count) => expect(selectControllers(asked)).toHaveLength(count));

  it('that do not exist cannot be selected', () => {
    expect(() => selectControllers(['*', '-nonsense'])).toThrow('"nonsense" is not in the list of known controllers');
  });
});

it('credentials make the service account that is missing, and speak for it', async () => {
  const clock = newFakeClock();
  const cluster = newFakeCluster(clock);
  const sent: unknown[] = [];
  const transport: Transport = {
    async send({ headers }) {
      sent.push([headers?.['authorization'], headers?.['user-agent']]);
      return {
        status: 200,
        headers: new Map(),
        body: (async function* () {
          yield Buffer.from('{}');
        })(),
      };
    },
  };
  // The fake gives a token to anybody; the server does not know the account.
  cluster.failNext('post', serviceAccounts, notFound({ group: '', resource: 'serviceaccounts' }, 'x'));
  const clientFor = newCredentials({ client: cluster.client, transport, clock, userAgent: 'kcm/v1' });
  await clientFor('x').raw('/version', signal);
  expect(cluster.objects(serviceAccounts).map(({ metadata }) => metadata.name)).toEqual(['x']);
  expect(sent).toEqual([['Bearer token-of-kube-system/x', 'kcm/v1/x']]);
  expect(clientFor('x')).toBe(clientFor('x'));
});
