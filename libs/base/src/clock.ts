import { setTimeout as delay } from 'node:timers/promises';

/** Time as a dependency, so that tests own it. `now` is milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or early and without error when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, { signal });
    } catch (err) {
      if (!signal.aborted) throw err;
    }
  },
};
