import type { Draft } from '@kubephant/api';
import { leases, nodes, pods } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Node, NodeCondition, Pod, Taint, Toleration } from '@kubephant/schema';
import { newRig, type Rig } from '../testing/rig';
import { defaultNodeLifecycle, runNodeLifecycleController } from './controller';
import { runTaintEvictionController } from './taint-eviction';
import { toleratedForMs } from './tolerations';
import { defaultRates, evictionRate, zonesOf } from './zones';

const heartbeat = (status: string, more: Partial<NodeCondition> = {}): NodeCondition => ({
  type: 'Ready',
  status,
  lastHeartbeatTime: '2026-01-01T00:00:00Z',
  lastTransitionTime: '2026-01-01T00:00:00Z',
  ...more,
});

const node = (name: string, status = 'True', taints: Taint[] = []): Draft<Node> => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: taints.length > 0 ? { taints } : {},
  status: { conditions: [heartbeat(status)] },
});

const pod = (name: string, nodeName: string, tolerations: Toleration[] = []): Draft<Pod> => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'ns', name },
  spec: { nodeName, containers: [], tolerations },
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
});

const start = (prepare: (cluster: FakeCluster) => void): Promise<Rig> =>
  newRig((context, s) => runNodeLifecycleController(context, defaultNodeLifecycle, s), prepare);
const current = ({ cluster }: Rig, name: string): Node => cluster.get(nodes, { name })!;
const taints = (rig: Rig, name: string): string[] =>
  (current(rig, name).spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
const report = ({ cluster }: Rig, name: string, status: string): unknown =>
  cluster.change(
    nodes,
    { name },
    (obj) => (obj.status!.conditions = [heartbeat(status, { lastHeartbeatTime: new Date().toISOString() })]),
  );
const renew = ({ cluster, clock }: Rig, name: string): unknown =>
  cluster.change(
    leases,
    { namespace: 'kube-node-lease', name },
    (lease) => (lease.spec = { renewTime: new Date(clock.now()).toISOString() }),
  );

/** Lets `ms` pass in steps of five seconds, in which the nodes in `alive` renew their leases. */
async function pass(rig: Rig, ms: number, ...alive: readonly string[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5000) {
    alive.forEach((name) => renew(rig, name));
    await rig.settle(5000);
  }
}

function seedLeases(cluster: FakeCluster, ...names: readonly string[]): void {
  for (const name of names) {
    const metadata = { namespace: 'kube-node-lease', name };
    cluster.seed(leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: {} });
  }
}

describe('the node lifecycle controller', () => {
  it('declares a silent node unknown after 50 seconds, taints it, and marks its pods', async () => {
    const rig = await start((cluster) => {
      ['a', 'b'].forEach((name) => cluster.seed(nodes, node(name)));
      seedLeases(cluster, 'a', 'b');
      cluster.seed(pods, pod('p', 'a'));
    });
    await pass(rig, 45_000, 'b');
    expect(current(rig, 'a').status?.conditions?.[0]?.status).toBe('True');
    await pass(rig, 15_000, 'b');
    expect(current(rig, 'a').status?.conditions).toMatchObject([
      {
        type: 'Ready',
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      },
      { type: 'MemoryPressure', status: 'Unknown', reason: 'NodeStatusNeverUpdated' },
      { type: 'DiskPressure', status: 'Unknown' },
      { type: 'PIDPressure', status: 'Unknown' },
    ]);
    expect(taints(rig, 'a')).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    expect(taints(rig, 'b')).toEqual([]);
    expect(rig.cluster.get(pods, { namespace: 'ns', name: 'p' })?.status?.conditions).toMatchObject([
      { type: 'Ready', status: 'False' },
    ]);
    expect(rig.recorder.said).toContain('Normal NodeNotReady a: Node a status is now: NodeNotReady');
    report(rig, 'a', 'True');
    await rig.settle();
    expect(taints(rig, 'a')).toEqual([]);
    await rig.stop();
  });

  it('taints a node as its conditions say, at once, and leaves other taints alone', async () => {
    const own = { key: 'team', value: 'x', effect: 'NoSchedule' };
    const rig = await start((cluster) => {
      cluster.seed(nodes, node('a', 'True', [own, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]));
      cluster.seed(nodes, node('ok'));
    });
    expect(taints(rig, 'a')).toEqual(['team:NoSchedule']);
    rig.cluster.change(nodes, { name: 'a' }, (obj) => {
      obj.spec.unschedulable = true;
      obj.status!.conditions!.push({ type: 'DiskPressure', status: 'True' });
    });
    await rig.settle();
    expect(taints(rig, 'a').sort()).toEqual([
      'node.kubernetes.io/disk-pressure:NoSchedule',
      'node.kubernetes.io/unschedulable:NoSchedule',
      'team:NoSchedule',
    ]);
    await rig.stop();
  });

  it('exchanges the eviction taint when a node that was not ready becomes unreachable', async () => {
    const evicting = { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' };
    const rig = await start((cluster) => {
      cluster.seed(nodes, node('a', 'Unknown', [evicting]));
      cluster.seed(nodes, node('ok'));
    });
    expect(taints(rig, 'a')).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ]);
    await rig.stop();
  });

  it('gives up one node every ten seconds', async () => {
    const down = ['a', 'b', 'c'];
    const rig = await start((cluster) => {
      down.forEach((name) => cluster.seed(nodes, node(name, 'False')));
      ['u', 'v', 'w', 'x'].forEach((name) => cluster.seed(nodes, node(name)));
    });
    const givenUp = (): number =>
      down.filter((name) => taints(rig, name).some((taint) => taint.endsWith('NoExecute'))).length;
    expect(givenUp()).toBe(1);
    await pass(rig, 10_000);
    expect(givenUp()).toBe(2);
    await rig.stop();
  });

  it('gives up no node while all are lost: it may be us', async () => {
    const rig = await start((cluster) => {
      cluster.seed(nodes, node('a', 'Unknown', [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }]));
      cluster.seed(nodes, node('b', 'Unknown'));
    });
    await pass(rig, 60_000);
    expect([...taints(rig, 'a'), ...taints(rig, 'b')]).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoSchedule',
    ]);
    await rig.stop();
  });

  it('is not held up by one node that cannot be written', async () => {
    const rig = await start((cluster) => {
      ['a', 'b', 'ok'].forEach((name) => cluster.seed(nodes, node(name)));
      seedLeases(cluster, 'ok');
    });
    rig.cluster.failNext('patch', nodes, new Error('no'));
    await pass(rig, 55_000, 'ok');
    const unknown = ['a', 'b'].filter((name) => current(rig, name).status?.conditions?.[0]?.status === 'Unknown');
    expect(unknown).toHaveLength(1);
    await rig.stop();
  });
});

