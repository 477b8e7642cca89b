import type { Clock } from '@kubephant/base';

/** What a loop waits for between rounds. Raised during a round, it makes the next one follow at once. */
export interface Trigger {
  raise(): void;
  /** Resolves when raised, after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function newTrigger(clock: Clock): Trigger {
  let raised = false;
  let wake: AbortController | undefined;
  return {
    raise() {
      raised = true;
      wake?.abort();
    },
    async wait(ms, signal) {
      if (!raised) {
        wake = new AbortController();
        await clock.sleep(ms, AbortSignal.any([signal, wake.signal]));
      }
      raised = false;
      wake = undefined;
    },
  };
}
