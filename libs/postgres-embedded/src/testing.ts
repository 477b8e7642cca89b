import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@kubephant/base';
import { Client } from 'pg';
import { startPostgres, type PostgresConfig, type RunningPostgres } from './index';

export interface TestPostgres {
  readonly server: RunningPostgres;
  /** A new database like the template, and its connection string. */
  newDatabase(): Promise<string>;
  /** Runs one statement in the server's own database. */
  query(sql: string): Promise<readonly Record<string, unknown>[]>;
  restart(): Promise<void>;
  /** As a power cut for every process of the server, then starts it again. */
  crash(): Promise<void>;
}

export interface TestPostgresConfig extends Omit<PostgresConfig, 'dataDir'> {
  /** Prepares the template database that newDatabase() copies. */
  readonly template?: (connectionString: string) => Promise<void>;
}

/** One server for the tests of a file, gone with all its databases when they are done. */
export function withTestPostgres({ template, ...config }: TestPostgresConfig = {}): TestPostgres {
  const stopped = new AbortController();
  let server: RunningPostgres | undefined;
  let dataDir = '';
  let databases = 0;

  const start = async (): Promise<void> => {
    // Tests crash processes, not machines.
    const settings = { fsync: 'off', ...config.settings };
    server = await startPostgres({ ...config, dataDir, settings }, stopped.signal);
  };
  const running = (): RunningPostgres => {
    if (!server) throw new Error('the server of withTestPostgres runs only while tests do');
    return server;
  };
  const query = (sql: string) => queryOn(running().connectionString, sql);

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'kpg-'));
    await start();
    await query('CREATE DATABASE template');
    await template?.(named(running().connectionString, 'template'));
  }, 60_000);

  afterAll(async () => {
    await server?.stop();
    stopped.abort();
    await rm(dataDir, { recursive: true, force: true });
  }, 60_000);

  return {
    get server() {
      return running();
    },
    query,
    async newDatabase() {
      const name = `test${++databases}`;
      await query(`CREATE DATABASE ${name} TEMPLATE template`);
      return named(running().connectionString, name);
    },
    async restart() {
      await running().stop();
      await start();
    },
    async crash() {
      const crashed = running();
      process.kill(crashed.pid, 'SIGKILL');
      await crashed.stop();
      // Backends outlive their killed parent for a moment, and keep its memory from its successor.
      for (let attempt = 0; ; attempt++) {
        try {
          await start();
          return;
        } catch (err) {
          if (attempt === 50) throw err;
          await systemClock.sleep(100, stopped.signal);
        }
      }
    },
  };
}

function named(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.toString();
}

async function queryOn(connectionString: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
