import type { Draft } from '@kubephant/api';
import { deployments, pods, replicaSets } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Deployment, DeploymentCondition, DeploymentSpec, Pod, ReplicaSet } from '@kubephant/schema';
import { runReplicaController } from '../replicaset/controller';
import { replicaSetKind } from '../replicaset/kinds';
import { makeAllReady, reap } from '../testing/pods';
import { newRig, type Rig } from '../testing/rig';
import { runDeploymentController } from './controller';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'web' };

const deployment = (spec: Partial<DeploymentSpec> = {}): Draft<Deployment> => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { ...key, annotations: { note: 'kept', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'v1' }] } },
    progressDeadlineSeconds: 600,
    ...spec,
  },
});

const start = (draft: Draft<Deployment>, prepare: (cluster: FakeCluster) => void = () => undefined): Promise<Rig> =>
  newRig(
    async (context, s) => {
      await Promise.all([runDeploymentController(context, s), runReplicaController(replicaSetKind, context, s)]);
    },
    (cluster) => {
      cluster.seed(deployments, draft);
      prepare(cluster);
    },
  );

/** Lets kubelets and controllers work until the rollout is over. */
async function rollOut(rig: Rig): Promise<void> {
  for (let i = 0; i < 8; i++) {
    makeAllReady(rig.cluster);
    await reap(rig.cluster);
    await rig.settle();
  }
}

const current = ({ cluster }: Rig): Deployment => cluster.get(deployments, key)!;
const condition = (rig: Rig, type: string): DeploymentCondition | undefined =>
  current(rig).status?.conditions?.find((each) => each.type === type);
const imageOf = ({ spec }: ReplicaSet): string | undefined => spec.template?.spec?.containers[0]?.image;
/** `image size revision` of every set. */
const sets = ({ cluster }: Rig): string[] =>
  cluster
    .objects(replicaSets)
    .map(
      (set) =>
        `${imageOf(set)!} ${set.spec.replicas!} ${set.metadata.annotations!['deployment.kubernetes.io/revision']!}`,
    )
    .sort();
/** To which part of the deployment the controller has written. */
const writesOf = ({ cluster }: Rig): readonly (string | undefined)[] => [
  ...new Set(
    cluster.calls
      .filter(({ verb, resource }) => verb === 'update' && resource === 'deployments.apps')
      .map(({ subresource }) => subresource),
  ),
];
const change = (rig: Rig, apply: (spec: DeploymentSpec) => void): unknown =>
  rig.cluster.change(deployments, key, (obj) => {
    apply(obj.spec);
    obj.metadata.generation = (obj.metadata.generation ?? 0) + 1;
  });
const setImage = (rig: Rig, image: string): unknown =>
  change(rig, (spec) => (spec.template.spec!.containers[0]!.image = image));

