import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { between, randomOf } from './random';
import type { Database } from './stage/database';

const furthestBehind = 400;

/** What was forgotten. */
export interface Compaction {
  compactions: number;
  partitions: number;
}

/**
 * Forgets history every 100 to 200 ms, up to a revision that is at most some hundreds old, in a session of its own. A
 * database that is away delays it; it is no part of what is examined.
 */
export async function runCompaction(database: Database, seed: number, signal: AbortSignal): Promise<Compaction> {
  const random = randomOf(seed);
  const done: Compaction = { compactions: 0, partitions: 0 };
  let client: Client | undefined;
  while (!signal.aborted) {
    try {
      client ??= await newSession(database);
      await compactOnce(client, Math.floor(between(random, 0, furthestBehind)), done);
    } catch {
      // Killed, full, failed over: whatever it was, the next session may be luckier.
      client?.end().catch(() => undefined);
      client = undefined;
    }
    await sleep(between(random, 100, 200));
  }
  await client?.end().catch(() => undefined);
  return done;
}

async function newSession(database: Database): Promise<Client> {
  const client = await database.primary.connect(database.name);
  await client.query("SET search_path = kubephant, pg_catalog; SET statement_timeout = '2s'");
  return client;
}

async function compactOnce(client: Client, behind: number, done: Compaction): Promise<void> {
  await client.query('SELECT compact((SELECT latest - $1::bigint FROM revision))', [behind]);
  done.compactions += 1;
  for (let more = true; more;) {
    const { rows } = await client.query<{ more: boolean }>('SELECT drop_compacted() AS more');
    more = rows[0]?.more ?? false;
    if (more) done.partitions += 1;
  }
}
