import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent, systemClock } from '@kubephant/base';
import { until } from '../wait';
import { enterSupervisor, guardianName, guardianSpec, supervisorName } from './guardian';
import { commandLine, type ProcessSpec } from './process-spec';
import { openProcessTable, processIdOf, type ProcessTable } from './process-table';
import { stopProcess } from './stop';
import { runSupervisor } from './supervisor';

const forever = (name: string): ProcessSpec => ({ name, argv: ['/bin/sh', '-c', 'echo started; exec sleep 600'] });

describe('supervisor', () => {
  let directory: string;
  let table: ProcessTable;
  let stop: AbortController;
  const soon = { what: 'it', timeoutMs: 20_000 };
  const never = new AbortController().signal;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kubephant-supervisor-'));
    table = openProcessTable(join(directory, 'run'));
    stop = new AbortController();
  });
  afterEach(async () => {
    for (const name of (await table.alive()).keys()) await stopProcess(table, { name }, never);
    await rm(directory, { recursive: true });
  });

  const supervise = (specs: readonly ProcessSpec[], signal = stop.signal): Promise<void> =>
    runSupervisor({ table, clock: systemClock, log: silent, logDirectory: join(directory, 'logs') }, specs, signal);
  const pidOf = async (name: string): Promise<number | undefined> => (await table.get(name))?.pid;
  const running = (name: string): Promise<void> => until(async () => (await pidOf(name)) !== undefined, soon, never);

  it('starts a program again when it is killed, and keeps its output', async () => {
    const loop = supervise([forever('a')]);
    await running('a');
    const first = await pidOf('a');
    process.kill(first!, 'SIGKILL');
    await until(async () => ![undefined, first].includes(await pidOf('a')), soon, never);
    await until(
      async () => (await readFile(join(directory, 'logs', 'a.log'), 'utf8')) === 'started\nstarted\n',
      soon,
      never,
    );
    stop.abort();
    await loop;
  });

  it('leaves its programs running when it stops, and a later one adopts them', async () => {
    const loop = supervise([forever('a')]);
    await running('a');
    const first = await pidOf('a');
    stop.abort();
    await loop;
    expect(await pidOf('a')).toBe(first);

    const second = new AbortController();
    const later = supervise([forever('a'), forever('b')], second.signal);
    await running('b');
    expect(await pidOf('a')).toBe(first);
    second.abort();
    await later;
  });

  it('remembers in which version it started a program', async () => {
    const loop = supervise([{ ...forever('a'), version: 'one' }]);
    await running('a');
    expect((await table.get('a'))?.version).toBe('one');
    stop.abort();
    await loop;
  });

  it('does not take another process with the same id for its own', async () => {
    await table.set('a', process.pid);
    const { startTicks } = await processIdOf(process.pid);
    expect(await table.get('a')).toEqual({ pid: process.pid, startTicks });
    expect(await table.get('never-started')).toBeUndefined();
    await table.set('gone', 2 ** 22 + 1);
    expect(await table.get('gone')).toBeUndefined();
    await table.delete('a');
  });

  it('stops a program that ignores its signal by killing it', async () => {
    const stubborn: ProcessSpec = {
      name: 'a',
      argv: ['/bin/sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 0.05; done'],
      stopTimeoutMs: 200,
    };
    const loop = supervise([stubborn]);
    await until(async () => (await readFile(join(directory, 'logs', 'a.log'), 'utf8')).includes('ready'), soon, never);
    stop.abort();
    await loop;
    await expect(stopProcess(table, stubborn, never)).resolves.toBe(true);
    expect(await pidOf('a')).toBeUndefined();
  });

  it('is followed by its guardian, which the next supervisor does not mistake for a guardian', async () => {
    const loop = supervise([guardianSpec(['/bin/sleep', '600'])]);
    await running(guardianName);
    const guardian = (await pidOf(guardianName))!;
    expect(await readFile(`/proc/${guardian}/cmdline`, 'utf8')).toContain('/bin/sh');
    stop.abort();
    await loop;
    await until(
      async () => (await readFile(`/proc/${guardian}/cmdline`, 'utf8')).startsWith('/bin/sleep'),
      soon,
      never,
    );

    await enterSupervisor(table, guardian);
    expect(await pidOf(guardianName)).toBeUndefined();
    expect(await pidOf(supervisorName)).toBe(guardian);
  });
});

it('enters a network namespace without touching mounts', () => {
  expect(commandLine({ name: 'x', argv: ['a', 'b'], namespace: 'n1' })).toEqual([
    'nsenter',
    '--net=/run/netns/n1',
    '--',
    'a',
    'b',
  ]);
});
