import { newBackoff, newGroup, type Clock, type Logger } from '@kubephant/base';
import { Ahead } from './ahead';
import type { CachedObject } from './cached-object';
import { historyLost } from './errors';
import type { HistoryLimits } from './history';
import type { CommitLog, LogPage } from './log';
import { bytesOf } from './log-record';
import type { OrderedSnapshot } from './ordered-set';
import { PageSize } from './page-size';
import { Progress } from './progress';
import type { Arrival } from './resource-cache';
import { SharedQuestion } from './shared-question';
import type { ResourceFields, Revision } from './store';
import { WatchCache } from './watch-cache';

export interface ReplicaConfig {
  readonly log: CommitLog;
  readonly resources: readonly ResourceFields[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: HistoryLimits;
  /** Told of every change that watchers were handed. */
  readonly onChange?: ((resource: string) => void) | undefined;
}

/** How long a reader waits for a revision that is not there yet [apiserver cacher blockTimeout]. */
const patienceMs = 3000;
/** How long a missed hint can go unnoticed. */
const pollMs = 1000;

/** A copy of the log's state in memory that follows the log. */
export class Replica {
  readonly #config: ReplicaConfig;
  readonly #extractors: Map<string, ResourceFields>;
  readonly #progress: Progress;
  readonly #head: SharedQuestion<Revision>;
  readonly #catchUp: SharedQuestion<Revision>;
  readonly #pages = new PageSize();
  readonly #ahead = new Ahead();
  #cache: WatchCache;
  #compacted: Revision = 0;
  #commits = 0;
  /** The newest revision that there was news of. */
  #heard: Revision = 0;
  #news = Promise.withResolvers<undefined>();

  /** Empty, as of a revision at which the log is empty too. */
  constructor(config: ReplicaConfig, revision: Revision) {
    this.#config = config;
    this.#extractors = new Map(config.resources.map((fields) => [fields.resource, fields]));
    this.#cache = new WatchCache(this.#extractors, config.limits, revision);
    this.#progress = new Progress(() => this.#cache.revision, config.clock);
    this.#head = new SharedQuestion(() => config.log.currentRevision());
    this.#catchUp = new SharedQuestion(() => this.#readToHead());
  }

  /** Replaced as a whole when history is lost: do not keep it across an await. */
  get cache(): WatchCache {
    return this.#cache;
  }

  /** Reads the whole state anew; whoever watches has to start over. */
  async load(): Promise<void> {
    const old = this.#cache;
    this.#cache = await this.#config.log.snapshot(async (snapshot) => {
      const cache = new WatchCache(this.#extractors, this.#config.limits, snapshot.revision);
      await cache.load(snapshot);
      this.#compacted = snapshot.compacted;
      return cache;
    });
    this.#cache.redefine();
    old.endWatchers(historyLost());
    // Of what was ahead, the rest may follow on now, and what the state has already is in the way of what comes.
    this.#apply([]);
  }

  /** Records that were learned otherwise than by reading: applied as soon as everything up to `base` has been. */
  offer(base: Revision, records: readonly Arrival[]): void {
    if (this.#cache.revision >= base) this.#apply(records);
    else {
      this.#ahead.add(base, records);
      this.wake(base);
    }
  }

  /** Reads the log up to what it had when this was called. */
  async catchUp(): Promise<void> {
    await this.#catchUp.answer();
  }

  /** After this the cache is at least as new as everything that was committed before the call, by anyone. */
  async fresh(): Promise<void> {
    const known = this.#cache.revision;
    const head = await this.#head.answer();
    // Only a log that has lost commits ends before what was read from it: what is here then may never have happened.
    if (head < known) await this.catchUp();
    await this.reached(head);
  }

  async reached(revision: Revision): Promise<void> {
    if (revision > this.#cache.revision) this.wake();
    await this.#progress.reached(revision, patienceMs);
  }

  /** A resource as of a revision, from memory or else from the log; undefined when nobody knows the way back to it. */
  async stateAt(resource: string, revision: Revision): Promise<OrderedSnapshot<CachedObject> | undefined> {
    const cache = this.#cache.resource(resource);
    const remembered = cache.stateAt(revision);
    if (remembered) return remembered;
    const { oldest } = cache.history;
    const state = cache.copyAt(oldest);
    const records = await this.#config.log.between(resource, revision, oldest);
    return state && records && cache.rewound(state, records);
  }

  /** There is something to read; `revision` says up to where, when that is known. */
  wake(revision = Infinity): void {
    if (revision <= this.#cache.revision) return;
    if (this.#commits > 0 && revision < Infinity) this.#heard = Math.max(this.#heard, revision);
    else this.#news.resolve(undefined);
  }

  /** While a commit is on its way, the news is most likely that very commit: it waits until that has been applied. */
  async undisturbed<T>(commit: () => Promise<T>): Promise<T> {
    this.#commits++;
    try {
      return await commit();
    } finally {
      this.#commits--;
      this.wake(this.#heard);
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const group = newGroup(signal);
    group.go('log', (inner) => this.#config.log.run(inner, (revision) => this.wake(revision)));
    group.go('follow', (inner) => this.#follow(inner));
    await group.wait();
  }

  define(extract: ResourceFields): void {
    this.#cache.define(extract);
  }

  #apply(records: readonly Arrival[]): void {
    const { onChange } = this.#config;
    for (let next: readonly Arrival[] | undefined = records; next; next = this.#ahead.take(this.#cache.revision)) {
      const changes = this.#cache.apply(next);
      if (onChange) for (const { resource } of changes) onChange(resource);
    }
    this.#progress.moved();
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const backoff = newBackoff({ initialMs: 50, maxMs: pollMs, jitter: 0.5 });
    while (!signal.aborted) {
      try {
        await this.catchUp();
        backoff.reset();
        await this.#untilNews(signal);
      } catch (err) {
        // The log is the only thing to follow: keep trying for as long as we live.
        this.#config.logger.warn('Cannot read the log, will retry', { reason: String(err) });
        await this.#config.clock.sleep(backoff.next(), signal);
      }
    }
  }

  async #untilNews(signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    await Promise.race([this.#news.promise, this.#config.clock.sleep(pollMs, AbortSignal.any([signal, done.signal]))]);
    done.abort();
    this.#news = Promise.withResolvers();
  }

  async #nextPage(known: Revision): Promise<LogPage> {
    try {
      return await this.#config.log.read(known, this.#pages.rows, this.#ahead.first);
    } catch (err) {
      this.#pages.forget();
      throw err;
    }
  }

  async #readToHead(): Promise<Revision> {
    for (;;) {
      const cache = this.#cache;
      const known = cache.revision;
      const page = await this.#nextPage(known);
      if (page.head < known) await this.#config.log.skipPast(known);
      if (page.head < known || page.compacted > known) {
        this.#config.logger.warn('The history of changes was lost, starting over', { known, ...positions(page) });
        await this.load();
        return this.#cache.revision;
      }
      this.#pages.learn(page.records.length, bytesOf(page.records));
      this.#apply(page.records);
      if (page.compacted > this.#compacted) cache.forget(page.compacted);
      this.#compacted = Math.max(page.compacted, this.#compacted);
      if (cache.revision >= page.head) return cache.revision;
      if (page.records.length === 0) throw new Error(`the log ends at ${known} and says that it ends at ${page.head}`);
    }
  }
}

const positions = ({ head, compacted }: LogPage): { head: Revision; compacted: Revision } => ({ head, compacted });
