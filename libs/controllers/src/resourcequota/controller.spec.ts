import { conflict, type Draft } from '@kubephant/api';
import { configMaps, pods, resourceQuotas, secrets, type ResourceRef } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Pod, ResourceQuota } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { settleMs } from './book';
import { defaultResourceQuota, runResourceQuotaController } from './controller';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'q' };
const { syncPeriodMs: resyncMs } = defaultResourceQuota;

const quota = (hard: Record<string, string>, rest: object = {}, status: object = {}): Draft<ResourceQuota> => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: key,
  spec: { hard, ...rest },
  status,
});
const pod = (name: string, cpu = '1', namespace = 'ns'): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name },
  spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }] },
});
const configMap = (name: string) => ({
  apiVersion: 'v1' as const,
  kind: 'ConfigMap' as const,
  metadata: { namespace: 'ns', name },
});

const widgets: ResourceRef = { group: 'x.io', version: 'v1', plural: 'widgets', kind: 'Widget', namespaced: true };
const widget = (name: string) => ({ apiVersion: 'x.io/v1', kind: 'Widget', metadata: { namespace: 'ns', name } });

const verbs = ['create', 'delete', 'list', 'watch'];
function offerWidgets({ paths }: FakeCluster): void {
  paths.set('/apis/x.io', { versions: [{ version: 'v1' }], preferredVersion: { version: 'v1' } });
  paths.set('/apis/x.io/v1', { resources: [{ name: 'widgets', kind: 'Widget', namespaced: true, verbs }] });
}

const start = (prepare: (cluster: FakeCluster) => void): Promise<Rig> =>
  newRig(
    (context, s) => runResourceQuotaController(context, defaultResourceQuota, s),
    (cluster) => {
      const resources = ['configmaps', 'secrets'].map((name) => ({ name, kind: name, namespaced: true, verbs }));
      cluster.paths.set('/api/v1', { resources });
      prepare(cluster);
    },
  );
const statusOf = ({ cluster }: Rig): ResourceQuota['status'] => cluster.get(resourceQuotas, key)?.status;
const usedOf = (rig: Rig): unknown => statusOf(rig)?.used;
/** What admission does before an object is made. */
const charge = ({ cluster }: Rig, used: Record<string, string>): void =>
  void cluster.change(resourceQuotas, key, ({ status }) => Object.assign(status ?? {}, { used }));
const removePod = ({ cluster }: Rig, name: string): Promise<void> =>
  cluster.client.resource(pods).delete({ namespace: 'ns', name }, signal, { gracePeriodSeconds: 0 });

let rig: Rig;
afterEach(() => rig.stop());

