import { onAbort, type Clock } from '@kubephant/base';

/** A bell: `wait` returns when it was rung since the last wait, when the time is over, or when aborted. */
export interface Wakeup {
  ring(): void;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function newWakeup(clock: Clock): Wakeup {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    async wait(ms, signal) {
      if (ms > 0 && !rung && !signal.aborted) {
        const over = new AbortController();
        wake = () => over.abort();
        using _ = onAbort(signal, () => over.abort());
        await clock.sleep(ms, over.signal);
        wake = undefined;
      }
      rung = false;
    },
  };
}
