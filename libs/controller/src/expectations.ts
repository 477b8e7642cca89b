import type { Clock } from '@kubephant/base';

/** What a controller has done and its informers have not shown yet. Keys are those of the owner. */
export interface Expectations {
  expectCreations(key: string, count: number): void;
  /** `uids` of the objects about to be deleted: each counts once, however often its end is seen. */
  expectDeletions(key: string, uids: readonly string[]): void;
  creationObserved(key: string): void;
  deletionObserved(key: string, uid: string): void;
  /** True when nothing is outstanding, or when it has been for so long (5 minutes) that it will not be seen any more. */
  satisfied(key: string): boolean;
  /** The owner is gone. */
  forget(key: string): void;
}

const timeoutMs = 5 * 60 * 1000;

interface Expected {
  creations: number;
  readonly deletions: Set<string>;
  readonly sinceMs: number;
}

/**
 * Keeps a controller from acting twice on a stale view: while it waits to see what it did, it does not count again.
 * Setting expectations replaces what was expected before.
 */
export function newExpectations(clock: Pick<Clock, 'now'>): Expectations {
  const expected = new Map<string, Expected>();
  const set = (key: string, creations: number, uids: readonly string[]): void =>
    void expected.set(key, { creations, deletions: new Set(uids), sinceMs: clock.now() });
  return {
    expectCreations: (key, count) => set(key, count, []),
    expectDeletions: (key, uids) => set(key, 0, uids),
    creationObserved(key) {
      const outstanding = expected.get(key);
      if (outstanding) outstanding.creations -= 1;
    },
    deletionObserved: (key, uid) => void expected.get(key)?.deletions.delete(uid),
    satisfied(key) {
      const outstanding = expected.get(key);
      if (!outstanding) return true;
      const { creations, deletions, sinceMs } = outstanding;
      return (creations <= 0 && deletions.size === 0) || clock.now() - sinceMs > timeoutMs;
    },
    forget: (key) => void expected.delete(key),
  };
}
