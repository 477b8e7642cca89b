import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPostgres, type RunningPostgres } from '@kubephant/postgres-embedded';
import { migrated } from '../../testing';
import { Admin } from './admin';

const run = promisify(execFile);

/** A primary and a standby that streams from it, both made from one data directory. */
export class Pair {
  readonly #dir: string;
  #primary: RunningPostgres | undefined;
  #standby: RunningPostgres | undefined;
  readonly #stopped = new AbortController();

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** `seed` is the directory of a server that is stopped. */
  static async of(seed: string): Promise<Pair> {
    const pair = new Pair(await newDir());
    await pair.#copy(seed);
    pair.#primary = await pair.#start('primary');
    pair.#standby = await pair.#start('standby');
    return pair;
  }

  get primary(): string {
    return this.#primary?.connectionString ?? '';
  }

  get standby(): string {
    return this.#standby?.connectionString ?? '';
  }

  /** The standby hears no more of the primary. */
  async stopStandby(): Promise<void> {
    await this.#standby?.stop();
  }

  /** The primary is gone in an instant, and the standby, with what it has heard, is the primary. */
  async failOver(): Promise<void> {
    if (this.#primary) process.kill(this.#primary.pid, 'SIGKILL');
    await this.#primary?.stop();
    this.#standby = await this.#start('standby');
    await this.promote();
  }

  async promote(): Promise<void> {
    const admin = await Admin.of(this.standby);
    await admin.sql('SELECT pg_promote()');
    await admin.end();
  }

  async close(): Promise<void> {
    await Promise.all([this.#primary?.stop(), this.#standby?.stop()]);
    this.#stopped.abort();
    await rm(this.#dir, { recursive: true, force: true });
  }

  async #copy(seed: string): Promise<void> {
    for (const name of ['primary', 'standby']) await run('cp', ['-a', seed, join(this.#dir, name)]);
    await writeFile(join(this.#dir, 'standby', 'data', 'standby.signal'), '');
  }

  async #start(name: 'primary' | 'standby'): Promise<RunningPostgres> {
    const dataDir = join(this.#dir, name);
    const primary_conninfo = `host=${join(this.#dir, 'primary')} port=5432 user=kubephant`;
    return await startPostgres({ dataDir, settings: { fsync: 'off', primary_conninfo } }, this.#stopped.signal);
  }
}

/** The data of a server that has stopped, whose own database is migrated. */
export async function newSeed(): Promise<{ readonly dir: string; remove(): Promise<void> }> {
  const parent = await newDir();
  const dir = join(parent, 'seed');
  const stopped = new AbortController();
  const server = await startPostgres({ dataDir: dir, settings: { fsync: 'off' } }, stopped.signal);
  await migrated(server.connectionString);
  await server.stop();
  stopped.abort();
  return { dir, remove: () => rm(parent, { recursive: true, force: true }) };
}

/** Open to the user that servers run as when we are root. */
async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'kpp-'));
  await chmod(dir, 0o755);
  return dir;
}