describe('the quota controller', () => {
  it('says what is limited and how much of it is used', async () => {
    const hard = { pods: '5', 'requests.cpu': '4', configmaps: '9', 'count/secrets': '9', 'count/nothing.at.all': '1' };
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota(hard));
      for (const name of ['a', 'b']) cluster.seed(pods, pod(name, '1500m'));
      cluster.seed(pods, pod('elsewhere', '1', 'other'));
      cluster.seed(configMaps, configMap('c'));
      cluster.seed(secrets, { ...configMap('s'), kind: 'Secret' });
    });
    expect(statusOf(rig)).toEqual({
      hard,
      used: { pods: '2', 'requests.cpu': '3', configmaps: '1', 'count/secrets': '1' },
    });
  });

  it('follows what is limited', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '5' }));
      cluster.seed(pods, pod('a'));
    });
    rig.cluster.change(resourceQuotas, key, ({ spec }) => (spec.hard = { pods: '7', configmaps: '1' }));
    await rig.settle();
    expect(statusOf(rig)).toEqual({ hard: { pods: '7', configmaps: '1' }, used: { pods: '1', configmaps: '0' } });
  });

  it('counts only what is in scope', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '5' }, { scopes: ['Terminating'] }));
      cluster.seed(pods, pod('a'));
      cluster.seed(pods, { ...pod('b'), spec: { ...pod('b').spec, activeDeadlineSeconds: 5 } });
    });
    expect(usedOf(rig)).toEqual({ pods: '1' });
  });

  it.each([
    ['is deleted', (r: Rig) => removePod(r, 'a')],
    [
      'ends',
      async ({ cluster }: Rig) =>
        void cluster.change(pods, { namespace: 'ns', name: 'a' }, (obj) => (obj.status = { phase: 'Succeeded' })),
    ],
  ])('hands back at once what a pod used that %s', async (_, end) => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '2', 'requests.cpu': '2' }));
      for (const name of ['a', 'b']) cluster.seed(pods, pod(name));
    });
    await end(rig);
    await rig.settle();
    expect(usedOf(rig)).toEqual({ pods: '1', 'requests.cpu': '1' });
  });

  it('leaves alone what is charged for but not made yet', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '5' }));
      for (const name of ['a', 'b']) cluster.seed(pods, pod(name));
    });
    charge(rig, { pods: '3' });
    await removePod(rig, 'a');
    await rig.settle();
    expect(usedOf(rig)).toEqual({ pods: '2' });
    rig.cluster.seed(pods, pod('c'));
    await rig.settle(resyncMs);
    expect(usedOf(rig)).toEqual({ pods: '2' });
  });

  it('hands back what was charged for nothing when no request can be under way any more', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '5' }, {}, { hard: { pods: '5' }, used: { pods: '4' } }));
      cluster.seed(pods, pod('a'));
    });
    await rig.settle(settleMs / 2);
    expect(usedOf(rig)).toEqual({ pods: '4' });
    // One of the three was under way, and another request is when the time is over.
    rig.cluster.seed(pods, pod('b'));
    await rig.settle();
    charge(rig, { pods: '5' });
    await rig.settle(settleMs / 2);
    expect(usedOf(rig)).toEqual({ pods: '3' });
  });

  it('hands nothing back twice, whoever writes in between', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '5' }));
      for (const name of ['a', 'b', 'c']) cluster.seed(pods, pod(name));
    });
    rig.cluster.failNext('update', resourceQuotas, conflict({ group: '', resource: 'resourcequotas' }, 'q', 'changed'));
    await removePod(rig, 'a');
    charge(rig, { pods: '5' });
    await rig.settle(1000);
    expect(usedOf(rig)).toEqual({ pods: '4' });
  });

  it('finds out what was missed, in time', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ pods: '5' }));
      cluster.seed(pods, pod('a'));
    });
    // Let in by a server that did not know of the quota yet.
    rig.cluster.seed(pods, pod('b'));
    await rig.settle(1000);
    expect(usedOf(rig)).toEqual({ pods: '2' });
    rig.cluster.change(pods, { namespace: 'ns', name: 'a' }, ({ metadata }) => {
      metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
      metadata.deletionGracePeriodSeconds = 30;
    });
    await rig.settle(resyncMs + settleMs);
    expect(usedOf(rig)).toEqual({ pods: '1' });
  });

  it('counts custom resources from when they are there until they are gone', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ 'count/widgets.x.io': '3' }));
    });
    expect(statusOf(rig)).toEqual({ hard: { 'count/widgets.x.io': '3' }, used: {} });
    offerWidgets(rig.cluster);
    rig.cluster.seed(widgets, widget('a'));
    await rig.settle(30_000);
    expect(usedOf(rig)).toEqual({ 'count/widgets.x.io': '1' });
    rig.cluster.paths.delete('/apis/x.io');
    await rig.settle(30_000);
    expect(usedOf(rig)).toEqual({ 'count/widgets.x.io': '1' });
  });

  it('watches nothing that no quota limits', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ configmaps: '5' }));
    });
    const watched = rig.cluster.calls.filter(({ verb }) => verb === 'watch').map(({ resource }) => resource);
    expect([...new Set(watched)].sort()).toEqual(['configmaps', 'resourcequotas']);
  });

  it('writes nothing that is written already', async () => {
    rig = await start((cluster) => {
      cluster.seed(resourceQuotas, quota({ cpu: '1000m' }, {}, { hard: { cpu: '1' }, used: { cpu: '1000m' } }));
      cluster.seed(pods, pod('a'));
    });
    await rig.settle(resyncMs);
    expect(rig.cluster.calls.filter(({ verb }) => verb === 'update')).toEqual([]);
  });
});
