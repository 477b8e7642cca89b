import { chown, copyFile, mkdir, readdir, rm, symlink, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { preparePostgres, waitForPostgres, type PreparedPostgres } from '@kubephant/postgres-embedded';
import { Client, type QueryResultRow } from 'pg';
import { Program } from './program';

const port = 5432;
/** Small enough for a disk of some hundred megabytes, with enough kept for a standby that was cut off for a while. */
const settings = {
  max_wal_size: '96MB',
  min_wal_size: '32MB',
  wal_keep_size: '64MB',
  wal_retrieve_retry_interval: '100ms',
  shared_buffers: '64MB',
  autovacuum_naptime: '5s',
  log_line_prefix: '%m [%p] %a ',
};

/** What a copy of a running server must not have: its processes, its log (which is streamed), its own replication. */
const ownOnly =
  /^(pg_wal|pg_replslot|pg_stat_tmp|pg_notify|pg_serial|pg_snapshots|pg_subtrans|pg_dynshmem)\/.|^postmaster\.|^standby\.signal$/;

/** One PostgreSQL server in a directory of its own. */
export class Postgres {
  readonly #dir: string;
  readonly #prepared: PreparedPostgres;
  readonly #program: Program;

  private constructor(dir: string, prepared: PreparedPostgres, logFile: string) {
    this.#dir = dir;
    this.#prepared = prepared;
    this.#program = new Program({ ...prepared, logFile });
  }

  /** Initializes the directory unless that has been done. `primary`: whom it follows while it is a standby, as libpq's. */
  static async prepare(dir: string, primary: string, logFile: string): Promise<Postgres> {
    const prepared = await preparePostgres({ dataDir: dir, settings: { ...settings, primary_conninfo: primary } });
    return new Postgres(dir, prepared, logFile);
  }

  get socket(): string {
    return join(this.#dir, `.s.PGSQL.${port}`);
  }

  get isRunning(): boolean {
    return this.#program.isRunning;
  }

  async start(): Promise<void> {
    await this.#program.start();
  }

  /** Resolves when it answers; starts it again when it gave up meanwhile (a full disk does that to it). */
  async ready(signal: AbortSignal): Promise<void> {
    if (!this.isRunning) await this.start();
    await waitForPostgres(this.#prepared.connectionString, signal);
  }

  async stop(how: 'fast' | 'immediate'): Promise<void> {
    await this.#program.stop(how === 'fast' ? 'SIGINT' : 'SIGQUIT');
  }

  async kill(): Promise<void> {
    await this.#program.kill();
  }

  async pause(): Promise<void> {
    await this.#program.pause();
  }

  async resume(): Promise<void> {
    await this.#program.resume();
  }

  async query<R extends QueryResultRow>(sql: string, values: unknown[] = [], database = 'postgres'): Promise<R[]> {
    const client = await this.connect(database);
    try {
      return (await client.query<R>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }

  /** A session of its own; whoever opens it ends it. */
  async connect(database: string): Promise<Client> {
    const url = new URL(this.#prepared.connectionString);
    url.pathname = `/${database}`;
    const client = new Client({ connectionString: url.href, application_name: 'exam', query_timeout: 30_000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Makes this server, which does not run, a standby of `primary`, which does. */
  async copyFrom(primary: Postgres): Promise<void> {
    const data = join(this.#dir, 'data');
    await rm(data, { recursive: true, force: true });
    const client = await primary.connect('postgres');
    try {
      await client.query("SELECT pg_backup_start('exam', fast => true)");
      await this.#copyTree(join(primary.#dir, 'data'), data, '');
      const { rows } = await client.query<{ labelfile: string }>(
        'SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)',
      );
      await this.#write(join(data, 'backup_label'), rows[0]?.labelfile ?? '');
      await this.#write(join(data, 'standby.signal'), '');
    } finally {
      await client.end();
    }
  }

  /** Files that go away meanwhile are no part of what the write-ahead log expects. */
  async #copyTree(from: string, to: string, path: string): Promise<void> {
    await mkdir(join(to, path), { mode: 0o700 });
    await this.#own(join(to, path));
    for (const entry of await readdir(join(from, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (ownOnly.test(below)) continue;
      if (entry.isDirectory()) await this.#copyTree(from, to, below);
      else await this.#copyFile(join(from, below), join(to, below), entry.isSymbolicLink()).catch(unlessGone);
    }
  }

  async #copyFile(from: string, to: string, isLink: boolean): Promise<void> {
    if (isLink) {
      await symlink(await readlink(from), to);
      return;
    }
    await copyFile(from, to);
    await this.#own(to);
  }

  async #write(path: string, text: string): Promise<void> {
    await writeFile(path, text, { mode: 0o600 });
    await this.#own(path);
  }

  async #own(path: string): Promise<void> {
    const { uid, gid } = this.#prepared;
    if (uid !== undefined && gid !== undefined) await chown(path, uid, gid);
  }
}

function unlessGone(err: NodeJS.ErrnoException): void {
  if (err.code !== 'ENOENT') throw err;
}
