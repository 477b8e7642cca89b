import type { KubeObject } from '@kubephant/api';
import { onAbort } from '@kubephant/base';

/** One change of the fake cluster. `before` is absent for a creation, `after` for a removal. */
export interface Change {
  readonly revision: number;
  readonly resource: string;
  readonly before?: KubeObject;
  readonly after?: KubeObject;
}

/** The history of a fake cluster, which watchers follow from any revision that is still there. */
export interface WatchLog {
  readonly revision: number;
  /** The revision before the oldest change that is kept. */
  readonly compacted: number;
  append(resource: string, change: (revision: number) => Pick<Change, 'before' | 'after'>): void;
  /** Every change after `revision`, as it comes; ends when the signal aborts or `endAll` is called. */
  follow(revision: number, signal: AbortSignal): AsyncGenerator<Change>;
  endAll(): void;
  compact(): void;
}

export function newWatchLog(): WatchLog {
  let changes: Change[] = [];
  let revision = 0;
  let compacted = 0;
  let generation = 0;
  const waiting = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of [...waiting]) wake();
  };

  const nextWake = async (signal: AbortSignal): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    using _ = onAbort(signal, wake);
    waiting.add(wake);
    await promise;
    waiting.delete(wake);
  };

  return {
    get revision() {
      return revision;
    },
    get compacted() {
      return compacted;
    },
    append(resource, change) {
      revision += 1;
      changes.push({ revision, resource, ...change(revision) });
      wakeAll();
    },
    async *follow(from, signal) {
      const born = generation;
      let seen = from;
      while (!signal.aborted && generation === born) {
        for (const change of changes.filter((c) => c.revision > seen)) {
          seen = change.revision;
          yield change;
        }
        if (seen >= revision && generation === born) await nextWake(signal);
      }
    },
    endAll() {
      generation += 1;
      wakeAll();
    },
    compact() {
      compacted = revision;
      changes = [];
    },
  };
}
