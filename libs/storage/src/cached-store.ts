import type { KubeObject } from '@kubephant/api';
import { silent, systemClock, type Clock, type Logger, type Metrics, type Run } from '@kubephant/base';
import { newCurrent } from './current';
import type { HistoryLimits } from './history';
import { checkRevision } from './keys';
import type { CommitLog } from './log';
import { Reader } from './reader';
import { Replica } from './replica';
import { StoreMetrics } from './store-metrics';
import type * as contract from './store';
import { watch, type WatchConfig } from './watch';
import type { QueueLimits } from './watcher';
import { Writer } from './writer';

export interface CachedStoreConfig {
  readonly resources: readonly contract.ResourceFields[];
  readonly clock?: Clock;
  readonly log?: Logger;
  readonly metrics?: Metrics;
  /** How far each resource's watchers can look back in memory. */
  readonly history?: HistoryLimits;
  /** What may wait for one watcher before it is ended as too slow. */
  readonly queue?: Partial<QueueLimits>;
  readonly bookmarkMs?: number;
}

export interface OpenStore {
  readonly store: contract.Store;
  /** Follows what other processes write; without it the store knows only its own writes. */
  readonly run: Run;
}

const defaultHistory: HistoryLimits = { changes: 20_000, bytes: 32 << 20 };
const defaultQueue: QueueLimits = { events: 20_000, bytes: 32 << 20 };

/** The store over a commit log: reads and watches from memory, writes through the log. */
export class CachedStore implements contract.Store {
  readonly current: contract.Current;
  readonly #log: CommitLog;
  readonly #replica: Replica;
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #watching: WatchConfig;
  readonly #metrics: StoreMetrics | undefined;

  /** Empty, as of a revision at which the log is empty; else load() has to come first. */
  constructor(log: CommitLog, config: CachedStoreConfig, revision: contract.Revision = 0) {
    const { resources, clock = systemClock, log: logger = silent, history: limits = defaultHistory } = config;
    const metrics = config.metrics && new StoreMetrics(config.metrics, this);
    const onChange = metrics && ((resource: string) => metrics.dispatched(resource));
    this.#log = log;
    this.#metrics = metrics;
    this.#replica = new Replica({ log, resources, clock, logger, limits, onChange }, revision);
    this.current = newCurrent(this.#replica);
    this.#reader = new Reader(this.#replica, metrics);
    this.#writer = new Writer(this.#replica, log, metrics);
    const { bookmarkMs = 60_000, queue } = config;
    this.#watching = { replica: this.#replica, clock, bookmarkMs, queue: { ...defaultQueue, ...queue } };
  }

  get revision(): contract.Revision {
    return this.#replica.cache.revision;
  }

  async load(): Promise<void> {
    await this.#replica.load();
  }

  async run(signal: AbortSignal): Promise<void> {
    await this.#replica.run(signal);
  }

  async create<T extends KubeObject>(key: contract.StoreKey, obj: T): Promise<contract.Stored<T>> {
    return of(await this.#write('create', key, () => this.#writer.create(key, obj)));
  }

  async get<T extends KubeObject>(
    key: contract.StoreKey,
    notOlderThan?: contract.Revision,
  ): Promise<contract.Stored<T>> {
    return of(await this.#reader.get(key, notOlderThan));
  }

  async list<T extends KubeObject>(options: contract.ListOptions): Promise<contract.Listed<T>> {
    return (await this.#reader.list(options)) as contract.Listed<T>;
  }

  async guaranteedUpdate<T extends KubeObject>(
    key: contract.StoreKey,
    change: (current: T | undefined) => contract.Change<T> | Promise<contract.Change<T>>,
    options: contract.UpdateOptions = {},
  ): Promise<contract.Updated<T>> {
    const decide = change as Parameters<Writer['update']>[1];
    return (await this.#write('update', key, () => this.#writer.update(key, decide, options))) as contract.Updated<T>;
  }

  async delete<T extends KubeObject>(
    key: contract.StoreKey,
    options: contract.DeleteOptions<T> = {},
  ): Promise<contract.Stored<T>> {
    const asked = options as contract.DeleteOptions<KubeObject>;
    return of(await this.#write('delete', key, () => this.#writer.delete(key, asked)));
  }

  watch<T extends KubeObject>(options: contract.WatchOptions, signal: AbortSignal): contract.Watch<T> {
    return watch(this.#watching, options, signal) as contract.Watch<T>;
  }

  async compact(before: contract.Revision): Promise<void> {
    checkRevision(before);
    await this.#log.compact(before);
    await this.#replica.catchUp();
  }

  define(fields: contract.ResourceFields): void {
    this.#replica.define(fields);
  }

  counts(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#replica.cache.resources(), ([name, { objects }]) => [name, objects.size]));
  }

  #write<R>(operation: 'create' | 'update' | 'delete', key: contract.StoreKey, work: () => Promise<R>): Promise<R> {
    return this.#metrics ? this.#metrics.write(operation, key.resource, work) : work();
  }
}

/** What `T` is, is between the caller and what was stored. */
const of = <T extends KubeObject>(stored: contract.Stored): contract.Stored<T> => stored as contract.Stored<T>;

/** A store that is ready once load() has resolved, which reads the whole state into memory; `run` keeps it up to date. */
export function newCachedStore(
  log: CommitLog,
  config: CachedStoreConfig,
): OpenStore & { readonly load: () => Promise<void> } {
  const store = new CachedStore(log, config);
  return { store, load: () => store.load(), run: (signal) => store.run(signal) };
}

/** The same, ready. */
export async function openCachedStore(log: CommitLog, config: CachedStoreConfig): Promise<OpenStore> {
  const { store, load, run } = newCachedStore(log, config);
  await load();
  return { store, run };
}