describe('the deployment controller', () => {
  it('creates a set whose name, labels and selector carry the hash of the template', async () => {
    const rig = await start(deployment());
    const [set] = rig.cluster.objects(replicaSets);
    const hash = set!.metadata.labels!['pod-template-hash']!;
    expect(hash).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]+$/);
    expect(set).toMatchObject({
      metadata: {
        name: `web-${hash}`,
        labels: { app: 'web', 'pod-template-hash': hash },
        annotations: {
          note: 'kept',
          'deployment.kubernetes.io/revision': '1',
          'deployment.kubernetes.io/desired-replicas': '3',
          'deployment.kubernetes.io/max-replicas': '4',
        },
        ownerReferences: [{ kind: 'Deployment', name: 'web', controller: true, blockOwnerDeletion: true }],
      },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
        template: { metadata: { labels: { app: 'web', 'pod-template-hash': hash } } },
      },
    });
    expect(set?.metadata.annotations).not.toHaveProperty(['kubectl.kubernetes.io/last-applied-configuration']);
    expect(current(rig).metadata).toMatchObject({
      generation: 1,
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    });
    expect(writesOf(rig)).toEqual(['status']);
    expect(rig.recorder.said[0]).toBe(`Normal ScalingReplicaSet ns/web: Scaled up replica set web-${hash} from 0 to 3`);
    await rig.stop();
  });

  it('reports a rollout from its start to its end', async () => {
    const rig = await start(deployment());
    expect(current(rig).status).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      updatedReplicas: 3,
      unavailableReplicas: 3,
    });
    expect(condition(rig, 'Available')).toMatchObject({ status: 'False', reason: 'MinimumReplicasUnavailable' });
    expect(condition(rig, 'Progressing')).toMatchObject({ status: 'True', reason: 'ReplicaSetUpdated' });
    await rollOut(rig);
    expect(current(rig).status).toMatchObject({
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    expect(current(rig).status?.unavailableReplicas).toBeUndefined();
    expect(condition(rig, 'Available')).toMatchObject({
      status: 'True',
      message: 'Deployment has minimum availability.',
    });
    expect(condition(rig, 'Progressing')).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: `ReplicaSet "${rig.cluster.objects(replicaSets)[0]!.metadata.name}" has successfully progressed.`,
    });
    await rig.stop();
  });

  it('comes to rest: a finished rollout writes nothing more', async () => {
    const rig = await start(deployment());
    await rollOut(rig);
    const before = rig.cluster.calls.length;
    await rig.settle(60_000);
    expect(rig.cluster.calls.slice(before).filter(({ verb }) => verb !== 'watch')).toEqual([]);
    await rig.stop();
  });

  it('rolls to a new template and back, giving the old set a new revision', async () => {
    const rig = await start(deployment());
    await rollOut(rig);
    setImage(rig, 'v2');
    await rollOut(rig);
    expect(sets(rig)).toEqual(['v1 0 1', 'v2 3 2']);
    setImage(rig, 'v1');
    await rollOut(rig);
    expect(sets(rig)).toEqual(['v1 3 3', 'v2 0 2']);
    const old = rig.cluster.objects(replicaSets).find((set) => imageOf(set) === 'v1');
    expect(old?.metadata.annotations?.['deployment.kubernetes.io/revision-history']).toBe('1');
    expect(rig.cluster.objects(pods).map((pod) => pod.spec.containers[0]?.image)).toEqual(['v1', 'v1', 'v1']);
    await rig.stop();
  });

  it('goes on counting from a revision of 64 bits', async () => {
    const rig = await start(deployment());
    await rollOut(rig);
    const [set] = rig.cluster.objects(replicaSets);
    rig.cluster.change(replicaSets, set!.metadata, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'deployment.kubernetes.io/revision': '3546343826724305832' };
    });
    setImage(rig, 'v2');
    await rollOut(rig);
    expect(sets(rig)).toContain('v2 3 3546343826724305833');
    await rig.stop();
  });

  it('keeps enough pods available when the new ones never become ready', async () => {
    const rig = await start(deployment({ replicas: 4 }));
    await rollOut(rig);
    setImage(rig, 'broken');
    for (let i = 0; i < 5; i++) {
      await reap(rig.cluster);
      await rig.settle();
    }
    expect(sets(rig)).toEqual(['broken 2 2', 'v1 3 1']);
    expect(condition(rig, 'Available')?.status).toBe('True');
    await rig.settle(600_000);
    await rig.settle(2000);
    expect(condition(rig, 'Progressing')).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    await rig.stop();
  });

  it('does not roll out while paused, but scales, and goes on when resumed', async () => {
    const rig = await start(deployment());
    await rollOut(rig);
    change(rig, (spec) => (spec.paused = true));
    setImage(rig, 'v2');
    change(rig, (spec) => (spec.replicas = 5));
    await rollOut(rig);
    expect(sets(rig)).toEqual(['v1 5 1']);
    expect(condition(rig, 'Progressing')).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    change(rig, (spec) => delete spec.paused);
    await rollOut(rig);
    expect(sets(rig)).toEqual(['v1 0 1', 'v2 5 2']);
    await rig.stop();
  });

  it('recreates only after every old pod has gone', async () => {
    const rig = await start(deployment({ strategy: { type: 'Recreate' } }));
    await rollOut(rig);
    setImage(rig, 'v2');
    await rig.settle();
    await rig.settle();
    expect(sets(rig)).toEqual(['v1 0 1']);
    await reap(rig.cluster);
    await rig.settle();
    expect(sets(rig)).toEqual(['v1 0 1', 'v2 3 2']);
    await rig.stop();
  });

  it('forgets the oldest revisions', async () => {
    const rig = await start(deployment({ revisionHistoryLimit: 1, replicas: 1 }));
    for (const image of ['v1', 'v2', 'v3', 'v4']) {
      setImage(rig, image);
      await rollOut(rig);
    }
    expect(sets(rig)).toEqual(['v3 0 3', 'v4 1 4']);
    await rig.stop();
  });

  it('takes another name when its own is taken by another template', async () => {
    const probe = await start(deployment());
    const [{ metadata: taken } = { metadata: { name: '' } }] = probe.cluster.objects(replicaSets);
    await probe.stop();
    const foreign: Draft<ReplicaSet> = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace: 'ns', name: taken.name },
      spec: { replicas: 0, selector: { matchLabels: { app: 'other' } } },
    };
    const rig = await start(deployment(), (cluster) => cluster.seed(replicaSets, foreign));
    expect(current(rig).status?.collisionCount).toBe(1);
    expect(rig.cluster.objects(replicaSets)).toHaveLength(2);
    expect(rig.cluster.objects(pods)).toHaveLength(3);
    await rig.stop();
  });

  it('adopts a set it selects that has no owner', async () => {
    const orphan: Draft<ReplicaSet> = {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { namespace: 'ns', name: 'orphan', labels: { app: 'web' } },
      spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: deployment().spec.template },
    };
    const rig = await start(deployment(), (cluster) => cluster.seed(replicaSets, orphan));
    await rollOut(rig);
    expect(rig.cluster.objects(replicaSets).map(({ metadata, spec }) => [metadata.name, spec.replicas])).toEqual([
      ['orphan', 3],
    ]);
    await rig.stop();
  });

  it('stops when the deployment is being deleted', async () => {
    const rig = await start(deployment());
    rig.cluster.change(deployments, key, (obj) => (obj.metadata.finalizers = ['foregroundDeletion']));
    await rig.cluster.client.resource(deployments).delete(key, signal);
    change(rig, (spec) => (spec.replicas = 9));
    await rig.settle();
    const live = (pod: Pod): boolean => !pod.metadata.deletionTimestamp;
    expect(rig.cluster.objects(pods).filter(live)).toHaveLength(3);
    await rig.stop();
  });

  it('warns about a deployment that selects everything', async () => {
    const rig = await start(deployment({ selector: {} }));
    expect(rig.recorder.said).toEqual([
      'Warning SelectingAll ns/web: This deployment is selecting all pods. A non-empty selector is required.',
    ]);
    await rig.stop();
  });
});
