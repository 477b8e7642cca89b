import type { Client } from 'pg';
import { UnusableDatabase } from './errors';
import { migrations } from './migrations';
import { refreshViews } from './views/refresh';

/**
 * Servers that start at the same time migrate one after the other. The lock of the steps is that of lock_revision(), so
 * that writers wait there rather than, in a circle, for the locks of tables; views are none of their business.
 */
const stepsLock = 1802855013;
const viewsLock = 1802855014;

/**
 * Brings the schema to this program's version, and then the read-only views. Refuses a database that a newer program
 * has migrated. With `steps`, makes those alone. Whoever is interrupted leaves the version from before.
 */
export async function migrate(client: Client, steps?: readonly string[]): Promise<void> {
  await alone(client, stepsLock, () => runSteps(client, steps ?? migrations));
  if (!steps) await alone(client, viewsLock, () => refreshViews(client));
}

/** In a transaction, while nobody else does the same. */
async function alone(client: Client, lock: number, work: () => Promise<void>): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lock]);
    await work();
    await client.query('COMMIT');
  } catch (err) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw err;
  }
}

async function runSteps(client: Client, steps: readonly string[]): Promise<void> {
  await ensureSchema(client);
  await client.query(
    'CREATE TABLE IF NOT EXISTS migration (version int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
  );
  const { rows } = await client.query<{ version: number | null }>('SELECT max(version) AS version FROM migration');
  const version = rows[0]?.version ?? 0;
  if (version > steps.length) {
    throw new UnusableDatabase(
      `the database has schema version ${version} and this program knows ${steps.length}: a newer version of it has been here`,
    );
  }
  for (const [i, step] of steps.entries()) {
    if (i < version) continue;
    await client.query(step);
    await client.query('INSERT INTO migration (version) VALUES ($1)', [i + 1]);
  }
}

/** Looks first: even IF NOT EXISTS needs a right on the database that the API server's own role does not have. */
async function ensureSchema(client: Client): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>("SELECT to_regnamespace('kubephant') IS NOT NULL AS there");
  if (!rows[0]?.there) await client.query('CREATE SCHEMA IF NOT EXISTS kubephant');
}
