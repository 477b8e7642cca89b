import { slowReader } from './errors';
import type { Change } from './change';
import type { Matcher } from './selection';
import type { Revision, StoreEvent } from './store';

export interface WatcherConfig {
  readonly matcher: Matcher;
  /** Events that may wait for the reader before it counts as too slow. */
  readonly limit: number;
  /** Called once, when no more events are wanted. */
  readonly onEnd: (watcher: Watcher) => void;
}

/** The queue of one reader. It is ended, never skipped and never waited for. */
export class Watcher {
  readonly matcher: Matcher;
  #limit: number;
  readonly #onEnd: (watcher: Watcher) => void;
  #queue: StoreEvent[] = [];
  #ended: { readonly error?: Error } | undefined = undefined;
  #waiting: PromiseWithResolvers<undefined> | undefined = undefined;

  constructor({ matcher, limit, onEnd }: WatcherConfig) {
    this.matcher = matcher;
    this.#limit = limit;
    this.#onEnd = onEnd;
  }

  /** What happened before it came: not held against it, however much it is. */
  replay(changes: readonly Change[]): void {
    for (const change of changes) {
      const event = change.seenBy(this.matcher);
      if (event) this.#queue.push(event);
    }
    this.#limit += this.#queue.length;
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

  /** Everything that is waiting; undefined at the end. */
  async next(): Promise<readonly StoreEvent[] | undefined> {
    for (;;) {
      if (this.#ended?.error) throw this.#ended.error;
      if (this.#ended) return undefined;
      if (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        return batch;
      }
      this.#waiting ??= Promise.withResolvers();
      await this.#waiting.promise;
    }
  }

  #push(event: StoreEvent): void {
    if (this.#ended) return;
    this.#queue.push(event);
    if (this.#queue.length > this.#limit) this.end(slowReader());
  }
}
