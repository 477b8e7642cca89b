import { mkdir } from 'node:fs/promises';
import { preparePostgres } from '@kubephant/postgres-embedded';
import { writeSecret } from './files';
import { databaseUrlFile, type Layout } from './layout';

/** How to start the embedded PostgreSQL: what a supervisor needs. */
export type PostgresCommand = Awaited<ReturnType<typeof preparePostgres>>;

/** Prepares the embedded server, unless there is an external one, and writes its URL where the API server reads it. */
export async function ensurePostgres(layout: Layout): Promise<PostgresCommand | undefined> {
  const { databaseUrl, dataDir } = layout.options;
  // An external one's URL was written together with the options.
  if (databaseUrl !== undefined) return undefined;
  const embedded = await prepare(layout);
  await writeSecret(databaseUrlFile(dataDir), `${embedded.connectionString}\n`);
  return embedded;
}

async function prepare({ directories }: Layout): Promise<PostgresCommand> {
  await mkdir(directories.postgresSocket, { recursive: true });
  return await preparePostgres({ dataDir: directories.postgres, socketDir: directories.postgresSocket });
}
