import { untilAborted } from '@kubephant/base';
import { tooOld } from './errors';
import { newRecord } from './log-record';
import type { BatchResult, CommitLog, LogPage, LogRecord, LogSnapshot, Mutation, ObjectRow, UndoRecord } from './log';
import type { Revision, StoreKey } from './store';

interface Entry {
  readonly record: LogRecord;
  readonly previous: ObjectRow | undefined;
}

/** How many revisions a memory log looks back. */
const maxEntries = 20_000;

/** A commit log that lives as long as its process: for tests, and for clusters that may forget everything. */
export class MemoryLog implements CommitLog {
  #revision: Revision;
  #compacted: Revision;
  readonly #objects = new Map<string, ObjectRow>();
  /** Entry of revision r is at r - compacted - 1. */
  #entries: Entry[] = [];
  readonly #readers = new Set<(revision: Revision) => void>();

  /** Starts empty at a revision: a real cluster's first object is not at 1 either, so 0 must not be special. */
  constructor(start: Revision = 0) {
    this.#revision = start;
    this.#compacted = start;
  }

  async commit(batch: readonly Mutation[], known: Revision): Promise<BatchResult> {
    await this.#skipPast(known);
    const base = this.#revision;
    const won = batch.map((mutation) => this.#apply(mutation));
    if (this.#entries.length > 2 * maxEntries) this.#forget(this.#revision - maxEntries);
    for (const wake of this.#readers) wake(this.#revision);
    return { base, won };
  }

  async currentRevision(): Promise<Revision> {
    return this.#revision;
  }

  async read(after: Revision, limit: number, upTo = Infinity): Promise<LogPage> {
    const start = Math.max(0, after - this.#compacted);
    const end = Math.max(start, Math.min(start + limit, upTo - this.#compacted));
    const records = this.#entries.slice(start, end).map(({ record }) => record);
    return { records, head: this.#revision, compacted: this.#compacted };
  }

  async snapshot<T>(use: (snapshot: LogSnapshot) => Promise<T>): Promise<T> {
    return await use({
      revision: this.#revision,
      compacted: this.#compacted,
      objects: pageOf([...this.#objects.values()]),
      history: pageOf(this.#entries.map(undoOf).reverse()),
    });
  }

  async between(resource: string, from: Revision, to: Revision): Promise<readonly UndoRecord[] | undefined> {
    if (from < this.#compacted) return undefined;
    const first = new Map<string, UndoRecord>();
    for (const entry of this.#entries.slice(from - this.#compacted, to - this.#compacted)) {
      const { key } = entry.record;
      const id = idOf(key);
      if (key.resource === resource && !first.has(id)) first.set(id, undoOf(entry));
    }
    return [...first.values()];
  }

  async compact(before: Revision): Promise<void> {
    if (before > this.#revision) throw tooOld(before, this.#revision);
    this.#forget(before);
  }

  async skipPast(revision: Revision): Promise<void> {
    await this.#skipPast(revision);
  }

  async run(signal: AbortSignal, wake: (revision?: Revision) => void): Promise<void> {
    this.#readers.add(wake);
    await untilAborted(signal);
    this.#readers.delete(wake);
  }

  async #skipPast(known: Revision): Promise<void> {
    if (this.#revision >= known) return;
    this.#entries = [];
    this.#revision = known + 1;
    this.#compacted = this.#revision;
  }

  #apply(mutation: Mutation): boolean {
    const { key, expected, value } = mutation;
    const id = idOf(key);
    const previous = this.#objects.get(id);
    if ((previous?.revision ?? 0) !== expected || (value === undefined && !previous)) return false;
    const revision = ++this.#revision;
    const createdRevision = previous?.createdRevision ?? revision;
    if (value === undefined) this.#objects.delete(id);
    else this.#objects.set(id, { revision, createdRevision, key, value });
    this.#entries.push({ record: newRecord(mutation, revision, createdRevision), previous });
    return true;
  }

  #forget(before: Revision): void {
    if (before <= this.#compacted) return;
    this.#entries.splice(0, before - this.#compacted);
    this.#compacted = before;
  }
}

function undoOf({ record, previous }: Entry): UndoRecord {
  const { revision, key, deleted, value } = record;
  return { revision, key, ...(previous && { previous }), ...(deleted && value !== undefined && { final: value }) };
}

async function* pageOf<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}

const idOf = ({ resource, namespace, name }: StoreKey): string => `${resource}\0${namespace}\0${name}`;
