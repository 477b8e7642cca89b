import { onAbort } from './abort';

/** A loop: resolves on abort with nothing left behind, rejects if it fails. */
export type Run = (signal: AbortSignal) => Promise<void>;

/** Starts named loops and joins them; the first failure aborts the rest and is rethrown by wait(). */
export interface Group {
  readonly signal: AbortSignal;
  go(name: string, run: Run): void;
  /** Aborts every loop; wait() then resolves once they have ended. */
  stop(): void;
  wait(): Promise<void>;
}

/** A group that stops when `parent` aborts. A loop that returns before the abort ends alone; only a failure stops the others. */
export function newGroup(parent?: AbortSignal): Group {
  const controller = new AbortController();
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const parentLink = parent && onAbort(parent, () => controller.abort(parent.reason));

  const supervise = async (name: string, run: Run): Promise<void> => {
    try {
      await run(controller.signal);
    } catch (err) {
      // A loop that throws because it was told to stop has not failed.
      if (controller.signal.aborted) return;
      failure ??= {
        error: new Error(`${name} failed: ${err instanceof Error ? err.message : String(err)}`, { cause: err }),
      };
      controller.abort(failure.error);
    }
  };

  return {
    signal: controller.signal,
    go(name, run) {
      const loop = supervise(name, run).finally(() => running.delete(loop));
      running.add(loop);
    },
    stop: () => controller.abort(),
    async wait() {
      while (running.size > 0) await Promise.all(running);
      parentLink?.[Symbol.dispose]();
      if (failure) throw failure.error;
    },
  };
}
