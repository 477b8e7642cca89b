import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '@kubephant/postgres-embedded';

/** An embedded PostgreSQL with durable settings, gone afterwards with all that was in it. */
export interface Database extends AsyncDisposable {
  readonly pid: number;
  readonly dataDir: string;
  /**
   * An empty database and its connection string. The one before is dropped, that its cleaning up does not count, and what
   * the server has in memory is written out.
   */
  fresh(): Promise<string>;
}

/** Beyond what clusters run with: to know how long a flush takes costs two looks at the clock. */
const settings = { track_wal_io_timing: 'on' };

export async function startDatabase(signal: AbortSignal): Promise<Database> {
  await using stack = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), 'kpg-bench-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const server = await startPostgres({ dataDir, settings }, signal);
  stack.defer(() => server.stop());
  const owned = stack.move();
  let databases = 0;
  return {
    pid: server.pid,
    dataDir,
    async fresh() {
      const last = `bench${databases}`;
      const name = `bench${(databases += 1)}`;
      const dropped = `DROP DATABASE IF EXISTS ${last} WITH (FORCE)`;
      await run(server.connectionString, [dropped, `CREATE DATABASE ${name}`, 'CHECKPOINT']);
      const url = new URL(server.connectionString);
      url.pathname = `/${name}`;
      return url.toString();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function run(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
