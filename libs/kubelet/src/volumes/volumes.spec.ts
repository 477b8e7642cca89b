import { newMetrics } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { newFakeCluster } from '@kubephant/client/testing';
import { serviceAccounts } from '@kubephant/client';
import { newMemoryFiles, newSimulatedHost } from '@kubephant/node';
import type { ConfigMap, Volume } from '@kubephant/schema';
import { volumeMetrics } from '../metrics/volume-metrics';
import { podPaths } from '../pods/paths';
import { aPod } from '../testing/builders';
import { writeAtomically, type Payload } from './atomic-writer';
import { newPodTokens } from './tokens';
import { containerMounts, mountVolumes, removePodDirectory } from './volumes';

const payload = (files: Record<string, string>): Payload =>
  new Map(Object.entries(files).map(([path, text]) => [path, { data: Buffer.from(text), mode: 0o644 }]));

describe('atomic writer', () => {
  it('shows all of a payload at once, and nothing of the one before', async () => {
    const files = newMemoryFiles(() => 0);
    await files.makeDirectory('/v');
    const write = (content: Record<string, string>, nowMs: number): Promise<boolean> =>
      writeAtomically(files, '/v', payload(content), nowMs);
    expect(await write({ a: '1', 'deep/b': '2' }, 0)).toBe(true);
    expect(await files.list('/v')).toEqual(['..1970_01_01_00_00_00.000.0', '..data', 'a', 'deep']);
    expect(await files.readLink('/v/a')).toBe('..data/a');
    expect((await files.readFile('/v/deep/b')).toString()).toBe('2');
    expect(await write({ a: '1', 'deep/b': '2' }, 1000)).toBe(false);
    expect(await write({ a: '3', c: '4' }, 2000)).toBe(true);
    expect(await files.list('/v')).toEqual(['..1970_01_01_00_00_02.000.0', '..data', 'a', 'c']);
    expect((await files.readFile('/v/a')).toString()).toBe('3');
  });

  it.each(['', '/a', '../a', 'a/../b', 'a//b', '..data', './a'])('refuses the path %j', async (path) => {
    const files = newMemoryFiles(() => 0);
    await expect(writeAtomically(files, '/v', payload({ [path]: 'x' }), 0)).rejects.toThrow('invalid path');
  });
});

describe('volumes', () => {
  const clock = newFakeClock(1e12);
  const host = newSimulatedHost({ hostname: 'n', address: '192.0.2.1' }, clock);
  const metrics = volumeMetrics(newMetrics());
  const deps = { host, clock, metrics, paths: podPaths('/kubelet', '/logs') };
  let color = 'blue';
  const mount = (volume: Omit<Volume, 'name'>) =>
    mountVolumes(deps, {
      pod: aPod({ volumes: [{ name: 'v', ...volume }], securityContext: { runAsUser: 7 } }),
      facts: { podIPs: [], hostIPs: [], allocatable: {} },
      objects: {
        configMap: async () => ({ data: { color } }) as object as ConfigMap,
        secret: () => Promise.reject(new Error('no')),
      },
      token: async () => 'token',
    });

  it('follow what they were made of', async () => {
    const volume = { configMap: { name: 'cm', defaultMode: 0o400 } };
    const path = (await mount(volume)).get('v') ?? '';
    expect(path).toBe('/kubelet/pods/u1/volumes/kubernetes.io~configmap/v');
    expect((await host.files.readFile(`${path}/color`)).toString()).toBe('blue');
    color = 'red';
    await mount(volume);
    expect((await host.files.readFile(`${path}/color`)).toString()).toBe('red');
  });

  it('keep tokens in memory, for the only user of the pod', async () => {
    const path = (await mount({ projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } })).get('v') ?? '';
    expect(host.mounted).toContain(path);
    expect(await host.files.stat(await host.files.realPath(`${path}/token`))).toMatchObject({ mode: 0o600, uid: 7 });
  });

  it.each<[string, Omit<Volume, 'name'>, string]>([
    ['of a kind that is not known', { nfs: { server: 's', path: '/' } }, 'nfs volumes are not supported'],
    ['of git', { gitRepo: { repository: 'x' } }, 'gitRepo volumes are not supported'],
    [
      'of a path that is not what it should be',
      { hostPath: { path: '/none', type: 'Directory' } },
      '/none is not a directory',
    ],
    ['of a path that leads up', { hostPath: { path: '/a/../b' } }, "must not contain '..'"],
    [
      'that ask for a key that is not there',
      { configMap: { items: [{ key: 'x', path: 'x' }] } },
      'references non-existent config key: x',
    ],
  ])('%s are refused', async (_, volume, message) => {
    await expect(mount(volume)).rejects.toThrow(message);
  });

  it('are mounted by sub-path only inside, and go with their pod', async () => {
    await mount({ emptyDir: { medium: 'Memory' } });
    const volume = '/kubelet/pods/u1/volumes/kubernetes.io~empty-dir/v';
    const container = {
      name: 'main',
      volumeMounts: [{ name: 'v', mountPath: 'data', subPathExpr: 'sub/$(N)', readOnly: true }],
    };
    const mounts = await containerMounts(deps, {
      pod: aPod(),
      container,
      volumes: new Map([['v', volume]]),
      env: new Map([['N', '1']]),
    });
    const hostPath = '/kubelet/pods/u1/volume-subpaths/v/main/0';
    expect(mounts).toEqual([{ containerPath: '/data', hostPath, readonly: true, propagation: 'PRIVATE' }]);
    expect(host.mounted).toContain(hostPath);
    await host.files.symlink('/etc', `${volume}/out`);
    await host.files.makeDirectory('/etc');
    const leaving = { name: 'main', volumeMounts: [{ name: 'v', mountPath: '/d', subPath: 'out' }] };
    const attempt = containerMounts(deps, {
      pod: aPod(),
      container: leaving,
      volumes: new Map([['v', volume]]),
      env: new Map(),
    });
    await expect(attempt).rejects.toMatchObject({ reason: 'Forbidden' });
    await removePodDirectory(deps, 'u1');
    expect([...host.mounted]).toEqual([]);
    expect(await host.files.list('/kubelet/pods')).toEqual([]);
  });
});

describe('tokens', () => {
  it('are asked for once, and again when four fifths of their time are over', async () => {
    const clock = newFakeClock(Date.parse('2026-01-01T00:00:00Z'));
    const cluster = newFakeCluster(clock);
    let asked = 0;
    const client = {
      ...cluster.client,
      resource: () => ({
        post: async () => ({
          status: { token: `t${++asked}`, expirationTimestamp: new Date(clock.now() + 1000_000).toISOString() },
        }),
      }),
    } as object as typeof cluster.client;
    expect(client.resource(serviceAccounts)).toBeDefined();
    const tokens = newPodTokens(client, clock);
    const { signal } = new AbortController();
    const token = (): Promise<string> => tokens.token(aPod(), { path: 'x', expirationSeconds: 1000 }, signal);
    expect([await token(), await token()]).toEqual(['t1', 't1']);
    await clock.advance(799_000);
    expect(await token()).toBe('t1');
    await clock.advance(1000);
    expect(await token()).toBe('t2');
    tokens.forget('u1');
    expect(await token()).toBe('t3');
  });
});
