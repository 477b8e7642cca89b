import { mkdir } from 'node:fs/promises';
import { preparePostgres, startPostgres, waitForPostgres } from '@kubephant/postgres-embedded';
import { defaultRoles, initDatabase } from '@kubephant/storage-postgres';
import { readIfThere, writeSecret } from './files';
import { databaseUrlFile, type Layout } from './layout';
import { withLock } from './lock';
import { openProcessTable } from './supervisor';

/** How to start the embedded PostgreSQL: what a supervisor needs. */
export type PostgresCommand = Awaited<ReturnType<typeof preparePostgres>>;

const readyWithinMs = 60_000;

/** Prepares the embedded server, unless there is an external one, and writes its URL where the API server reads it. */
export async function ensurePostgres(layout: Layout): Promise<PostgresCommand | undefined> {
  const { databaseUrl, dataDir } = layout.options;
  // An external one's URL was written together with the options.
  if (databaseUrl !== undefined) return undefined;
  const { postgresSocket } = layout.directories;
  await mkdir(postgresSocket, { recursive: true });
  const embedded = await preparePostgres(configOf(layout));
  await writeSecret(databaseUrlFile(dataDir), `${urlAs(embedded.connectionString, defaultRoles.apiserver)}\n`);
  return embedded;
}

/**
 * Makes the roles of the embedded database once it runs, and gives the API server's role what an earlier version may have
 * left to the superuser. Until then the API server is refused, and tries again.
 */
export async function ensureRoles({ connectionString }: PostgresCommand, signal: AbortSignal): Promise<void> {
  await waitForPostgres(connectionString, AbortSignal.any([signal, AbortSignal.timeout(readyWithinMs)]));
  // Without passwords: whoever reaches the socket is trusted, and only its owner does.
  const { apiserver, reader } = defaultRoles;
  await initDatabase({ connectionString, apiserver: { name: apiserver }, reader: { name: reader } });
}

/**
 * Calls `work` with the URL of the cluster's database, as the API server's role. An embedded one that does not run is
 * started for so long.
 */
export async function withDatabase<T>(
  layout: Layout,
  work: (connectionString: string) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { dataDir, databaseUrl } = layout.options;
  const url = (await readIfThere(databaseUrlFile(dataDir)))?.trim();
  if (url === undefined) throw new Error(`the cluster in ${dataDir} has no database yet: start it with kubephant up`);
  const running = databaseUrl !== undefined || (await openProcessTable(layout.directories.run).alive()).has('postgres');
  if (running) return await work(url);
  return await withLock(dataDir, async () => {
    const server = await startPostgres(configOf(layout), signal);
    try {
      return await work(url);
    } finally {
      await server.stop();
    }
  });
}

const configOf = ({ directories }: Layout): { readonly dataDir: string; readonly socketDir: string } => ({
  dataDir: directories.postgres,
  socketDir: directories.postgresSocket,
});

function urlAs(connectionString: string, role: string): string {
  const url = new URL(connectionString);
  url.username = role;
  return url.toString();
}
