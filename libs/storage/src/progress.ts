import type { Clock } from '@kubephant/base';
import { tooLarge } from './errors';
import type { Revision } from './store';

/** Lets readers wait until a revision has been reached. */
export class Progress {
  readonly #current: () => Revision;
  readonly #clock: Clock;
  readonly #waiting = new Set<{ readonly revision: Revision; resolve(value: undefined): void }>();

  /** `current` says where we are; whoever moves it calls moved(). */
  constructor(current: () => Revision, clock: Clock) {
    this.#current = current;
    this.#clock = clock;
  }

  moved(): void {
    const current = this.#current();
    for (const waiter of this.#waiting) if (waiter.revision <= current) waiter.resolve(undefined);
  }

  /** Throws Timeout (cause ResourceVersionTooLarge) when the revision is not there within `timeoutMs`. */
  async reached(revision: Revision, timeoutMs: number): Promise<void> {
    if (revision <= this.#current()) return;
    const waiter = { revision, ...Promise.withResolvers<undefined>() };
    const patience = new AbortController();
    this.#waiting.add(waiter);
    try {
      await Promise.race([waiter.promise, this.#clock.sleep(timeoutMs, patience.signal)]);
    } finally {
      this.#waiting.delete(waiter);
      patience.abort();
    }
    if (revision > this.#current()) throw tooLarge(revision, this.#current());
  }
}
