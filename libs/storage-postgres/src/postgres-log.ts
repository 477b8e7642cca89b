import { newGroup } from '@kubephant/base';
import type { BatchResult, CommitLog, LogPage, LogSnapshot, Mutation, Revision, UndoRecord } from '@kubephant/storage';
import type { Client } from 'pg';
import { int8Array, jsonArray, textArray } from './binary-array';
import { runCompactor, type CompactorConfig } from './compactor';
import { adopt, Connection, closeSession, openSession } from './connection';
import { isRolledBack, isTransient, outcomeOf, unreadable } from './errors';
import { runListener } from './listener';
import { migrate } from './migrate';
import { pageOf, readBetween, readLog, undoBetween, type BetweenColumns, type LogColumns } from './rows';
import { readSnapshot } from './snapshot';

/** `historyMs`: how long the history of changes is kept. */
export type PostgresLogConfig = CompactorConfig;

const commitBatch = {
  name: 'commit',
  text: 'SELECT base, won FROM commit_batch($1, $2, $3, $4, $5, $6, $7)',
};

/** How long the reading of a page of the log may take: silence for longer is the end of a connection. */
const readTimeoutMs = 6000;

/**
 * The database gives up before we do, so that what it is slow to do is known not to be done. Both are sooner than leases
 * are lost for want of a renewal.
 */
async function prepareWriter(client: Client): Promise<void> {
  await adopt(client);
  await client.query("SET statement_timeout = '5s'");
}

/**
 * The commit log in PostgreSQL. One connection writes, one asks where the log ends, which must not wait behind pages of
 * it, one reads those, which must not wait behind somebody's wish to see the past, one answers that, one listens.
 */
export class PostgresLog implements CommitLog {
  readonly #config: PostgresLogConfig;
  readonly #writer: Connection;
  readonly #reader: Connection;
  readonly #asker: Connection;
  readonly #historian: Connection;

  constructor(config: PostgresLogConfig) {
    this.#config = config;
    this.#writer = new Connection({ ...config, purpose: 'writer', queryTimeoutMs: 6000, onSession: prepareWriter });
    const reading = { ...config, queryTimeoutMs: readTimeoutMs, onSession: adopt };
    this.#reader = new Connection({ ...reading, purpose: 'reader' });
    this.#historian = new Connection({ ...reading, purpose: 'historian' });
    this.#asker = new Connection({ ...config, purpose: 'asker', queryTimeoutMs: patienceMs, onSession: adopt });
  }

  /** Makes the schema, or brings it to this version. */
  async migrate(): Promise<void> {
    const client = await openSession({ ...this.#config, purpose: 'migration', queryTimeoutMs: 600_000 });
    try {
      await client.query('SET statement_timeout = 0');
      await migrate(client);
    } finally {
      await closeSession(client);
    }
  }

  async commit(batch: readonly Mutation[], known: Revision): Promise<BatchResult> {
    const values = [known, ...columnsOf(batch)];
    try {
      return await this.#commit(values);
    } catch (err) {
      if (!isTransient(err)) throw outcomeOf(err);
    }
    try {
      return await this.#commit(values);
    } catch (err) {
      throw outcomeOf(err);
    }
  }

  async currentRevision(): Promise<Revision> {
    const asked = onceMore<{ latest: number }>(this.#asker, { name: 'current', text: 'SELECT latest FROM revision' });
    const rows = await inTime(asked);
    return rows[0]?.latest ?? 0;
  }

  async read(after: Revision, limit: number, upTo = Number.MAX_SAFE_INTEGER): Promise<LogPage> {
    return pageOf(
      await onceMore<LogColumns>(this.#reader, { name: 'read', text: readLog, values: [after, limit, upTo] }),
    );
  }

  async snapshot<T>(use: (snapshot: LogSnapshot) => Promise<T>): Promise<T> {
    const client = await openSession({ ...this.#config, purpose: 'snapshot', queryTimeoutMs: 60_000 });
    try {
      return await readSnapshot(client, use);
    } finally {
      await closeSession(client);
    }
  }

  async between(resource: string, from: Revision, to: Revision): Promise<readonly UndoRecord[] | undefined> {
    const query = { name: 'between', text: readBetween, values: [resource, from, to] };
    return undoBetween(await onceMore<BetweenColumns>(this.#historian, query), from);
  }

  async compact(before: Revision): Promise<void> {
    await onceMore(this.#reader, { text: 'SELECT compact($1)', values: [before] });
  }

  async skipPast(revision: Revision): Promise<void> {
    await onceMore(this.#reader, { text: 'SELECT catch_up_with($1)', values: [revision] });
  }

  async run(signal: AbortSignal, wake: (revision?: Revision) => void): Promise<void> {
    const group = newGroup(signal);
    group.go('listener', (inner) => runListener(this.#config, wake, inner));
    group.go('compactor', (inner) => runCompactor(this.#config, inner));
    try {
      await group.wait();
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    const all = [this.#writer, this.#reader, this.#historian, this.#asker];
    await Promise.all(all.map((connection) => connection.close()));
  }

  async #commit(values: unknown[]): Promise<BatchResult> {
    const { rows } = await this.#writer.query<{ base: number; won: boolean[] }>({ ...commitBatch, values });
    const [result] = rows;
    if (!result) throw new Error('the batch has no result');
    return result;
  }
}

/** Reading is safe to repeat: once, on a new connection, when the first was lost. */
async function onceMore<R extends object>(
  connection: Connection,
  query: { name?: string; text: string; values?: unknown[] },
): Promise<R[]> {
  try {
    return (await connection.query<R & Record<string, unknown>>(query)).rows;
  } catch (err) {
    if (isRolledBack(err)) throw err;
  }
  try {
    return (await connection.query<R & Record<string, unknown>>(query)).rows;
  } catch (err) {
    throw isRolledBack(err) ? err : unreadable(err);
  }
}

/**
 * How long a reader waits for the database. Whoever comes while one is waiting shares the question after it, so that
 * nobody waits longer than twice this.
 */
const patienceMs = 4000;

/** Settles like `asked`, or rejects with ServiceUnavailable: a database that says nothing is one that is away. */
async function inTime<T>(asked: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(unreadable('no answer in time')), patienceMs);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function columnsOf(batch: readonly Mutation[]): Buffer[] {
  return [
    textArray(batch.map(({ key }) => key.resource)),
    textArray(batch.map(({ key }) => key.namespace)),
    textArray(batch.map(({ key }) => key.name)),
    int8Array(batch.map(({ expected }) => expected)),
    jsonArray(batch.map(({ value }) => value)),
    jsonArray(batch.map(({ final }) => final)),
  ];
}
