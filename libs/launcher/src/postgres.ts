import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { preparePostgres } from '@kubephant/postgres-embedded';
import type { Layout } from './layout';

/** How to start the embedded PostgreSQL: what a supervisor needs. */
export type PostgresCommand = Awaited<ReturnType<typeof preparePostgres>>;

/** Prepares the embedded server (or takes the external one) and writes its URL where the API server reads it. */
export async function ensurePostgres(layout: Layout): Promise<PostgresCommand | undefined> {
  const { options, directories } = layout;
  const embedded = options.databaseUrl === undefined ? await prepare(layout) : undefined;
  const url = options.databaseUrl ?? embedded?.connectionString ?? '';
  const file = join(directories.config, 'database-url');
  await writeFile(file, `${url}\n`, { mode: 0o600 });
  await chmod(file, 0o600);
  return embedded;
}

async function prepare({ directories }: Layout): Promise<PostgresCommand> {
  await mkdir(directories.postgresSocket, { recursive: true });
  return await preparePostgres({ dataDir: directories.postgres, socketDir: directories.postgresSocket });
}
