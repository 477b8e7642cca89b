import type { FieldSelector, KubeObject, Selector } from '@kubephant/api';

/** A position in the cluster-wide, gap-free, commit-ordered sequence of mutations. Starts at 1; always a safe integer. */
export type Revision = number;

/** `resource` is `pods` or `deployments.apps`; `namespace` is empty for cluster-scoped objects. */
export interface StoreKey {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** An object as stored. Shared between all readers: never change `object` or `json`. */
export interface Stored<T extends KubeObject = KubeObject> {
  readonly key: StoreKey;
  readonly revision: Revision;
  readonly createdRevision: Revision;
  /** What a JSON client is served: compact JSON with `metadata.resourceVersion` in it. */
  readonly json: Buffer;
  /** Parsed on first use. */
  readonly object: T;
}

/** What a list or watch selects. Field values come from the resource's `FieldExtractor`, which the store was opened with. */
export interface Selection {
  readonly labels?: Selector;
  readonly fields?: FieldSelector;
}

/**
 * How the store reads what a selection needs from an object: computed once per revision, kept beside the bytes.
 * `fields` must not throw, whatever is in the object: it may have been written by another version of the program.
 * `indexes` are values whose equality lookups deserve an index (`spec.nodeName`, an owner's uid).
 */
export interface ResourceFields {
  readonly resource: string;
  fields(obj: KubeObject): Readonly<Record<string, string>>;
  readonly indexed?: readonly string[];
}

export interface ListOptions {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly selection?: Selection;
  /** 0 or absent: everything. */
  readonly limit?: number;
  readonly continue?: string;
  /**
   * Absent: linearizable. 0: whatever is there. N: see `match`.
   * Ahead of the store for longer than 3 s → Timeout with cause ResourceVersionTooLarge; compacted → Expired.
   * A continue token brings its own revision. With 0 the limit is ignored, as upstream.
   */
  readonly revision?: Revision;
  /** Default: exact with a limit, else notOlderThan. */
  readonly match?: 'exact' | 'notOlderThan';
}

export interface Listed<T extends KubeObject = KubeObject> {
  /** The revision that all items were read at. */
  readonly revision: Revision;
  /** Bytewise by `namespace/name`. */
  readonly items: readonly Stored<T>[];
  readonly continue?: string;
  /** Only without a selection, as upstream. */
  readonly remainingItemCount?: number;
}

export interface WatchOptions {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly selection?: Selection;
  /**
   * Events strictly after this revision; ahead of the store for longer than 3 s → Timeout, as for lists. Absent or 0: the
   * current state as ADDED events first, then changes.
   */
  readonly after?: Revision;
  /**
   * The state, at least as new as `after`, as ADDED events, then (with `bookmarks`) a bookmark with `initialEventsEnd`,
   * then changes.
   */
  readonly initialEvents?: boolean;
  readonly bookmarks?: boolean;
  /** After how long the caller will end it, if that is known: a last bookmark comes 2 s before. */
  readonly lastsMs?: number;
}

/**
 * A change as one watcher sees it: an object that enters its selection is ADDED, one that leaves it is DELETED with the
 * last state that matched. `revision` is the change's own and is what the bytes say, also for DELETED.
 */
export type StoreEvent<T extends KubeObject = KubeObject> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly revision: Revision; readonly stored: Stored<T> }
  | { readonly type: 'BOOKMARK'; readonly revision: Revision; readonly initialEventsEnd?: true };

/**
 * Events arrive in batches (whatever was ready), ordered, complete and unique. Ends without error when `signal` aborts;
 * throws Expired when the start is compacted, and when this reader was too slow: it is ended, never skipped, never waited for.
 */
export type Watch<T extends KubeObject = KubeObject> = AsyncIterable<readonly StoreEvent<T>[]>;

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface DeleteOptions<T extends KubeObject> {
  readonly preconditions?: Preconditions;
  /** May throw to refuse; runs again whenever the object has changed meanwhile. */
  validate?(current: T): void | Promise<void>;
}

/** What an update decides: the new state, or `unchanged` (nothing is written), or `remove` (with the final state to report). */
export type Change<T extends KubeObject> = { readonly to: T } | { readonly remove: T } | 'unchanged';

export interface UpdateOptions {
  readonly preconditions?: Preconditions;
  /** `change` is called with undefined when there is no object, and may create it; else NotFound is thrown. */
  readonly orCreate?: boolean;
}

export interface Updated<T extends KubeObject> {
  readonly stored: Stored<T>;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'removed';
}

/** The state that a store has in memory, which may be behind what other processes wrote. */
export interface Current {
  find<T extends KubeObject>(key: StoreKey): Stored<T> | undefined;
  /** In the order of lists: all, those in one namespace, or those that `fields` select. */
  all<T extends KubeObject>(resource: string, namespace?: string, fields?: FieldSelector): readonly Stored<T>[];
  /** Another one whenever an object of the resource is, so that what was made of all of them can be kept until then. */
  state(resource: string): object;
}

/**
 * Every mutation gets one new revision; reads are linearizable unless asked for less; errors are StatusErrors
 * (AlreadyExists, NotFound, Conflict, Expired, Timeout). A write whose outcome is unknown is never silently retried: it
 * throws. `metadata.resourceVersion` of what is written is ignored and set by the store.
 */
export interface Store {
  create<T extends KubeObject>(key: StoreKey, obj: T): Promise<Stored<T>>;
  /** NotFound when absent. `notOlderThan` absent: linearizable; 0: whatever is there. */
  get<T extends KubeObject>(key: StoreKey, notOlderThan?: Revision): Promise<Stored<T>>;
  list<T extends KubeObject>(options: ListOptions): Promise<Listed<T>>;
  /**
   * Calls `change` with the current state until its result could be written against exactly that state.
   * The argument is shared: return a new object. A result equal to the current state is not written.
   */
  guaranteedUpdate<T extends KubeObject>(
    key: StoreKey,
    change: (current: T | undefined) => Change<T> | Promise<Change<T>>,
    options?: UpdateOptions,
  ): Promise<Updated<T>>;
  /** The returned state carries the revision of the deletion. */
  delete<T extends KubeObject>(key: StoreKey, options?: DeleteOptions<T>): Promise<Stored<T>>;
  watch<T extends KubeObject>(options: WatchOptions, signal: AbortSignal): Watch<T>;
  /** Forgets history at and before `before`; state is not touched. A watch after `before` still works. */
  compact(before: Revision): Promise<void>;
  /** The newest revision this store has seen; not linearizable. */
  readonly revision: Revision;
  /** What is there now, without waiting: for what every request looks up, which neither asks nor counts as a read. */
  readonly current: Current;
  /** Declares or replaces how a resource's fields are read, for resources that come at run time. */
  define(fields: ResourceFields): void;
  /** Number of objects per resource, for apiserver_storage_objects. */
  counts(): ReadonlyMap<string, number>;
}
