import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { abortable, newBackoff, newGroup, onAbort, type Clock, type Logger } from '@kubephant/base';
import { commandLine, type ProcessSpec } from './process-spec';
import { isAlive, type ProcessId, type ProcessTable } from './process-table';

export interface SupervisorDeps {
  readonly table: ProcessTable;
  readonly clock: Clock;
  readonly log: Logger;
  readonly logDirectory: string;
}

/** How often an adopted process is looked after: only of its own children a process is told that they ended. */
const pollMs = 500;
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

interface Running {
  readonly pid: number;
  /** Resolves to true when it has ended, to false when aborted before. */
  ended(signal: AbortSignal): Promise<boolean>;
}

async function keepRunning(deps: SupervisorDeps, spec: ProcessSpec, signal: AbortSignal): Promise<void> {
  const { clock, log, table } = deps;
  const backoff = newBackoff({ initialMs: 100, maxMs: 5_000 });
  while (!signal.aborted) {
    const adopted = await table.get(spec.name);
    const running = adopted ? adopt(deps, adopted) : await start(deps, spec);
    const since = clock.now();
    if (!(await running.ended(signal))) return;
    if (clock.now() - since > stableMs) backoff.reset();
    const waitMs = backoff.next();
    log.warn('a process ended; starting it again', { process: spec.name, pid: running.pid, waitMs });
    await clock.sleep(waitMs, signal);
  }
}

function adopt({ clock }: SupervisorDeps, id: ProcessId): Running {
  return {
    pid: id.pid,
    async ended(signal) {
      while (!signal.aborted && (await isAlive(id))) await clock.sleep(pollMs, signal);
      return !signal.aborted;
    },
  };
}

async function start({ table, log, logDirectory }: SupervisorDeps, spec: ProcessSpec): Promise<Running> {
  for (const path of spec.stale ?? []) await rm(path, { force: true });
  const output = await openLog(join(logDirectory, `${spec.name}.log`));
  try {
    const child = spawnDetached(spec, output.fd);
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    await table.set(spec.name, pid, spec.version);
    log.info('started', { process: spec.name, pid });
    return { pid, ended: (signal) => endOf(child, exited, signal) };
  } finally {
    await output.close();
  }
}

function spawnDetached(spec: ProcessSpec, output: number): ChildProcess {
  const [command = '', ...args] = commandLine(spec);
  return spawn(command, args, {
    // Its own session: it must outlive this supervisor.
    detached: true,
    stdio: [spec.lifeline ? 'pipe' : 'ignore', output, output],
    cwd: spec.cwd ?? '/',
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', ...spec.env },
    ...(spec.uid !== undefined && { uid: spec.uid }),
    ...(spec.gid !== undefined && { gid: spec.gid }),
  });
}

async function endOf(child: ChildProcess, exited: Promise<void>, signal: AbortSignal): Promise<boolean> {
  // Until the child ends this supervisor must not; once aborted it may, and the child stays.
  using _ = onAbort(signal, () => {
    child.unref();
    child.stdin?.destroy();
  });
  await abortable(exited, signal).catch((err: unknown) => {
    if (!signal.aborted) throw err;
  });
  return !signal.aborted;
}

/** Appends; a log that has grown too large is kept once as `.1`. */
async function openLog(path: string): ReturnType<typeof open> {
  const size = (await stat(path).catch(() => undefined))?.size ?? 0;
  if (size > logLimitBytes) await rename(path, `${path}.1`);
  return await open(path, 'a', 0o640);
}
