import { onAbort } from '@kubephant/base';

/** Names to be looked at, each once however often it was added. */
export interface WorkList {
  add(name: string): void;
  /** All names there are, as soon as there are any; none once the signal aborts. */
  take(signal: AbortSignal): Promise<readonly string[]>;
  readonly size: number;
}

export function newWorkList(): WorkList {
  const names = new Set<string>();
  let wake: (() => void) | undefined;
  return {
    add(name) {
      names.add(name);
      wake?.();
    },
    async take(signal) {
      if (names.size === 0 && !signal.aborted) await waiting(signal, (resolve) => (wake = resolve));
      wake = undefined;
      const taken = [...names];
      names.clear();
      return taken;
    },
    get size() {
      return names.size;
    },
  };
}

async function waiting(signal: AbortSignal, onReady: (resolve: () => void) => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const done = (): void => {
    resolve(undefined);
  };
  using _ = onAbort(signal, done);
  onReady(done);
  await promise;
}
