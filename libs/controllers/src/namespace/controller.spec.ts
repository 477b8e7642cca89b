import type { Draft, KubeObject } from '@kubephant/api';
import { configMaps, namespaces, pods, secrets } from '@kubephant/client';
import type { FakeCluster } from '@kubephant/client/testing';
import type { Namespace } from '@kubephant/schema';
import { makeReady, reap } from '../testing/pods';
import { newRig, type Rig } from '../testing/rig';
import { runNamespaceController } from './controller';

const { signal } = new AbortController();
const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

const draft = <T extends KubeObject>(kind: string, name: string, more: object = {}): Draft<T> =>
  ({ apiVersion: 'v1', kind, metadata: { namespace: 'ns', name, ...more }, spec: { containers: [] } }) as never;

function prepare(cluster: FakeCluster): void {
  cluster.paths.set('/apis', { groups: [] });
  cluster.paths.set('/api/v1', {
    resources: [
      { name: 'bindings', kind: 'Binding', namespaced: true, verbs: ['create'] },
      { name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: all },
      { name: 'secrets', kind: 'Secret', namespaced: true, verbs: all.filter((verb) => verb !== 'deletecollection') },
      { name: 'pods', kind: 'Pod', namespaced: true, verbs: all },
      { name: 'pods/status', kind: 'Pod', namespaced: true, verbs: ['get'] },
      { name: 'nodes', kind: 'Node', namespaced: false, verbs: all },
    ],
  });
  for (const name of ['ns', 'other']) {
    cluster.seed(namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name },
      spec: { finalizers: ['kubernetes'] },
    });
  }
  cluster.seed(configMaps, draft('ConfigMap', 'c'));
  cluster.seed(configMaps, { ...draft('ConfigMap', 'c'), metadata: { namespace: 'other', name: 'c' } });
  cluster.seed(secrets, draft('Secret', 's'));
}

const current = ({ cluster }: Rig): Namespace | undefined => cluster.get(namespaces, { name: 'ns' });
const remove = ({ cluster }: Rig): Promise<void> => cluster.client.resource(namespaces).delete({ name: 'ns' }, signal);
/** `type reason` of the conditions that hold. */
const troubles = (rig: Rig): string[] =>
  (current(rig)?.status?.conditions ?? [])
    .filter(({ status }) => status === 'True')
    .map(({ type, message }) => `${type}: ${message!}`);

describe('the namespace controller', () => {
  it('empties the namespace and lets it go, and touches nothing else', async () => {
    const rig = await newRig(runNamespaceController, prepare);
    await remove(rig);
    await rig.settle();
    expect(current(rig)).toBeUndefined();
    expect(rig.cluster.objects(secrets)).toEqual([]);
    expect(rig.cluster.objects(configMaps).map(({ metadata }) => metadata.namespace)).toEqual(['other']);
    await rig.stop();
  });

  it('waits for pods before it deletes what they rely on', async () => {
    const rig = await newRig(runNamespaceController, (cluster) => {
      prepare(cluster);
      makeReady(cluster, cluster.seed(pods, draft('Pod', 'p')));
    });
    await remove(rig);
    await rig.settle();
    expect(rig.cluster.objects(secrets)).toHaveLength(1);
    expect(troubles(rig)).toEqual([
      'NamespaceContentRemaining: Some resources are remaining: pods has 1 resource instances',
    ]);
    await reap(rig.cluster);
    await rig.settle(30_000);
    expect(current(rig)).toBeUndefined();
    await rig.stop();
  });

  it('says which finalizers it waits for', async () => {
    const rig = await newRig(runNamespaceController, (cluster) => {
      prepare(cluster);
      cluster.seed(configMaps, draft('ConfigMap', 'held', { finalizers: ['x/y'] }));
    });
    await remove(rig);
    await rig.settle();
    expect(troubles(rig)).toEqual([
      'NamespaceContentRemaining: Some resources are remaining: configmaps has 1 resource instances',
      'NamespaceFinalizersRemaining: Some content in the namespace has finalizers remaining: x/y in 1 resource instances',
    ]);
    rig.cluster.change(configMaps, { namespace: 'ns', name: 'held' }, (obj) => (obj.metadata.finalizers = []));
    await rig.settle(3000);
    expect(current(rig)).toBeUndefined();
    await rig.stop();
  });

  it('does not let go while it cannot know or delete everything', async () => {
    const rig = await newRig(runNamespaceController, (cluster) => {
      prepare(cluster);
      for (let i = 0; i < 20; i++) cluster.failNext('deletecollection', configMaps, new Error('no rights'));
    });
    await remove(rig);
    await rig.settle();
    expect(troubles(rig)).toEqual([
      'NamespaceDeletionContentFailure: Failed to delete all resource types, 1 remaining: no rights',
    ]);
    expect(current(rig)?.spec.finalizers).toEqual(['kubernetes']);
    await rig.settle(200_000_000);
    expect(current(rig)).toBeUndefined();
    await rig.stop();
  });
});
