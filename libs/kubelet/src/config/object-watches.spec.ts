import { newGroup, silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { configMaps, secrets } from '@kubephant/client';
import { newFakeCluster } from '@kubephant/client/testing';
import { StatusError } from '@kubephant/api';
import type { Pod, PodSpec } from '@kubephant/schema';
import { referencesOf } from '../pods/references';
import { aPod } from '../testing/builders';
import { newObjectWatches } from './object-watches';

const namespace = 'default';
const settings = { namespace, name: 'settings' };
const configMapOf = (color: string) =>
  ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: settings, data: { color } }) as const;
const container = { name: 'main', image: 'busybox' };
const volume = { name: 'v', configMap: { name: 'settings' } };

const podOf = (uid: string, spec: Partial<PodSpec>): Pod => {
  const pod = aPod(spec);
  return { ...pod, metadata: { ...pod.metadata, uid } };
};

describe('what a pod refers to', () => {
  it('is in its environment, its volumes and the way to its images', () => {
    const pod = aPod({
      imagePullSecrets: [{ name: 'registry' }],
      initContainers: [{ ...container, name: 'init', envFrom: [{ secretRef: { name: 'all-secret' } }] }],
      containers: [
        {
          ...container,
          envFrom: [{ configMapRef: { name: 'all' } }],
          env: [
            { name: 'A', value: 'x' },
            { name: 'B', valueFrom: { configMapKeyRef: { name: 'one', key: 'k' } } },
            { name: 'C', valueFrom: { secretKeyRef: { name: 'one-secret', key: 'k' } } },
          ],
        },
      ],
      volumes: [
        volume,
        { name: 's', secret: { secretName: 'keys' } },
        { name: 'p', projected: { sources: [{ configMap: { name: 'ca' } }, { secret: { name: 'deep' } }] } },
        { name: 'e', emptyDir: {} },
      ],
    });
    const named = (resource: string): string[] =>
      referencesOf(pod)
        .filter((reference) => reference.resource === resource)
        .map(({ name }) => name)
        .sort();
    expect(named('configmaps')).toEqual(['all', 'ca', 'one', 'settings']);
    expect(named('secrets')).toEqual(['all-secret', 'deep', 'keys', 'one-secret', 'registry']);
  });
});

describe('watches of what pods refer to', () => {
  const clock = newFakeClock();
  const group = newGroup();
  const cluster = newFakeCluster(clock);
  const watches = newObjectWatches({ client: cluster.client, clock, log: silent });
  const { signal } = group;
  const reader = watches.reader(signal);
  const color = async (): Promise<string | undefined> => (await reader.configMap(namespace, 'settings')).data?.color;
  const calls = (verb: string): number => cluster.calls.filter((call) => call.verb === verb).length;
  beforeAll(() => group.go('watches', (inner) => watches.run(inner)));
  afterAll(async () => {
    group.stop();
    await group.wait();
  });

  it('have no object that nobody refers to', async () => {
    await expect(color()).rejects.toThrow('object "default"/"settings" not registered');
  });

  it('follow an object that pods share with one watch, and one list', async () => {
    cluster.seed(configMaps, configMapOf('blue'));
    watches.register(podOf('u1', { volumes: [volume] }));
    watches.register(podOf('u2', { volumes: [volume] }));
    expect(await color()).toBe('blue');
    cluster.change(configMaps, settings, (found) => (found.data = { color: 'red' }));
    await clock.advance(0);
    expect(await color()).toBe('red');
    expect([calls('list'), calls('watch'), calls('get')]).toEqual([1, 1, 0]);
  });

  it('say that an object is not there, and see it come', async () => {
    watches.register(podOf('u2', { volumes: [volume], imagePullSecrets: [{ name: 'late' }] }));
    await expect(reader.secret(namespace, 'late')).rejects.toMatchObject({ reason: 'NotFound' });
    const late = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: 'late' } } as const;
    cluster.seed(secrets, late);
    await clock.advance(0);
    expect((await reader.secret(namespace, 'late')).metadata.name).toBe('late');
  });

  it('end with the last pod that refers to the object, and begin anew with the next', async () => {
    watches.register(podOf('u1', {}));
    expect(await color()).toBe('red');
    watches.unregister('u2');
    await expect(color()).rejects.toThrow('not registered');
    cluster.change(configMaps, settings, (found) => (found.data = { color: 'green' }));
    watches.register(podOf('u3', { volumes: [volume] }));
    expect(await color()).toBe('green');
  });

  it('leave alone what says that it never changes', async () => {
    cluster.change(configMaps, settings, (found) => (found.immutable = true));
    await clock.advance(0);
    const before = calls('watch');
    cluster.endWatches();
    await clock.advance(120_000);
    expect(calls('watch')).toBe(before);
    expect(await color()).toBe('green');
  });

  it('give up on an API that does not answer, without waiting for ever', async () => {
    for (let i = 0; i < 20; i++) cluster.failNext('list', secrets, new StatusError('Forbidden', 'no'));
    watches.register(podOf('u4', { imagePullSecrets: [{ name: 'hidden' }] }));
    const answer = expect(reader.secret(namespace, 'hidden')).rejects.toThrow(
      'failed to sync secret cache: timed out waiting for the condition',
    );
    await clock.advance(6000);
    await answer;
  });
});
