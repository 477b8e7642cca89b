import type { Draft, KubeObject, OwnerReference } from '@kubephant/api';
import {
  configMaps,
  deployments,
  nodes,
  pods,
  replicaSets,
  type DeleteOptions,
  type ResourceRef,
} from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import { newRig, type Rig } from '../testing/rig';
import { runGarbageCollector } from './controller';

const { signal } = new AbortController();
const verbs = ['delete', 'get', 'list', 'patch', 'watch'];

function offer(cluster: FakeCluster): void {
  const entry = ({ plural, kind, namespaced }: ResourceRef): object => ({ name: plural, kind, namespaced, verbs });
  cluster.paths.set('/apis', { groups: [{ name: 'apps', versions: [{ version: 'v1' }] }] });
  cluster.paths.set('/api/v1', { resources: [entry(pods), entry(configMaps), entry(nodes)] });
  cluster.paths.set('/apis/apps/v1', { resources: [entry(deployments), entry(replicaSets)] });
}

const start = (prepare: (cluster: FakeCluster) => void): Promise<Rig> =>
  newRig(
    (context, s) => runGarbageCollector(context, context.client, s),
    (cluster) => {
      offer(cluster);
      prepare(cluster);
    },
  );

interface Facts {
  readonly owners?: readonly OwnerReference[];
  readonly finalizers?: readonly string[];
  readonly namespace?: string;
}

function seed(
  cluster: FakeCluster,
  ref: ResourceRef,
  name: string,
  { owners = [], finalizers = [], namespace = 'ns' }: Facts = {},
): void {
  const metadata = {
    name,
    uid: name,
    ...(ref.namespaced && { namespace }),
    ownerReferences: [...owners],
    finalizers: [...finalizers],
  };
  cluster.seed(ref, { apiVersion: '', kind: ref.kind, metadata, spec: {} } as Draft);
}

const ownedBy = (ref: ResourceRef, name: string, more: Partial<OwnerReference> = {}): OwnerReference => ({
  apiVersion: ref.group ? `${ref.group}/${ref.version}` : ref.version,
  kind: ref.kind,
  name,
  uid: name,
  blockOwnerDeletion: true,
  ...more,
});

/** Names of everything there is. */
const all = ({ cluster }: Rig): string[] =>
  [deployments, replicaSets, pods, configMaps].flatMap((ref) =>
    cluster.objects(ref as ResourceRef).map(({ metadata }: KubeObject) => metadata.name),
  );

const remove = async (rig: Rig, ref: ResourceRef, name: string, options: DeleteOptions = {}): Promise<void> => {
  await rig.cluster.client.resource(ref).delete({ namespace: 'ns', name }, signal, options);
  await rig.settle();
};

/** A deployment `d` owns a replica set `r`, which owns a pod `p`. */
function seedChain(cluster: FakeCluster): void {
  seed(cluster, deployments, 'd');
  seed(cluster, replicaSets, 'r', { owners: [ownedBy(deployments, 'd')] });
  seed(cluster, pods, 'p', { owners: [ownedBy(replicaSets, 'r')] });
}

