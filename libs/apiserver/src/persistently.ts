import { newBackoff, type Clock, type Logger, type Run } from '@kubephant/base';

export interface PersistenceDependencies {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * The same loop, begun again after a while whenever it fails: a store that is away must not take the server with it.
 * Ends when the loop does.
 */
export function persistently(name: string, run: Run, { clock, log }: PersistenceDependencies): Run {
  return async (signal) => {
    const backoff = newBackoff({ initialMs: 200, maxMs: 10_000, jitter: 0.5 });
    for (;;) {
      try {
        await run(signal);
        return;
      } catch (err) {
        if (signal.aborted) return;
        log.warn('failed, it will be tried again', { what: name, reason: String(err) });
        await clock.sleep(backoff.next(), signal);
      }
    }
  };
}
