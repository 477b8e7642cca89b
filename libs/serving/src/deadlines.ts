import type { Clock } from '@kubephant/base';

/** Many waits of one length with one timer: adding and removing cost a set operation each. */
export interface Deadlines {
  /** Calls `expire` after the common wait unless the returned function is called before. */
  add(expire: () => void): () => void;
}

interface Entry {
  readonly at: number;
  readonly expire: () => void;
}

/** Insertion order is deadline order, so only the head of the set is watched; the loop sleeps only while there is one. */
export function newDeadlines(clock: Clock, waitMs: number, signal: AbortSignal): Deadlines {
  const entries = new Set<Entry>();
  let running = false;

  const run = async (): Promise<void> => {
    for (let head = first(entries); head && !signal.aborted; head = first(entries)) {
      if (head.at > clock.now()) {
        await clock.sleep(head.at - clock.now(), signal);
      } else {
        entries.delete(head);
        head.expire();
      }
    }
    running = false;
  };

  return {
    add(expire) {
      const entry = { at: clock.now() + waitMs, expire };
      entries.add(entry);
      if (!running) {
        running = true;
        void run();
      }
      return () => entries.delete(entry);
    },
  };
}

function first<T>(set: ReadonlySet<T>): T | undefined {
  return set.values().next().value;
}
