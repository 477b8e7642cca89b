import { conflict, type Draft } from '@kubephant/api';
import {
  deployments,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
  type ResourceRef,
} from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Pod, PodDisruptionBudget } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { runDisruptionController } from './controller';

const key = { namespace: 'ns', name: 'b' };
const labels = { app: 'web' };
const minute = 60_000;

const budget = (spec: object, status?: object): Draft<PodDisruptionBudget> => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { ...key, generation: 1 },
  spec: { selector: { matchLabels: labels }, ...spec },
  ...(status && { status }),
});

type Owner = readonly [ref: ResourceRef, name: string];
const uidOf = (name: string): string => `uid of ${name}`;
const owned = (owner?: Owner): object =>
  owner
    ? {
        ownerReferences: [
          {
            apiVersion: owner[0].group ? `${owner[0].group}/${owner[0].version}` : owner[0].version,
            kind: owner[0].kind,
            name: owner[1],
            uid: uidOf(owner[1]),
            controller: true,
          },
        ],
      }
    : {};

function seedPods(cluster: FakeCluster, count: number, owner?: Owner, ready = count): void {
  for (let i = 0; i < count; i++) {
    const pod: Draft<Pod> = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'ns', name: `p${i}`, labels, ...owned(owner) },
      spec: { containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: i < ready ? 'True' : 'False' }] },
    };
    cluster.seed(pods, pod);
  }
}

function seedOwner(cluster: FakeCluster, [ref, name]: Owner, replicas: number, above?: Owner): void {
  const apiVersion = ref.group ? `${ref.group}/${ref.version}` : ref.version;
  const metadata = { namespace: 'ns', name, uid: uidOf(name), ...owned(above) };
  cluster.seed(ref, { apiVersion, kind: ref.kind, metadata, spec: { replicas } } as Draft);
}

const replicaSet: Owner = [replicaSets, 'rs'];
const start = (prepare: (cluster: FakeCluster) => void): Promise<Rig> => newRig(runDisruptionController, prepare);
const statusOf = ({ cluster }: Rig): PodDisruptionBudget['status'] => cluster.get(podDisruptionBudgets, key)?.status;

let rig: Rig;
afterEach(() => rig.stop());

