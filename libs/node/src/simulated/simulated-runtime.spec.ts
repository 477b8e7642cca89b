import { systemClock } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import type { ContainerEvent } from '../runtime';
import { aContainer, aSandbox, runtimeSuite } from '../testing/runtime-suite';
import { newAddressPool } from './address-pool';
import { behaviourAnnotation, parseBehaviour } from './behaviour';
import { newMemoryFiles } from './memory-files';
import { newSimulatedRuntime } from './simulated-runtime';

const { signal } = new AbortController();

describe('simulated runtime', () => {
  runtimeSuite(async () => {
    const files = newMemoryFiles(() => Date.now());
    const simulated = newSimulatedRuntime({ clock: systemClock, files }, { podCidr: '10.244.7.0/24' });
    await simulated.images.pullImage('busybox', undefined, undefined, signal);
    return {
      ...simulated,
      image: 'busybox',
      logRoot: '/var/log/pods',
      readLog: async (path) => (await files.readFile(path)).toString(),
      close: async () => undefined,
    };
  });
});

describe('simulated behaviour', () => {
  it('is what the pod asks for in its annotation', async () => {
    const clock = newFakeClock(1e12);
    const files = newMemoryFiles(() => clock.now());
    const { runtime } = newSimulatedRuntime({ clock, files }, { podCidr: '10.0.0.0/24' });
    const sandbox = {
      ...aSandbox('/logs'),
      annotations: { [`${behaviourAnnotation}.main`]: 'exit=7 after=5s log=hi' },
    };
    const sandboxId = await runtime.runPodSandbox(sandbox, '', signal);
    const id = await runtime.createContainer(sandboxId, aContainer('x', ''), sandbox, signal);
    await runtime.startContainer(id, signal);
    await clock.advance(4999);
    expect((await runtime.containerStatus(id, signal)).state).toBe('RUNNING');
    await clock.advance(1);
    expect(await runtime.containerStatus(id, signal)).toMatchObject({
      state: 'EXITED',
      exitCode: 7,
      finishedAtMs: 1e12 + 5000,
    });
    const log = await files.readFile(`${sandbox.logDirectory}/main/0.log`);
    expect(log.toString()).toBe('2001-09-09T01:46:40.000000000Z stdout F hi\n');
  });

  it.each([
    ['exit=1 after=2s', { exitCode: 1, runsForMs: 2000, stopsAfterMs: 0 }],
    ['exit=1', { exitCode: 1, runsForMs: 0, stopsAfterMs: 0 }],
    ['stop=infinity', { exitCode: 0, runsForMs: Infinity, stopsAfterMs: Infinity }],
    ['after=500ms', { exitCode: 0, runsForMs: 500, stopsAfterMs: 0 }],
    ['', { exitCode: 0, runsForMs: Infinity, stopsAfterMs: 0 }],
  ])('reads %j', (text, expected) => {
    expect(parseBehaviour(text)).toMatchObject(expected);
  });

  it('tells listeners what happens to containers', async () => {
    const clock = newFakeClock(1e12);
    const files = newMemoryFiles(() => clock.now());
    const { runtime } = newSimulatedRuntime({ clock, files }, { podCidr: '10.0.0.0/24' });
    const events: AsyncIterator<ContainerEvent, undefined> = runtime.events(signal)[Symbol.asyncIterator]();
    const first = events.next();
    const sandbox = aSandbox('/logs');
    const sandboxId = await runtime.runPodSandbox(sandbox, '', signal);
    const id = await runtime.createContainer(sandboxId, aContainer('x', 'sleep 1'), sandbox, signal);
    await runtime.startContainer(id, signal);
    await runtime.removePodSandbox(sandboxId, signal);
    const seen: (ContainerEvent | undefined)[] = [
      (await first).value,
      (await events.next()).value,
      (await events.next()).value,
      (await events.next()).value,
    ];
    expect(seen.map((event) => event?.type)).toEqual(['CREATED', 'STARTED', 'STOPPED', 'DELETED']);
    expect(new Set(seen.map((event) => event?.podUid))).toEqual(new Set([sandbox.metadata.uid]));
  });
});

describe('address pool', () => {
  it('hands out every address but the network, gateway and broadcast ones, and then says it is empty', () => {
    const pool = newAddressPool('10.244.1.8/29');
    expect(Array.from({ length: 5 }, () => pool.take())).toEqual([10, 11, 12, 13, 14].map((n) => `10.244.1.${n}`));
    expect(() => pool.take()).toThrow('no IP addresses available in range set: 10.244.1.8/29');
    pool.giveBack('10.244.1.12');
    expect(pool.take()).toBe('10.244.1.12');
  });
});

describe('memory files', () => {
  it('follow links, replace on rename, and end loops', async () => {
    const files = newMemoryFiles(() => 0);
    await files.makeDirectory('/v/..1', { mode: 0o700 });
    await files.writeFile('/v/..1/key', 'one', { mode: 0o400 });
    await files.symlink('..1', '/v/..data');
    await files.symlink('..data/key', '/v/key');
    expect((await files.readFile('/v/key')).toString()).toBe('one');
    expect(await files.realPath('/v/key')).toBe('/v/..1/key');
    await files.makeDirectory('/v/..2');
    await files.writeFile('/v/..2/key', 'two');
    await files.symlink('..2', '/v/..tmp');
    await files.rename('/v/..tmp', '/v/..data');
    expect((await files.readFile('/v/key')).toString()).toBe('two');
    expect(await files.list('/v')).toEqual(['..1', '..2', '..data', 'key']);
    await files.symlink('loop', '/v/loop');
    await expect(files.readFile('/v/loop')).rejects.toThrow('too many levels of symbolic links');
    await files.remove('/v');
    expect(await files.stat('/v')).toBeUndefined();
    await expect(files.readFile('/v/key')).rejects.toMatchObject({ reason: 'NotFound' });
  });
});
