import type { Watcher } from './watcher';

/** Time as the flusher needs it; `later` of 0 ms is after everything that is ready to run. */
export interface Timing {
  /** In ms, monotonic. */
  readonly now: () => number;
  readonly later: (ms: number, work: () => void) => void;
}

const realTiming: Timing = {
  now: () => performance.now(),
  later: (ms, work) => {
    if (ms === 0) setImmediate(work);
    else setTimeout(work, ms).unref();
  },
};

/** So few are always woken at once: that costs less than a request. */
const few = 16;
/** However long waking takes, nobody waits longer than this for the next time. */
const longestMs = 50;

/**
 * Wakes the watchers that have something to read: at once when there was peace or they are few, and after a burst not before as much time
 * has gone by as the last time took. What comes in between is then delivered together, so that a thousand watchers of a
 * busy resource cost half of a core and not all of it.
 */
export class Flusher {
  readonly #timing: Timing;
  readonly #few: number;
  readonly #touched = new Set<Watcher>();
  #notBefore = 0;
  #busy = false;

  constructor(timing: Timing = realTiming, mostAtOnce = few) {
    this.#timing = timing;
    this.#few = mostAtOnce;
  }

  touch(watcher: Watcher): void {
    this.#touched.add(watcher);
  }

  flush(): void {
    if (this.#touched.size <= this.#few) this.#wake();
    if (this.#busy || this.#touched.size === 0) return;
    this.#busy = true;
    const waitMs = this.#notBefore - this.#timing.now();
    if (waitMs <= 0) this.#wakeAll();
    else this.#timing.later(Math.ceil(waitMs), () => this.#wakeAll());
  }

  #wakeAll(): void {
    const { now, later } = this.#timing;
    const startMs = now();
    this.#wake();
    // What readers do with the events they do right after this turn of the loop: that is the larger part of the cost.
    later(0, () => {
      const endMs = now();
      this.#notBefore = endMs + Math.min(longestMs, endMs - startMs);
      this.#busy = false;
      this.flush();
    });
  }

  #wake(): void {
    for (const watcher of this.#touched) watcher.wake();
    this.#touched.clear();
  }
}
