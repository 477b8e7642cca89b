import { StatusError, type Draft } from '@kubephant/api';
import { pods, replicaSets, replicationControllers } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Pod, ReplicaSet, ReplicationController } from '@kubephant/schema';
import { makeAllReady, makeReady, reap } from '../testing/pods';
import { newRig, type Rig } from '../testing/rig';
import { runReplicaController } from './controller';
import { replicaSetKind, replicationControllerKind } from './kinds';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'web' };

const replicaSet = (replicas: number, minReadySeconds = 0): Draft<ReplicaSet> => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: { ...key, uid: 'rs-uid' },
  spec: {
    replicas,
    minReadySeconds,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
});

const stray = (name: string, labels: Record<string, string>): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'ns', name, labels },
  spec: { containers: [] },
});

const start = (prepare: (cluster: FakeCluster) => void): Promise<Rig> =>
  newRig((context, s) => runReplicaController(replicaSetKind, context, s), prepare);
const status = ({ cluster }: Rig): ReplicaSet['status'] => cluster.get(replicaSets, key)?.status;
const live = ({ cluster }: Rig): readonly Pod[] =>
  cluster.objects(pods).filter((pod) => !pod.metadata.deletionTimestamp);
const scale = ({ cluster }: Rig, replicas: number): unknown =>
  cluster.change(replicaSets, key, (obj) => {
    obj.spec.replicas = replicas;
    obj.metadata.generation = (obj.metadata.generation ?? 0) + 1;
  });

