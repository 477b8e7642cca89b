import type { Client } from 'pg';
import { UnusableDatabase } from './errors';
import { migrations } from './migrations';

/** Any number that nobody else uses: servers that start at the same time migrate one after the other. */
const lockKey = 0x6b756265;

/** Brings the schema to this program's version. Refuses a database that a newer program has migrated. */
export async function migrate(client: Client, steps: readonly string[] = migrations): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [lockKey]);
    await client.query('CREATE SCHEMA IF NOT EXISTS kubephant');
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
    await client.query('COMMIT');
  } catch (err) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw err;
  }
}
