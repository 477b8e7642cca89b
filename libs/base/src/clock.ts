import { setTimeout as delay } from 'node:timers/promises';

/** Time as a dependency, so that tests own it. `now` is milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` (at most 24.8 days), or early and without error when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Longer timers would fire at once. */
const longestMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(Math.min(ms, longestMs), undefined, { signal });
    } catch (err) {
      if (!signal.aborted) throw err;
    }
  },
};