describe('the replicaset controller', () => {
  it('creates what is missing, owned by the set, and reports it', async () => {
    const rig = await start((cluster) => cluster.seed(replicaSets, replicaSet(3)));
    expect(live(rig)).toHaveLength(3);
    expect(live(rig)[0]?.metadata).toMatchObject({
      generateName: 'web-',
      labels: { app: 'web' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: 'web',
          uid: 'rs-uid',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(status(rig)).toEqual({
      replicas: 3,
      fullyLabeledReplicas: 3,
      terminatingReplicas: 0,
      observedGeneration: 1,
    });
    expect(rig.recorder.said).toHaveLength(3);
    makeAllReady(rig.cluster);
    await rig.settle();
    expect(status(rig)).toMatchObject({ readyReplicas: 3, availableReplicas: 3 });
    await rig.stop();
  });

  it('removes the surplus, not ready pods first, and replaces what was deleted', async () => {
    const rig = await start((cluster) => cluster.seed(replicaSets, replicaSet(3)));
    const ready = makeReady(rig.cluster, live(rig)[1]!);
    scale(rig, 1);
    await rig.settle();
    expect(live(rig).map(({ metadata }) => metadata.name)).toEqual([ready.metadata.name]);
    await rig.cluster.client.resource(pods).delete(ready.metadata, signal);
    await rig.settle();
    expect(live(rig)).toHaveLength(1);
    expect(status(rig)).toMatchObject({ replicas: 1, terminatingReplicas: 1, observedGeneration: 2 });
    await reap(rig.cluster);
    await rig.settle();
    expect(status(rig)).toMatchObject({ replicas: 1, terminatingReplicas: 0 });
    await rig.stop();
  });

  it('adopts what it selects and releases what it no longer selects', async () => {
    const rig = await start((cluster) => {
      cluster.seed(replicaSets, replicaSet(1));
      cluster.seed(pods, stray('mine', { app: 'web' }));
      cluster.seed(pods, stray('other', { app: 'db' }));
    });
    expect(live(rig).map(({ metadata }) => [metadata.name, metadata.ownerReferences?.[0]?.name])).toEqual([
      ['mine', 'web'],
      ['other', undefined],
    ]);
    rig.cluster.change(pods, { namespace: 'ns', name: 'mine' }, (pod) => (pod.metadata.labels = { app: 'free' }));
    await rig.settle();
    expect(rig.cluster.get(pods, { namespace: 'ns', name: 'mine' })?.metadata.ownerReferences).toEqual([]);
    expect(live(rig)).toHaveLength(3);
    await rig.stop();
  });

  it('says why pods cannot be created, tries few of them, and recovers', async () => {
    const quota = new StatusError('Forbidden', 'exceeded quota');
    const rig = await start((cluster) => {
      cluster.seed(replicaSets, replicaSet(8));
      cluster.failNext('create', pods, quota);
      cluster.failNext('create', pods, quota);
    });
    expect(rig.recorder.said.filter((line) => line.startsWith('Warning'))).toEqual([
      'Warning FailedCreate ns/web: Error creating: exceeded quota',
      'Warning FailedCreate ns/web: Error creating: exceeded quota',
    ]);
    expect(rig.cluster.calls.filter(({ verb }) => verb === 'create')).toHaveLength(10);
    expect([live(rig).length, status(rig)?.conditions]).toEqual([8, undefined]);
    await rig.stop();
  });

  it('shows the failure as a condition while it lasts', async () => {
    const rig = await start((cluster) => {
      cluster.seed(replicaSets, replicaSet(1));
      for (let i = 0; i < 20; i++) cluster.failNext('create', pods, new StatusError('Forbidden', 'exceeded quota'));
    });
    expect(status(rig)?.conditions).toEqual([
      {
        type: 'ReplicaFailure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'exceeded quota',
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
    ]);
    await rig.stop();
  });

  it('writes of a failure once, although each try says it in other words', async () => {
    const rig = await start((cluster) => {
      cluster.seed(replicaSets, replicaSet(1));
      for (let i = 0; i < 20; i++)
        cluster.failNext('create', pods, new StatusError('Forbidden', `web-${i} is forbidden`));
    });
    expect(status(rig)?.conditions).toMatchObject([{ reason: 'FailedCreate', message: 'web-0 is forbidden' }]);
    expect(rig.cluster.calls.filter(({ subresource }) => subresource === 'status')).toHaveLength(1);
    await rig.stop();
  });

  it('counts pods as available after minReadySeconds', async () => {
    const rig = await start((cluster) => cluster.seed(replicaSets, replicaSet(1, 10)));
    makeAllReady(rig.cluster);
    await rig.settle();
    expect(status(rig)).toMatchObject({ readyReplicas: 1 });
    expect(status(rig)?.availableReplicas).toBeUndefined();
    await rig.settle(10_000);
    expect(status(rig)).toMatchObject({ readyReplicas: 1, availableReplicas: 1 });
    await rig.stop();
  });

  it('leaves the pods alone once it is being deleted', async () => {
    const rig = await start((cluster) => cluster.seed(replicaSets, replicaSet(1)));
    rig.cluster.change(replicaSets, key, (obj) => (obj.metadata.finalizers = ['orphan']));
    await rig.cluster.client.resource(replicaSets).delete(key, signal);
    await rig.cluster.client.resource(pods).delete(live(rig)[0]!.metadata, signal, { gracePeriodSeconds: 0 });
    await rig.settle();
    expect(live(rig)).toEqual([]);
    await rig.stop();
  });
});

it('the replicationcontroller controller does the same for its kind', async () => {
  const { spec, metadata } = replicaSet(2);
  const controller: Draft<ReplicationController> = {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata,
    spec: { ...spec, selector: { app: 'web' } },
  };
  const rig = await newRig(
    (context, s) => runReplicaController(replicationControllerKind, context, s),
    (cluster) => cluster.seed(replicationControllers, controller),
  );
  expect(live(rig).map((pod) => pod.metadata.ownerReferences?.[0]?.kind)).toEqual([
    'ReplicationController',
    'ReplicationController',
  ]);
  expect(rig.cluster.get(replicationControllers, key)?.status).toEqual({
    replicas: 2,
    fullyLabeledReplicas: 2,
    observedGeneration: 1,
  });
  await rig.stop();
});
