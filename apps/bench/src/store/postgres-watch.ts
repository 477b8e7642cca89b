import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { beside, type Figure } from '../measure/figure';
import { sessionsOf, type Sample, type Sessions } from '../measure/limit';
import { familyCpuSeconds, nowMs } from '../measure/machine';

/** PostgreSQL's own figures of a while. */
export interface PostgresFigures {
  readonly cores: number;
  /** Absent when next to nothing was written. */
  readonly writes?: WriteFigures;
}

export interface WriteFigures {
  readonly commitsPerSecond: number;
  readonly writesPerCommit: number;
  readonly walBytesPerWrite: number;
  readonly fsyncsPerCommit: number;
  readonly fsyncMs: number;
  readonly sessions: Sessions;
}

interface Counters {
  readonly atMs: number;
  readonly revision: number;
  readonly transactions: number;
  readonly walBytes: number;
  readonly updates: number;
  readonly fsyncs: number;
  readonly fsyncMs: number;
  readonly cpuSeconds: number;
}

/**
 * Transactions and bytes are exact at any moment. The other counters are told by each backend at most once a second, all
 * of them together: their ratios hold, their sums lag. The row of `revision` is updated once per commit.
 */
const counters = `
  SELECT r.latest::float8 AS revision, pg_snapshot_xmax(pg_current_snapshot())::text::float8 AS transactions,
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS "walBytes",
    (SELECT n_tup_upd FROM pg_stat_user_tables WHERE relid = 'kubephant.revision'::regclass)::float8 AS updates,
    w.fsyncs::float8, w."fsyncMs"::float8
  FROM kubephant.revision r, `;
/** pg_stat_wal told of flushes before pg_stat_io did [release notes of PostgreSQL 18]. */
const flushesSince18 = `(SELECT sum(fsyncs) AS fsyncs, sum(fsync_time) AS "fsyncMs" FROM pg_stat_io WHERE object = 'wal') w`;
const flushesBefore = `(SELECT wal_sync AS fsyncs, wal_sync_time AS "fsyncMs" FROM pg_stat_wal) w`;

const sampleMs = 20;
/** Per second: what a cluster does for itself. */
const fewWrites = 10;
const sampled = `SELECT pid, state, wait_event_type AS type, wait_event AS event FROM pg_stat_activity
  WHERE application_name = 'kubephant writer' AND datname = current_database()`;

/** Looks at PostgreSQL from a session of its own, until asked what it saw. The database must be a store's. */
export class PostgresWatch implements AsyncDisposable {
  readonly #client: Client;
  readonly #pid: number;
  readonly #samples: Sample[] = [];
  readonly #stop = new AbortController();
  #before!: Counters;
  #sampling: Promise<void> = Promise.resolve();

  private constructor(client: Client, pid: number) {
    this.#client = client;
    this.#pid = pid;
    // The queries fail too, and say so to whoever waits.
    this.#client.on('error', () => undefined);
  }

  static async start(connectionString: string, pid: number): Promise<PostgresWatch> {
    const watch = new PostgresWatch(new Client({ connectionString }), pid);
    await watch.#client.connect();
    await watch.#client.query("SET stats_fetch_consistency = 'none'").catch(unlessOlder);
    watch.#before = await watch.#count();
    watch.#sampling = watch.#sample();
    // Told to whoever asks for the figures.
    watch.#sampling.catch(() => undefined);
    return watch;
  }

  /** What happened since the start. */
  async figures(): Promise<PostgresFigures> {
    this.#stop.abort();
    await this.#sampling;
    const after = await this.#count();
    const of = (name: keyof Counters): number => after[name] - this.#before[name];
    const seconds = of('atMs') / 1000;
    const writes = {
      commitsPerSecond: of('transactions') / seconds,
      writesPerCommit: of('revision') / of('transactions'),
      walBytesPerWrite: of('walBytes') / of('revision'),
      fsyncsPerCommit: of('fsyncs') / of('updates'),
      fsyncMs: of('fsyncMs') / of('fsyncs'),
      sessions: sessionsOf(this.#samples),
    };
    return { cores: of('cpuSeconds') / seconds, ...(of('revision') / seconds >= fewWrites && { writes }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#sampling.catch(() => undefined);
    await this.#client.end().catch(() => undefined);
  }

  async #count(): Promise<Counters> {
    const version = await this.#client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    const flushes = (version.rows[0]?.version ?? 0) >= 180_000 ? flushesSince18 : flushesBefore;
    const { rows } = await this.#client.query<Omit<Counters, 'atMs' | 'cpuSeconds'>>(counters + flushes);
    const [row] = rows;
    if (!row) throw new Error('the table revision has lost its row');
    return { ...row, atMs: nowMs(), cpuSeconds: await familyCpuSeconds(this.#pid) };
  }

  async #sample(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const { rows } = await this.#client.query<Sample>({ name: 'sample', text: sampled });
      this.#samples.push(...rows);
      await sleep(sampleMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }
}

/** Before PostgreSQL 15 statistics had no such choice: 42704 is an unknown setting. */
function unlessOlder(err: Error & { readonly code?: string }): void {
  if (err.code !== '42704') throw err;
}

export const besideOf = ({ writes, cores }: PostgresFigures): Figure[] => [
  ...(writes ? ofWrites(writes) : []),
  beside('cores: PostgreSQL', '', cores),
];

const ofWrites = (figures: WriteFigures): Figure[] => [
  beside('commits', '/s', figures.commitsPerSecond),
  beside('writes per commit', '', figures.writesPerCommit),
  beside('WAL per write', 'B', figures.walBytesPerWrite),
  beside('fsyncs per commit', '', figures.fsyncsPerCommit),
  beside('fsync', 'ms', figures.fsyncMs),
  ...Object.entries(figures.sessions).map(([what, share]) => beside(`writer ${what}`, '%', 100 * Number(share))),
];

/** For limitOf(). */
export const sessionsIn = ({ writes }: PostgresFigures): { readonly sessions?: Sessions } =>
  writes ? { sessions: writes.sessions } : {};
