import type { KubeObject, ObjectKey, ObjectList, WatchEvent } from '@kubephant/api';
import type { Run } from '@kubephant/base';

/** Where a reflector gets its objects: one resource, possibly narrowed by selectors. */
export interface ListerWatcher<T extends KubeObject> {
  list(
    options: { readonly resourceVersion?: string; readonly limit?: number; readonly continue?: string },
    signal: AbortSignal,
  ): Promise<ObjectList<T>>;
  watch(options: { readonly resourceVersion: string }, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
}

/** The local copy of a resource. Objects are shared: never change them. */
export interface Lister<T extends KubeObject> {
  get(key: ObjectKey): T | undefined;
  list(namespace?: string): readonly T[];
  byIndex(index: string, value: string): readonly T[];
}

/** Called in order, synchronously, after the lister has changed. Must not throw. */
export interface EventHandler<T extends KubeObject> {
  onAdd?(obj: T): void;
  onUpdate?(old: T, obj: T): void;
  onDelete?(obj: T): void;
}

/** Values under which an object is found by `byIndex(name, value)`. */
export type Indexers<T> = Readonly<Record<string, (obj: T) => readonly string[]>>;

export interface SharedInformer<T extends KubeObject> {
  readonly lister: Lister<T>;
  /** Lists, then watches, until aborted; relists by itself. */
  readonly run: Run;
  /** Resolves once the first list is in the lister and all handlers have seen it; rejects when aborted before. */
  synced(signal: AbortSignal): Promise<void>;
  readonly hasSynced: boolean;
  /** A handler added late first sees every present object as onAdd. */
  addEventHandler(handler: EventHandler<T>): void;
  /** Adds indexes for `byIndex`; present objects are indexed at once. Adding a name again is harmless if it means the same. */
  addIndexers(indexers: Indexers<T>): void;
}

/** A key is queued at most once and worked on by at most one worker; adding it meanwhile runs it once more after done(). */
export interface WorkQueue<K> {
  add(key: K): void;
  addAfter(key: K, ms: number): void;
  addRateLimited(key: K): void;
  forget(key: K): void;
  /** Undefined: shut down. */
  get(): Promise<K | undefined>;
  done(key: K): void;
  shutDown(): void;
  numRequeues(key: K): number;
  readonly length: number;
}