describe('zones', () => {
  const zone = (size: number, down: number): readonly Node[] =>
    Array.from({ length: size }, (_, i) => node(`n${i}`, i < down ? 'Unknown' : 'True') as Node);
  it.each([
    ['healthy', 10, 2, 'Normal', 0.1],
    ['small and partly down', 10, 6, 'PartialDisruption', 0],
    ['large and partly down', 100, 60, 'PartialDisruption', 0.01],
    ['wholly down', 3, 3, 'FullDisruption', 0.1],
    ['tiny with one down', 2, 1, 'Normal', 0.1],
  ])('that are %s', (_, size, down, state, rate) => {
    const [only] = zonesOf(zone(size, down), defaultRates);
    expect([only?.state, evictionRate(only!, defaultRates)]).toEqual([state, rate]);
  });
});

describe('the taint eviction controller', () => {
  const taint: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };
  const startEviction = (prepare: (cluster: FakeCluster) => void): Promise<Rig> =>
    newRig(runTaintEvictionController, prepare);
  const leaving = ({ cluster }: Rig): string[] =>
    cluster
      .objects(pods)
      .filter(({ metadata }) => metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name);

  it('deletes pods when their toleration is over, saying why', async () => {
    const rig = await startEviction((cluster) => {
      cluster.seed(nodes, node('a', 'Unknown', [taint]));
      cluster.seed(pods, pod('intolerant', 'a'));
      cluster.seed(
        pods,
        pod('patient', 'a', [{ key: taint.key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }]),
      );
      cluster.seed(pods, pod('tolerant', 'a', [{ operator: 'Exists' }]));
      cluster.seed(pods, pod('elsewhere', 'b'));
    });
    expect(leaving(rig)).toEqual(['intolerant']);
    expect(rig.cluster.get(pods, { namespace: 'ns', name: 'intolerant' })?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }),
    );
    await rig.settle(299_000);
    expect(leaving(rig)).toEqual(['intolerant']);
    await rig.settle(1000);
    expect(leaving(rig)).toEqual(['intolerant', 'patient']);
    await rig.stop();
  });

  it('lets a pod stay when the taint goes in time', async () => {
    const patient = pod('p', 'a', [{ operator: 'Exists', tolerationSeconds: 60 }]);
    const rig = await startEviction((cluster) => {
      cluster.seed(nodes, node('a', 'Unknown', [taint]));
      cluster.seed(pods, patient);
    });
    await rig.settle(30_000);
    rig.cluster.change(nodes, { name: 'a' }, (obj) => (obj.spec.taints = []));
    await rig.settle(120_000);
    expect(leaving(rig)).toEqual([]);
    expect(rig.recorder.said).toEqual(['Normal TaintManagerEviction ns/p: Cancelling deletion of Pod ns/p']);
    await rig.stop();
  });

  it.each<[string, Toleration[], number]>([
    ['without a toleration', [], 0],
    ['with another key', [{ key: 'other', operator: 'Exists' }], 0],
    ['with the same value', [{ key: taint.key, operator: 'Equal', value: '' }], Infinity],
    ['with another value', [{ key: taint.key, value: 'x' }], 0],
    ['with another effect', [{ key: taint.key, operator: 'Exists', effect: 'NoSchedule' }], 0],
    ['for everything', [{ operator: 'Exists' }], Infinity],
    ['for a while', [{ key: taint.key, operator: 'Exists', tolerationSeconds: 5 }], 5000],
    ['for a negative while', [{ key: taint.key, operator: 'Exists', tolerationSeconds: -1 }], 0],
  ])('a pod %s', (_, tolerations, ms) => expect(toleratedForMs([taint], tolerations)).toBe(ms));
});
