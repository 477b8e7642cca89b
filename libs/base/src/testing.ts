import { onAbort } from './abort';
import type { Clock } from './clock';

/** A clock that moves only when told to; sleepers wake in the order of their deadlines. */
export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  readonly sleepers: number;
}

export function newFakeClock(startMs = 0): FakeClock {
  let nowMs = startMs;
  const waiting = new Set<{ readonly at: number; wake(): void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    now: () => nowMs,
    get sleepers() {
      return waiting.size;
    },
    async sleep(ms, signal) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      const sleeper = { at: nowMs + ms, wake: () => resolve(undefined) };
      using _ = onAbort(signal, sleeper.wake);
      waiting.add(sleeper);
      await promise;
      waiting.delete(sleeper);
    },
    async advance(ms) {
      const target = nowMs + ms;
      for (;;) {
        await settle();
        const next = [...waiting].filter((s) => s.at <= target).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        nowMs = Math.max(nowMs, next.at);
        waiting.delete(next);
        next.wake();
      }
      nowMs = target;
      await settle();
    },
  };
}
