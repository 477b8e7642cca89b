import type { Client } from 'pg';
import { UnusableDatabase } from './errors';

const oldestVersion = 140_000;

interface Facts {
  readonly pid: number;
  readonly standby: boolean;
  readonly version: number;
  readonly encoding: string;
  readonly synchronous: string;
}

/**
 * Settings of every session of ours. The server lets go of a client that is gone without a word before its share of
 * notifications piles up. Plans are for a handful of keys by their index, whatever the statistics say: a
 * batch planned as a scan of everything would be slow for everybody.
 */
const settings = `
  SET search_path = kubephant, pg_catalog;
  SET statement_timeout = '10s';
  SET idle_in_transaction_session_timeout = '60s';
  SET tcp_keepalives_idle = 10;
  SET tcp_keepalives_interval = 5;
  SET tcp_keepalives_count = 3;
  SET tcp_user_timeout = '30s';
  SET enable_hashjoin = off;
  SET enable_mergejoin = off;
  SET enable_seqscan = off;
  SET enable_bitmapscan = off;
  SET plan_cache_mode = force_generic_plan;
  SET jit = off;
  SET client_min_messages = warning;
`;

/** Refuses servers that cannot keep the store's promises, and says why. */
export async function prepareSession(client: Client): Promise<void> {
  const { rows } = await client.query<Facts>(`
    SELECT pg_backend_pid() AS pid, pg_is_in_recovery() AS standby,
      current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
      current_setting('synchronous_commit') AS synchronous`);
  const [facts] = rows;
  if (!facts) throw new Error('PostgreSQL does not say what it is');
  const problem = problemOf(facts, (client as unknown as { readonly processID: number }).processID);
  // A standby may be promoted; the others stay what they are.
  if (problem !== undefined) throw facts.standby ? new Error(problem) : new UnusableDatabase(problem);
  await client.query(settings);
  if (facts.synchronous === 'off') await client.query('SET synchronous_commit = on');
}

/** Why a server cannot keep the promises, in words for whoever configured it. `announced` is the pid that it connected with. */
export function problemOf({ pid, standby, version, encoding }: Facts, announced: number): string | undefined {
  if (standby) return 'this PostgreSQL is a standby: only the primary knows the newest revision, connect to that';
  if (pid !== announced) {
    return 'there is a connection pooler such as pgbouncer before PostgreSQL: it loses notifications and session settings, connect directly';
  }
  if (version < oldestVersion) return `PostgreSQL ${Math.floor(version / 10_000)} is too old: 14 or newer is needed`;
  if (encoding !== 'UTF8') return `the database is encoded in ${encoding}: create one with ENCODING 'UTF8'`;
  return undefined;
}
