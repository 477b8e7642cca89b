import { spawn } from 'node:child_process';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newBackoff, newGroup, type Clock, type Logger } from '@kubephant/base';
import { commandLine, type ProcessSpec } from './process-spec';
import { isAlive, type ProcessId, type ProcessTable } from './process-table';

export interface SupervisorDeps {
  readonly table: ProcessTable;
  readonly clock: Clock;
  readonly log: Logger;
  readonly logDirectory: string;
}

const pollMs = 200;
/** A program that ran this long before it ended is started again at once. */
const stableMs = 10_000;
const logLimitBytes = 20 * 1024 * 1024;

/**
 * Keeps the programs running until aborted: starts what is not there, adopts what is (left by a supervisor that was
 * killed), restarts what ends. It never stops a program: `stopProcesses` does, so that a supervisor can come and go.
 */
export async function runSupervisor(
  deps: SupervisorDeps,
  specs: readonly ProcessSpec[],
  signal: AbortSignal,
): Promise<void> {
  await mkdir(deps.logDirectory, { recursive: true });
  const group = newGroup(signal);
  for (const spec of specs) group.go(spec.name, (stop) => keepRunning(deps, spec, stop));
  await group.wait();
}

async function keepRunning(deps: SupervisorDeps, spec: ProcessSpec, signal: AbortSignal): Promise<void> {
  const { clock, log, table } = deps;
  const backoff = newBackoff({ initialMs: 100, maxMs: 5_000 });
  while (!signal.aborted) {
    const running = (await table.get(spec.name)) ?? (await start(deps, spec));
    const since = clock.now();
    if (!(await untilEnded(deps, running, signal))) return;
    if (clock.now() - since > stableMs) backoff.reset();
    const waitMs = backoff.next();
    log.warn('a process ended; starting it again', { process: spec.name, pid: running.pid, waitMs });
    await clock.sleep(waitMs, signal);
  }
}

/** False when aborted before it ended. */
async function untilEnded({ clock }: SupervisorDeps, id: ProcessId, signal: AbortSignal): Promise<boolean> {
  while (await isAlive(id)) {
    if (signal.aborted) return false;
    await clock.sleep(pollMs, signal);
  }
  return !signal.aborted;
}

async function start({ table, log, logDirectory }: SupervisorDeps, spec: ProcessSpec): Promise<ProcessId> {
  for (const path of spec.stale ?? []) await rm(path, { force: true });
  const output = await openLog(join(logDirectory, `${spec.name}.log`));
  const [command = '', ...args] = commandLine(spec);
  try {
    const child = spawn(command, args, {
      // Its own session: it must outlive this supervisor.
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
      cwd: spec.cwd ?? '/',
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', ...spec.env },
      ...(spec.uid !== undefined && { uid: spec.uid }),
      ...(spec.gid !== undefined && { gid: spec.gid }),
    });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
    const pid = await promise;
    child.unref();
    await table.set(spec.name, pid);
    log.info('started', { process: spec.name, pid });
    return (await table.get(spec.name)) ?? { pid, startTicks: '' };
  } finally {
    await output.close();
  }
}

/** Appends; a log that has grown too large is kept once as `.1`. */
async function openLog(path: string): ReturnType<typeof open> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > logLimitBytes) await rename(path, `${path}.1`);
  return await open(path, 'a', 0o640);
}