describe('a disruption budget', () => {
  it('says how many of its pods may go', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ minAvailable: 2 }));
      seedPods(cluster, 4, undefined, 3);
    });
    expect(statusOf(rig)).toEqual({
      currentHealthy: 3,
      desiredHealthy: 2,
      expectedPods: 4,
      disruptionsAllowed: 1,
      observedGeneration: 1,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status: 'True',
          reason: 'SufficientPods',
          message: '',
          observedGeneration: 1,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        },
      ],
    });
  });

  const demands: readonly (readonly [string, object, readonly [desired: number, expected: number, allowed: number]])[] =
    [
      ['a number', { minAvailable: 3 }, [3, 4, 1]],
      ['a share of what there should be, rounded up', { minAvailable: '50%' }, [3, 5, 1]],
      ['all but a number', { maxUnavailable: 2 }, [3, 5, 1]],
      ['all but a share, rounded up', { maxUnavailable: '30%' }, [3, 5, 1]],
      ['all but more than there are', { maxUnavailable: 9 }, [0, 5, 4]],
      ['nothing', {}, [0, 0, 0]],
    ];
  it.each(demands)('that demands %s', async (_, spec, [desiredHealthy, expectedPods, disruptionsAllowed]) => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget(spec));
      seedOwner(cluster, replicaSet, 5);
      seedPods(cluster, 4, replicaSet);
    });
    expect(statusOf(rig)).toMatchObject({ desiredHealthy, expectedPods, disruptionsAllowed, currentHealthy: 4 });
  });

  it.each([
    ['a ReplicaSet', replicaSets],
    ['a ReplicationController', replicationControllers],
    ['a StatefulSet', statefulSets],
  ])('knows how many pods %s is to have', async (_, ref) => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ maxUnavailable: 1 }));
      seedOwner(cluster, [ref, 'x'], 3);
      seedPods(cluster, 3, [ref, 'x']);
    });
    expect(statusOf(rig)).toMatchObject({ expectedPods: 3, disruptionsAllowed: 1 });
  });

  it('asks the Deployment above a ReplicaSet', async () => {
    const above: Owner = [deployments, 'd'];
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ maxUnavailable: 1 }));
      seedOwner(cluster, above, 4);
      seedOwner(cluster, replicaSet, 3, above);
      seedPods(cluster, 3, replicaSet);
    });
    expect(statusOf(rig)).toMatchObject({ expectedPods: 4, desiredHealthy: 3, disruptionsAllowed: 0 });
  });

  const sets: ResourceRef = { group: 'x.io', version: 'v1', plural: 'sets', kind: 'Set', namespaced: true };
  it('asks any other owner for its scale', async () => {
    rig = await start((cluster) => {
      cluster.paths.set('/apis/x.io/v1', {
        resources: [
          { name: 'sets', kind: 'Set' },
          { name: 'sets/scale', kind: 'Scale' },
        ],
      });
      cluster.paths.set('/apis/x.io/v1/namespaces/ns/sets/s/scale', {
        metadata: { uid: uidOf('s') },
        spec: { replicas: 3 },
      });
      cluster.seed(podDisruptionBudgets, budget({ maxUnavailable: '34%' }));
      seedPods(cluster, 3, [sets, 's']);
    });
    expect(statusOf(rig)).toMatchObject({ expectedPods: 3, disruptionsAllowed: 2 });
  });

  it('allows nothing where nobody knows how many pods there should be', async () => {
    rig = await start((cluster) => {
      cluster.paths.set('/apis/x.io/v1', { resources: [{ name: 'sets', kind: 'Set' }] });
      cluster.seed(podDisruptionBudgets, budget({ maxUnavailable: 1 }, { disruptionsAllowed: 2, currentHealthy: 3 }));
      seedPods(cluster, 3, [sets, 's']);
    });
    const why = 'sets.x.io does not implement the scale subresource';
    expect(statusOf(rig)).toMatchObject({
      disruptionsAllowed: 0,
      currentHealthy: 3,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'SyncFailed', message: why }],
    });
    expect(rig.recorder.said).toContain(
      `Warning CalculateExpectedPodCountFailed ns/b: Failed to calculate the number of expected pods: ${why}`,
    );
  });

  it('says so when nobody controls its pods', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ maxUnavailable: 1 }));
      seedPods(cluster, 1);
    });
    expect(statusOf(rig)).toMatchObject({ expectedPods: 0, disruptionsAllowed: 0 });
    expect(rig.recorder.said[0]).toMatch(
      /^Warning UnmanagedPods ns\/b: Pods selected by this PodDisruptionBudget \(selector: &LabelSelector{MatchLabels:map\[string\]string{app: web,},MatchExpressions:\[\]LabelSelectorRequirement{},}\) were found/,
    );
  });

  it('follows its pods', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ minAvailable: 1 }));
    });
    expect(statusOf(rig)).toMatchObject({ disruptionsAllowed: 0 });
    expect(rig.recorder.said).toContain('Normal NoPods ns/b: No matching pods found');
    seedPods(rig.cluster, 2);
    await rig.settle();
    expect(statusOf(rig)).toMatchObject({ disruptionsAllowed: 1 });
    rig.cluster.change(pods, { namespace: 'ns', name: 'p0' }, ({ metadata }) => (metadata.labels = {}));
    await rig.settle();
    expect(statusOf(rig)).toMatchObject({ disruptionsAllowed: 0, expectedPods: 1 });
  });

  const disrupted = {
    observedGeneration: 1,
    disruptedPods: { p0: '2026-01-01T00:00:00Z', gone: '2026-01-01T00:00:00Z' },
  };
  it('counts a pod that is to be evicted as gone, until it should be', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ minAvailable: 1 }, disrupted));
      seedPods(cluster, 2);
    });
    expect(statusOf(rig)).toMatchObject({
      currentHealthy: 1,
      disruptionsAllowed: 0,
      disruptedPods: { p0: '2026-01-01T00:00:00Z' },
    });
    await rig.settle(2 * minute + 1000);
    expect(statusOf(rig)).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
    rig.cluster.change(
      pods,
      { namespace: 'ns', name: 'p1' },
      ({ metadata }) => (metadata.labels = { ...labels, a: 'b' }),
    );
    await rig.settle();
    expect(statusOf(rig)?.disruptedPods).toBeUndefined();
  });

  it('lets an eviction that came first stay charged', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ minAvailable: 1 }));
      seedPods(cluster, 3);
    });
    const { group, plural: resource } = podDisruptionBudgets;
    rig.cluster.failNext('update', podDisruptionBudgets, conflict({ group, resource }, 'b', 'changed'));
    seedPods(rig.cluster, 0);
    rig.cluster.change(pods, { namespace: 'ns', name: 'p0' }, ({ status }) =>
      Object.assign(status ?? {}, { conditions: [] }),
    );
    await rig.settle(1000);
    expect(statusOf(rig)).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1 });
    expect(statusOf(rig)?.conditions?.[0]?.reason).toBe('SufficientPods');
  });

  it('writes nothing that is written already', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ minAvailable: 1 }));
      seedPods(cluster, 2);
    });
    const writes = (): number => rig.cluster.calls.filter(({ verb }) => verb === 'update').length;
    expect(writes()).toBe(1);
    rig.cluster.change(pods, { namespace: 'ns', name: 'p0' }, ({ metadata }) => (metadata.annotations = { a: 'b' }));
    await rig.settle();
    expect(writes()).toBe(1);
  });
});

describe('a pod that two budgets are about', () => {
  it('is told so', async () => {
    rig = await start((cluster) => {
      cluster.seed(podDisruptionBudgets, budget({ minAvailable: 1 }));
      cluster.seed(podDisruptionBudgets, { ...budget({ minAvailable: 1 }), metadata: { namespace: 'ns', name: 'c' } });
    });
    seedPods(rig.cluster, 1);
    await rig.settle();
    expect(rig.recorder.said).toContain(
      'Warning MultiplePodDisruptionBudgets ns/p0: Pod "ns"/"p0" matches multiple PodDisruptionBudgets.  Chose "b" arbitrarily.',
    );
  });
});

describe('a pod that was to be disrupted', () => {
  it.each([
    ['is so no longer after a while', 'EvictionByEvictionAPI', 'False'],
    ['is so as long as its kubelet says so', 'TerminationByKubelet', 'True'],
  ])('%s', async (_, reason, status) => {
    rig = await start((cluster) => {
      seedPods(cluster, 1);
      cluster.change(pods, { namespace: 'ns', name: 'p0' }, (pod) =>
        pod.status?.conditions?.push({
          type: 'DisruptionTarget',
          status: 'True',
          reason,
          lastTransitionTime: '2026-01-01T00:00:00Z',
        }),
      );
    });
    await rig.settle(2 * minute + 100);
    const conditions = rig.cluster.objects(pods)[0]?.status?.conditions;
    expect(conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({ status });
  });
});
