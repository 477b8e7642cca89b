import type { Clock, Logger } from '@kubephant/base';
import type { Client } from 'pg';
import { closeSession, openSession } from '../connection';
import { migrations } from '../migrations';
import { Chain } from './chain';
import type { KeyColumns } from '../rows';
import { Cursor } from './cursor';
import { Digests, type ResourceDigest, type Settled } from './digests';
import {
  changeFacts,
  compareKeys,
  nameOf,
  objectFacts,
  type ChangeFacts,
  type ObjectFacts,
  type Position,
} from './facts';
import { describeObject } from './object';
import { checkPartitions, checkSequence, readPosition } from './sequence';
import { Uids } from './uids';

export interface CheckConfig {
  /** As the role of the API server, or another that may read the tables. A secret. */
  readonly connectionString: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told of everything that is wrong, in words, when it is found. */
  readonly onFinding: (text: string) => void;
}

export interface CheckReport extends Position {
  readonly resources: readonly ResourceDigest[];
  /** SHA-256 over what is there, and over where the log leads from the compacted revision. Equal in a sound database. */
  readonly state: string;
  readonly replayed: string;
  /** Objects that there were at the compacted revision, by going back from now. */
  readonly objectsThen: number;
  /** Objects last written before checksums were kept: nobody can tell whether they were changed since. */
  readonly unverifiable: number;
  readonly findings: number;
}

/** Reads at their own pace and in order: not what the settings for a batch of keys are made for. */
const settings = `
  SET LOCAL statement_timeout = 0;
  SET LOCAL enable_hashjoin = on;
  SET LOCAL enable_seqscan = on;
  SET LOCAL enable_bitmapscan = on;
  SET LOCAL cursor_tuple_fraction = 1;
  SET LOCAL work_mem = '32MB';
`;

/**
 * Compares the state with what the log makes of it: one moment of the database, read once, a few rows in memory. Whoever
 * writes meanwhile is not disturbed. Throws when there is nothing to check, or not with this version.
 */
export async function checkDatabase(config: CheckConfig): Promise<CheckReport> {
  const { connectionString, clock, log } = config;
  const client = await openSession({ connectionString, clock, log, purpose: 'check', queryTimeoutMs: 3_600_000 });
  try {
    // Before anything is seen: no part of the log may be dropped between that moment and its reading.
    await checkVersion(client);
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('LOCK TABLE log IN ACCESS SHARE MODE');
    await client.query(settings);
    const report = await new Check(client, config.onFinding).run();
    await client.query('COMMIT');
    return report;
  } finally {
    await closeSession(client);
  }
}

async function checkVersion(client: Client): Promise<void> {
  const there = await client.query<{ there: boolean }>(
    "SELECT to_regclass('kubephant.migration') IS NOT NULL AS there",
  );
  if (!there.rows[0]?.there) throw new Error('there is no cluster in this database');
  const { rows } = await client.query<{ version: number | null }>('SELECT max(version) AS version FROM migration');
  const version = rows[0]?.version ?? 0;
  if (version === migrations.length) return;
  const advice = version < migrations.length ? 'run kubephant db migrate first' : 'use the program that wrote it';
  throw new Error(`the database has schema version ${version} and this program checks ${migrations.length}: ${advice}`);
}

class Check {
  readonly #client: Client;
  readonly #onFinding: (text: string) => void;
  readonly #digests = new Digests();
  readonly #uids = new Uids();
  readonly #kinds = new Map<string, string>();
  #findings = 0;
  #objectsThen = 0;
  #unverifiable = 0;

  constructor(client: Client, onFinding: (text: string) => void) {
    this.#client = client;
    this.#onFinding = onFinding;
  }

  async run(): Promise<CheckReport> {
    const finding = this.#find;
    const position = await readPosition(this.#client, finding);
    await checkSequence(this.#client, position, finding);
    await checkPartitions(this.#client, position, finding);
    await this.#checkKeys(position);
    await this.#checkUids();
    const { latest, compacted } = position;
    const counts = { objectsThen: this.#objectsThen, unverifiable: this.#unverifiable, findings: this.#findings };
    return { latest, compacted, ...counts, ...this.#digests.end() };
  }

  readonly #find = (text: string): void => {
    this.#findings += 1;
    this.#onFinding(text);
  };

  /** Every key that is in the state, in the log or in both, in order. */
  async #checkKeys(position: Position): Promise<void> {
    const objects = await Cursor.open<ObjectFacts>(this.#client, 'state', objectFacts);
    const changes = await Cursor.open<ChangeFacts>(this.#client, 'changes', changeFacts(position.compacted));
    for (;;) {
      const [object, change] = [await objects.peek(), await changes.peek()];
      const key = first(object, change);
      if (!key) return;
      const chain = new Chain(position, (text) => this.#find(`${nameOf(key)}: ${text}`));
      let count = 0;
      for (let next = change; next && compareKeys(next, key) === 0; next = await changes.peek()) {
        chain.add(next);
        changes.take();
        count += 1;
      }
      const row = object && compareKeys(object, key) === 0 ? object : undefined;
      if (row) objects.take();
      this.#settle(key, { row, count, ...chain.end(row) });
    }
  }

  #settle(key: KeyColumns, settled: Settled): void {
    const { row, then } = settled;
    if (then) this.#objectsThen += 1;
    this.#digests.add(key, settled);
    if (!row) return;
    const { resource } = key;
    if (row.checksum === null) this.#unverifiable += 1;
    const { uid, kind = '', problems } = describeObject(row);
    for (const problem of problems) this.#find(`${nameOf(row)}: ${problem}`);
    if (uid !== undefined) this.#uids.add(uid);
    const usual = this.#kinds.get(resource) ?? kind;
    this.#kinds.set(resource, usual);
    if (kind !== usual) this.#find(`${nameOf(row)}: is a ${kind}, and the others are of kind ${usual}`);
  }

  async #checkUids(): Promise<void> {
    const isSuspect = this.#uids.suspects();
    if (!isSuspect) return;
    const named = new Map<string, string[]>();
    const objects = await Cursor.open<ObjectFacts>(this.#client, 'again', objectFacts);
    for (let row = await objects.peek(); row; row = await objects.peek()) {
      const { uid } = describeObject(row);
      if (uid !== undefined && isSuspect(uid)) named.set(uid, [...(named.get(uid) ?? []), nameOf(row)]);
      objects.take();
    }
    for (const [uid, names] of named)
      if (names.length > 1) this.#find(`the uid ${uid} is that of ${names.join(' and ')}`);
  }
}

function first(
  object: ObjectFacts | undefined,
  change: ChangeFacts | undefined,
): ObjectFacts | ChangeFacts | undefined {
  if (!object || !change) return object ?? change;
  return compareKeys(object, change) <= 0 ? object : change;
}
