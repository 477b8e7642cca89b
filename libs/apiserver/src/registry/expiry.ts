import { groupResourceString, is, type KubeObject } from '@kubephant/api';
import { systemClock, type Clock, type Run } from '@kubephant/base';
import type { ResourceDefinition } from '@kubephant/resources';
import type { Revision, Store, Stored } from '@kubephant/storage';

export interface ExpiryDependencies {
  readonly store: Store;
  readonly rows: readonly ResourceDefinition[];
  readonly clock?: Clock;
  readonly everyMs?: number;
}

/** Where the sequence of revisions was at a time. */
interface Mark {
  readonly atMs: number;
  readonly revision: Revision;
}

/**
 * Deletes objects of rows with `ttlSeconds` that nobody has written for that long. Age is told by revision: the loop
 * remembers which one was newest when, so objects need no time of their own, and a restart only postpones. Any number
 * of servers may run it; an object written meanwhile stays.
 */
export function expireObjects({ store, rows, clock = systemClock, everyMs = 30_000 }: ExpiryDependencies): Run {
  const mortal = rows.flatMap((row) =>
    row.ttlSeconds === undefined || row.storedAs ? [] : [lifeOf(row, row.ttlSeconds)],
  );
  const longestMs = Math.max(0, ...mortal.map(({ ttlMs }) => ttlMs));
  return async (signal) => {
    let marks: readonly Mark[] = [];
    while (mortal.length > 0 && !signal.aborted) {
      const now = clock.now();
      marks = [...withoutForgotten(marks, now - longestMs), { atMs: now, revision: store.revision }];
      for (const life of mortal) await expire(store, life, newestBefore(marks, now - life.ttlMs));
      await clock.sleep(everyMs, signal);
    }
  };
}

interface Life {
  readonly resource: string;
  readonly ttlMs: number;
}

const lifeOf = ({ group, names }: ResourceDefinition, ttlSeconds: number): Life => ({
  resource: groupResourceString({ group, resource: names.plural }),
  ttlMs: ttlSeconds * 1000,
});

/** The last mark before a time stays: it is what that time is measured by. */
function withoutForgotten(marks: readonly Mark[], beforeMs: number): readonly Mark[] {
  const first = marks.findLastIndex(({ atMs }) => atMs <= beforeMs);
  return marks.slice(Math.max(0, first));
}

const newestBefore = (marks: readonly Mark[], beforeMs: number): Revision =>
  marks.findLast(({ atMs }) => atMs <= beforeMs)?.revision ?? 0;

async function expire(store: Store, { resource }: Life, upTo: Revision): Promise<void> {
  if (upTo === 0) return;
  const { items } = await store.list({ resource, revision: 0 });
  for (const item of items) {
    if (item.revision <= upTo) await removeUnchanged(store, item);
  }
}

async function removeUnchanged(store: Store, { key, revision }: Stored): Promise<void> {
  try {
    await store.guaranteedUpdate<KubeObject>(key, (current) =>
      current?.metadata.resourceVersion === String(revision) ? { remove: current } : 'unchanged',
    );
  } catch (err) {
    // Another server was faster.
    if (!is('NotFound', err)) throw err;
  }
}
