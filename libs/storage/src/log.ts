import type { Revision, StoreKey } from './store';

/** An object's compact JSON without `metadata.resourceVersion`, with `kind`, `apiVersion` and `metadata` first. */
export type Value = string | Uint8Array;

/** One change to one key, valid only while the key is in the state that it was decided on. */
export interface Mutation {
  readonly key: StoreKey;
  /** The revision the key must have; 0: it must be absent. */
  readonly expected: Revision;
  /** The new state; absent: the key is removed. */
  readonly value?: Value;
  /** With a removal: the state to report, when it is not the one before. */
  readonly final?: Value;
}

export interface BatchResult {
  /** The last revision before the batch. Mutation number k of those that won has revision `base + k`. */
  readonly base: Revision;
  /** Per mutation whether its expectation held. One that did not loses only itself. */
  readonly won: readonly boolean[];
}

/** A change as the log remembers it. */
export interface LogRecord {
  readonly revision: Revision;
  readonly key: StoreKey;
  readonly createdRevision: Revision;
  readonly deleted: boolean;
  /** The state after the change. Absent in a removal that reports the state before. */
  readonly value?: Value;
}

export interface LogPage {
  /** Ascending and without a gap, starting right after the revision asked for. */
  readonly records: readonly LogRecord[];
  /** The log's last revision, as of the same moment. */
  readonly head: Revision;
  /** History at and before this revision is forgotten. */
  readonly compacted: Revision;
}

export interface ObjectRow {
  readonly revision: Revision;
  readonly createdRevision: Revision;
  readonly key: StoreKey;
  readonly value: Value;
}

/** A change told backwards: what the key was before. */
export interface UndoRecord {
  readonly revision: Revision;
  readonly key: StoreKey;
  /** Absent: the change created the key. */
  readonly previous?: { readonly revision: Revision; readonly createdRevision: Revision; readonly value: Value };
  /** Given when the change removed the key: what it reported. */
  readonly final?: Value;
}

/** The whole state at one revision, and the way back from it. Both are read once, `objects` first. */
export interface LogSnapshot {
  readonly revision: Revision;
  readonly compacted: Revision;
  readonly objects: AsyncIterable<readonly ObjectRow[]>;
  /** Newest first, without a gap, down to `compacted` or as far as the reader cares to read. */
  readonly history: AsyncIterable<readonly UndoRecord[]>;
}

/**
 * The truth: a durable, totally ordered sequence of changes and the state they lead to. Any number of processes may
 * commit to one log; revisions are gap-free and become readable in their order.
 */
export interface CommitLog {
  /**
   * Applies a batch atomically. At most one mutation per key. `known` is the newest revision the caller has seen: a log
   * that is older has lost commits, and moves past it first. Throws ServiceUnavailable when provably nothing was
   * applied, and Timeout when that is unknown; then the log will tell. Any other error: nothing was applied, because of
   * something in the batch.
   */
  commit(batch: readonly Mutation[], known: Revision): Promise<BatchResult>;
  /** Linearizable: at least as new as any commit that returned before the call. */
  currentRevision(): Promise<Revision>;
  /** Records strictly after a revision, at most `limit`, and none after `upTo`. */
  read(after: Revision, limit: number, upTo?: Revision): Promise<LogPage>;
  /** Calls `use` with a consistent view that lives as long as the call. */
  snapshot<T>(use: (snapshot: LogSnapshot) => Promise<T>): Promise<T>;
  /**
   * The way back from `to` to `from`, for a resource: the first change of each of its keys in between, in any order.
   * Undefined when it is forgotten.
   */
  between(resource: string, from: Revision, to: Revision): Promise<readonly UndoRecord[] | undefined>;
  compact(before: Revision): Promise<void>;
  /**
   * For when the log turns out to be older than what was read from it (a failover that lost commits): moves it past
   * every revision ever handed out and forgets its history, so that no revision ever means two things.
   */
  skipPast(revision: Revision): Promise<void>;
  /** Keeps connections and tells of new revisions, or of news in general. A hint: it may never come. */
  run(signal: AbortSignal, wake: (revision?: Revision) => void): Promise<void>;
}
