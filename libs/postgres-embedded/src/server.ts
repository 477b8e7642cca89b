import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { abortable, newBackoff, onAbort, systemClock } from '@kubephant/base';
import { Client } from 'pg';
import { preparePostgres, type PostgresConfig, type PreparedPostgres } from './prepare';

/** Resolves once the server answers a query; rejects with the signal's reason. */
export async function waitForPostgres(connectionString: string, signal: AbortSignal): Promise<void> {
  const backoff = newBackoff({ initialMs: 10, maxMs: 250, factor: 1.5 });
  for (;;) {
    signal.throwIfAborted();
    if (await answers(connectionString)) return;
    await systemClock.sleep(backoff.next(), signal);
  }
}

/** Not there yet and still starting up look alike from here: both end by themselves or with the caller's patience. */
async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface RunningPostgres {
  readonly connectionString: string;
  readonly pid: number;
  /** Fast shutdown; resolves when the process has ended. */
  stop(): Promise<void>;
}

/** Starts a server as a child of this process, which it does not outlive the abort of `signal`. */
export async function startPostgres(config: PostgresConfig, signal: AbortSignal): Promise<RunningPostgres> {
  return await superviseStart(await preparePostgres(config), signal);
}

async function superviseStart(prepared: PreparedPostgres, signal: AbortSignal): Promise<RunningPostgres> {
  const [program, ...args] = prepared.argv;
  const { env, cwd, uid, gid } = prepared;
  const child = spawn(program, args, {
    env: { ...env },
    cwd,
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const complaints = lastLines(child);
  const exited = once(child, 'exit');
  const link = onAbort(signal, () => child.kill(prepared.stopSignal));
  const stop = async (): Promise<void> => {
    link[Symbol.dispose]();
    if (child.exitCode === null && child.signalCode === null) child.kill(prepared.stopSignal);
    await exited;
  };
  const died = exited.then(() => {
    throw new Error(`PostgreSQL ended before it was ready: ${complaints()}`);
  });
  const patience = new AbortController();
  try {
    await Promise.race([waitForPostgres(prepared.connectionString, patience.signal), abortable(died, signal)]);
  } catch (err) {
    await stop();
    throw err;
  } finally {
    patience.abort();
    died.catch(() => undefined);
  }
  return { connectionString: prepared.connectionString, pid: child.pid as number, stop };
}

function lastLines(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-4000);
  });
  return () => text.trim();
}
