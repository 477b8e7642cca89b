import type { Draft } from '@kubephant/api';
import type { Pod } from '@kubephant/schema';
import { configMaps, namespaces, pods } from '../refs';
import { newFakeCluster, type FakeCluster } from './fake-cluster';

const { signal } = new AbortController();
const key = { namespace: 'ns', name: 'a' };
const draft: Draft<Pod> = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...key, labels: { app: 'x' } },
  spec: { containers: [] },
};

const newCluster = (): FakeCluster => newFakeCluster({ now: () => 0 });

describe('the fake cluster', () => {
  it('gives identity and drops the status of a new object', async () => {
    const created = await newCluster()
      .client.resource(pods)
      .create({ ...draft, status: { phase: 'Running' } }, signal);
    expect(created).toEqual({
      ...draft,
      metadata: {
        ...draft.metadata,
        uid: 'uid-1',
        resourceVersion: '1',
        generation: 1,
        creationTimestamp: '1970-01-01T00:00:00Z',
      },
    });
  });

  it('keeps spec and status apart and refuses stale updates', async () => {
    const cluster = newCluster();
    const api = cluster.client.resource(pods);
    const first = await api.create(draft, signal);
    const both = { ...first, spec: { ...first.spec, nodeName: 'n' }, status: { phase: 'Running' as const } };
    const second = await api.update(both, signal, { subresource: 'status' });
    expect([second.spec.nodeName, second.status?.phase, second.metadata.generation]).toEqual([undefined, 'Running', 1]);
    await expect(api.update(both, signal)).rejects.toMatchObject({ reason: 'Conflict' });
    const third = await api.patch(key, { type: 'strategic', body: { spec: { nodeName: 'n' }, status: null } }, signal);
    expect([third.spec.nodeName, third.status?.phase, third.metadata.generation]).toEqual(['n', 'Running', 2]);
  });

  it('hands out frozen objects', () => {
    const stored = newCluster().seed(pods, draft);
    expect(() => (stored.spec.containers = [])).toThrow(TypeError);
  });

  it('waits for finalizers and for the kubelet', async () => {
    const cluster = newCluster();
    const api = cluster.client.resource(pods);
    cluster.seed(pods, {
      ...draft,
      metadata: { ...key, finalizers: ['x/y'] },
      spec: { nodeName: 'n', containers: [] },
    });
    await api.delete(key, signal, { gracePeriodSeconds: 5 });
    expect(cluster.get(pods, key)?.metadata).toMatchObject({
      deletionTimestamp: '1970-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
    });
    await api.patch(key, { type: 'merge', body: { metadata: { finalizers: null } } }, signal);
    expect(cluster.get(pods, key)).toBeDefined();
    await api.delete(key, signal, { gracePeriodSeconds: 0 });
    expect(cluster.get(pods, key)).toBeUndefined();
  });

  it('finalizes namespaces', async () => {
    const cluster = newCluster();
    const api = cluster.client.resource(namespaces);
    const created = await api.create(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns' }, spec: { finalizers: ['kubernetes'] } },
      signal,
    );
    await api.delete({ name: 'ns' }, signal);
    expect(cluster.get(namespaces, { name: 'ns' })?.status?.phase).toBe('Terminating');
    const { resourceVersion: _, ...metadata } = created.metadata;
    await api.update({ ...created, metadata: { ...metadata, resourceVersion: '' }, spec: {} }, signal, {
      subresource: 'finalize',
    });
    expect(cluster.objects(namespaces)).toEqual([]);
  });

  it('binds a pod once', async () => {
    const cluster = newCluster();
    cluster.seed(pods, draft);
    const api = cluster.client.resource(pods);
    await api.post(key, 'binding', { target: { name: 'n1' } }, signal);
    await expect(api.post(key, 'binding', { target: { name: 'n2' } }, signal)).rejects.toMatchObject({
      reason: 'Conflict',
    });
    expect(cluster.get(pods, key)?.spec.nodeName).toBe('n1');
  });

  it('shows a watcher what enters and leaves its selection', async () => {
    const cluster = newCluster();
    const stop = new AbortController();
    cluster.seed(pods, draft);
    const seen: string[] = [];
    const watching = (async () => {
      const options = { fieldSelector: 'spec.nodeName=n', labelSelector: 'app', resourceVersion: '1' };
      for await (const event of cluster.client.resource(pods).watch(options, stop.signal)) {
        seen.push(event.type === 'BOOKMARK' ? '' : `${event.type} ${event.object.metadata.resourceVersion}`);
        if (seen.length === 3) stop.abort();
      }
    })();
    cluster.change(pods, key, (pod) => (pod.spec.nodeName = 'n'));
    cluster.change(pods, key, (pod) => (pod.metadata.labels = { app: 'y' }));
    cluster.change(pods, key, (pod) => (pod.metadata.labels = {}));
    await watching;
    expect(seen).toEqual(['ADDED 2', 'MODIFIED 3', 'DELETED 4']);
  });

  it('pages, fails when told to, and forgets its history', async () => {
    const cluster = newCluster();
    const api = cluster.client.resource(configMaps);
    for (const name of ['a', 'b', 'c'])
      cluster.seed(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name } });
    const page = await api.list({ limit: 2 }, signal);
    expect((await api.list({ limit: 2, continue: page.continue! }, signal)).items).toHaveLength(1);
    cluster.failNext('get', configMaps, new Error('boom'));
    await expect(api.get(key, signal)).rejects.toThrow('boom');
    expect((await api.get(key, signal)).metadata.name).toBe('a');
    cluster.compact();
    const watch = api.watch({ resourceVersion: '1' }, signal)[Symbol.asyncIterator]();
    await expect(watch.next()).rejects.toMatchObject({ reason: 'Expired' });
  });
});