describe('the garbage collector', () => {
  it('touches nothing that has its owners, and asks the server nothing about it', async () => {
    const rig = await start(seedChain);
    expect(all(rig)).toEqual(['d', 'r', 'p']);
    expect(rig.cluster.calls.filter(({ verb }) => !['list', 'watch'].includes(verb))).toEqual([]);
    await rig.stop();
  });

  it('deletes dependents in the background, all the way down', async () => {
    const rig = await start(seedChain);
    await remove(rig, deployments, 'd');
    expect(all(rig)).toEqual([]);
    await rig.stop();
  });

  it('deletes what lost its owner while nobody watched', async () => {
    const rig = await start((cluster) => {
      seed(cluster, pods, 'p', { owners: [ownedBy(replicaSets, 'long-gone')] });
      seed(cluster, pods, 'free');
    });
    expect(all(rig)).toEqual(['free']);
    await rig.stop();
  });

  it('deletes an owner in the foreground only after what blocks it', async () => {
    const rig = await start((cluster) => {
      seed(cluster, deployments, 'd');
      seed(cluster, replicaSets, 'r', { owners: [ownedBy(deployments, 'd')] });
      seed(cluster, pods, 'p', { owners: [ownedBy(replicaSets, 'r')], finalizers: ['held'] });
    });
    await remove(rig, deployments, 'd', { propagationPolicy: 'Foreground' });
    expect(all(rig)).toEqual(['d', 'r', 'p']);
    expect(rig.cluster.get(pods, { namespace: 'ns', name: 'p' })?.metadata.deletionTimestamp).toBeDefined();
    rig.cluster.change(pods, { namespace: 'ns', name: 'p' }, (pod) => (pod.metadata.finalizers = []));
    await rig.settle();
    expect(all(rig)).toEqual([]);
    await rig.stop();
  });

  it('does not wait in the foreground for dependents that do not block', async () => {
    const rig = await start((cluster) => {
      seed(cluster, deployments, 'd');
      seed(cluster, pods, 'p', {
        owners: [ownedBy(deployments, 'd', { blockOwnerDeletion: false })],
        finalizers: ['held'],
      });
    });
    await remove(rig, deployments, 'd', { propagationPolicy: 'Foreground' });
    expect(all(rig)).toEqual(['p']);
    await rig.stop();
  });

  it('frees the dependents of an owner that is deleted without them', async () => {
    const rig = await start(seedChain);
    await remove(rig, deployments, 'd', { propagationPolicy: 'Orphan' });
    expect(all(rig)).toEqual(['r', 'p']);
    expect(rig.cluster.get(replicaSets, { namespace: 'ns', name: 'r' })?.metadata.ownerReferences).toEqual([]);
    await rig.stop();
  });

  it('keeps an object as long as one of its owners is there, and forgets the others', async () => {
    const rig = await start((cluster) => {
      seed(cluster, configMaps, 'a');
      seed(cluster, configMaps, 'b');
      seed(cluster, pods, 'p', { owners: [ownedBy(configMaps, 'a'), ownedBy(configMaps, 'b')] });
    });
    await remove(rig, configMaps, 'a');
    expect(
      rig.cluster.get(pods, { namespace: 'ns', name: 'p' })?.metadata.ownerReferences?.map(({ name }) => name),
    ).toEqual(['b']);
    await remove(rig, configMaps, 'b');
    expect(all(rig)).toEqual([]);
    await rig.stop();
  });

  it('does not take another object of the same name for the owner', async () => {
    const rig = await start((cluster) => {
      seed(cluster, configMaps, 'a');
      seed(cluster, pods, 'p', { owners: [ownedBy(configMaps, 'a', { uid: 'an earlier one' })] });
    });
    expect(all(rig)).toEqual(['a']);
    await rig.stop();
  });

  it('does not accept an owner in another namespace', async () => {
    const rig = await start((cluster) => {
      seed(cluster, configMaps, 'a', { namespace: 'elsewhere' });
      seed(cluster, pods, 'p', { owners: [ownedBy(configMaps, 'a')] });
    });
    expect(all(rig)).toEqual(['a']);
    await rig.stop();
  });

  it('never collects a cluster-scoped object for a namespaced owner, and says so', async () => {
    const rig = await start((cluster) => seed(cluster, nodes, 'n', { owners: [ownedBy(configMaps, 'a')] }));
    expect(rig.cluster.objects(nodes)).toHaveLength(1);
    expect(rig.recorder.said).toEqual([
      'Warning OwnerRefInvalidNamespace n: ownerRef [v1/ConfigMap, namespace: , name: a, uid: a] does not exist in namespace ""',
    ]);
    await rig.stop();
  });

  it('collects nothing for an owner of a kind that nobody serves', async () => {
    const owner = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', uid: 'w' };
    const rig = await start((cluster) => seed(cluster, pods, 'p', { owners: [owner] }));
    expect(all(rig)).toEqual(['p']);
    await rig.stop();
  });

  it('breaks circles of owners in the foreground', async () => {
    const rig = await start((cluster) => {
      seed(cluster, configMaps, 'a', { owners: [ownedBy(configMaps, 'b')] });
      seed(cluster, configMaps, 'b', { owners: [ownedBy(configMaps, 'a')] });
    });
    await remove(rig, configMaps, 'a', { propagationPolicy: 'Foreground' });
    expect(all(rig)).toEqual([]);
    await rig.stop();
  });

  it('watches resources that are served later', async () => {
    const rig = await start((cluster) => {
      cluster.paths.set('/apis', { groups: [] });
      seed(cluster, pods, 'p', { owners: [ownedBy(replicaSets, 'r')] });
    });
    expect(all(rig)).toEqual(['p']);
    offer(rig.cluster);
    await rig.settle(2_000_000);
    expect(all(rig)).toEqual([]);
    await rig.stop();
  });
});
