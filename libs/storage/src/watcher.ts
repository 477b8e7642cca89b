import { slowReader } from './errors';
import type { Change } from './change';
import type { Matcher } from './selection';
import type { Revision, StoreEvent } from './store';

/** An amount of events and of what they carry. */
export interface QueueLimits {
  readonly events: number;
  readonly bytes: number;
}

export interface WatcherConfig {
  readonly matcher: Matcher;
  /** What may wait for the reader before it counts as too slow. */
  readonly limits: QueueLimits;
  /** Called once, when no more events are wanted. */
  readonly onEnd: (watcher: Watcher) => void;
}

/** What the reader gets at once: what it has taken is out of the queue's bounds. */
const batch: QueueLimits = { events: 500, bytes: 1 << 20 };

/** The queue of one reader. It is ended, never skipped and never waited for. */
export class Watcher {
  readonly matcher: Matcher;
  #limits: QueueLimits;
  readonly #onEnd: (watcher: Watcher) => void;
  #queue: StoreEvent[] = [];
  #bytes = 0;
  #ended: { readonly error?: Error } | undefined = undefined;
  #waiting: PromiseWithResolvers<undefined> | undefined = undefined;

  constructor({ matcher, limits, onEnd }: WatcherConfig) {
    this.matcher = matcher;
    this.#limits = limits;
    this.#onEnd = onEnd;
  }

  /** What happened before it came: not held against it, however much it is. */
  replay(changes: readonly Change[]): void {
    for (const change of changes) {
      const event = change.seenBy(this.matcher);
      if (event) this.#add(event);
    }
    const { events, bytes } = this.#limits;
    this.#limits = { events: events + this.#queue.length, bytes: bytes + this.#bytes };
  }

  offer(change: Change): void {
    const event = change.seenBy(this.matcher);
    if (event) this.#push(event);
  }

  /** Travels behind the events that are waiting, so it never promises what was not delivered. */
  bookmark(revision: Revision, initialEventsEnd = false): void {
    const last = this.#queue.at(-1);
    if (last?.type === 'BOOKMARK' && !last.initialEventsEnd) this.#queue.pop();
    this.#push({ type: 'BOOKMARK', revision, ...(initialEventsEnd && { initialEventsEnd }) });
  }

  /** Ends the stream at once, whatever is queued; with an error, the reader gets it. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = error ? { error } : {};
    this.#onEnd(this);
    this.#queue = [];
    this.wake();
  }

  /** Lets the reader have what was offered. Not part of offer(), so that a batch of changes wakes it once. */
  wake(): void {
    this.#waiting?.resolve(undefined);
    this.#waiting = undefined;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** The next that are waiting; undefined at the end. */
  async next(): Promise<readonly StoreEvent[] | undefined> {
    for (;;) {
      if (this.#ended?.error) throw this.#ended.error;
      if (this.#ended) return undefined;
      if (this.#queue.length > 0) return this.#take();
      this.#waiting ??= Promise.withResolvers();
      await this.#waiting.promise;
    }
  }

  #take(): readonly StoreEvent[] {
    const all = this.#queue;
    let events = 0;
    let bytes = 0;
    while (events < all.length && events < batch.events && bytes < batch.bytes) bytes += sizeOf(all[events++]);
    this.#bytes -= bytes;
    if (events < all.length) return all.splice(0, events);
    this.#queue = [];
    return all;
  }

  #push(event: StoreEvent): void {
    if (this.#ended) return;
    this.#add(event);
    if (this.#queue.length > this.#limits.events || this.#bytes > this.#limits.bytes) this.end(slowReader());
  }

  #add(event: StoreEvent): void {
    this.#queue.push(event);
    this.#bytes += sizeOf(event);
  }
}

const sizeOf = (event: StoreEvent | undefined): number =>
  event === undefined || event.type === 'BOOKMARK' ? 0 : event.stored.json.length;
