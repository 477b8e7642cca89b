import type { KubeObject } from '@kubephant/api';
import { factsOf, type CachedObject, type Facts } from './cached-object';
import type { Change } from './change';
import { Flusher } from './flusher';
import type { HistoryLimits } from './history';
import { idOf } from './keys';
import type { LogSnapshot, UndoRecord } from './log';
import { ResourceCache, type Arrival } from './resource-cache';
import type { ResourceFields, Revision, StoreKey } from './store';

/** The state of the whole cluster as of one revision, in memory; moves on one change at a time. */
export class WatchCache {
  #revision: Revision;
  /** Where the history of resources begins that have not changed since. */
  #oldest: Revision;
  readonly #limits: HistoryLimits;
  readonly #extractors: Map<string, ResourceFields>;
  readonly #resources = new Map<string, ResourceCache>();
  readonly #flusher = new Flusher();

  constructor(extractors: Map<string, ResourceFields>, limits: HistoryLimits, revision: Revision) {
    this.#extractors = extractors;
    this.#limits = limits;
    this.#revision = revision;
    this.#oldest = revision;
  }

  get revision(): Revision {
    return this.#revision;
  }

  resource(name: string): ResourceCache {
    const known = this.#resources.get(name);
    if (known) return known;
    const created = new ResourceCache(this.#extractors.get(name), this.#oldest, this.#limits);
    this.#resources.set(name, created);
    return created;
  }

  resources(): IterableIterator<[string, ResourceCache]> {
    return this.#resources.entries();
  }

  find(key: StoreKey): CachedObject | undefined {
    return this.#resources.get(key.resource)?.objects.get(idOf(key));
  }

  /** Fills an empty cache. `oldest` becomes what the log still remembers, as far as our limits let us remember it. */
  async load(snapshot: LogSnapshot): Promise<void> {
    for await (const rows of snapshot.objects) for (const row of rows) this.resource(row.key.resource).load(row);
    const { records, oldest } = await this.#readHistory(snapshot);
    for (const [name, undo] of Map.groupBy(records, ({ key }) => key.resource)) this.resource(name).rewind(undo);
    for (const cache of this.#resources.values()) cache.history.startAt(oldest);
    this.#oldest = oldest;
  }

  /**
   * Applies records that directly follow the current revision, and skips those it already has. Watchers get the batch
   * as a whole. A gap means that the caller is wrong about the log: nothing after it is applied.
   */
  apply(records: readonly Arrival[]): readonly Change[] {
    const changes: Change[] = [];
    try {
      for (const record of records) {
        if (record.revision <= this.#revision) continue;
        if (record.revision !== this.#revision + 1) {
          throw new Error(`the log continues at ${record.revision} where ${this.#revision + 1} was expected`);
        }
        const cache = this.resource(record.key.resource);
        const change = cache.apply(record);
        this.#revision = record.revision;
        cache.watchers.offer(change, this.#flusher);
        changes.push(change);
      }
    } finally {
      this.#flusher.flush();
    }
    return changes;
  }

  forget(before: Revision): void {
    this.#oldest = Math.max(this.#oldest, before);
    for (const cache of this.#resources.values()) cache.forget(before);
  }

  /** What a selection needs of an object, and what read it: see Arrival. */
  read(resource: string, obj: KubeObject): { readonly facts: Facts; readonly readBy: ResourceFields | undefined } {
    const readBy = this.#extractors.get(resource);
    return { facts: factsOf(obj, readBy), readBy };
  }

  define(extract: ResourceFields): void {
    this.#extractors.set(extract.resource, extract);
    this.#resources.get(extract.resource)?.redefine(extract);
  }

  /** For a cache that was filled while definitions may have changed. */
  redefine(): void {
    for (const [name, cache] of this.#resources) {
      const extract = this.#extractors.get(name);
      if (extract && cache.extract !== extract) cache.redefine(extract);
    }
  }

  endWatchers(error: Error): void {
    for (const cache of this.#resources.values()) cache.watchers.end(error);
  }

  async #readHistory({ history }: LogSnapshot): Promise<{ records: UndoRecord[]; oldest: Revision }> {
    const records: UndoRecord[] = [];
    let bytes = 0;
    for await (const page of history) {
      for (const record of page) {
        bytes += record.previous?.value.length ?? 0;
        if (records.length >= this.#limits.changes || bytes > this.#limits.bytes) {
          return { records, oldest: record.revision };
        }
        records.push(record);
      }
    }
    // Not what the log said: it may have forgotten more while the objects were being read.
    return { records, oldest: (records.at(-1)?.revision ?? this.#revision + 1) - 1 };
  }
}
