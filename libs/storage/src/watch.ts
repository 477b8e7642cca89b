import { onAbort, type Clock } from '@kubephant/base';
import type { CachedObject } from './cached-object';
import { tooOld } from './errors';
import { checkRevision } from './keys';
import { listNow } from './list';
import type { Replica } from './replica';
import type { ResourceCache } from './resource-cache';
import { Matcher } from './selection';
import type { StoreEvent, Watch, WatchOptions } from './store';
import { Watcher, type QueueLimits } from './watcher';

export interface WatchConfig {
  readonly replica: Replica;
  readonly clock: Clock;
  readonly bookmarkMs: number;
  readonly queue: QueueLimits;
}

const initialChunk = 500;

/** Opens at the first read: what is compacted by then throws Expired, what comes later is not missed. */
export async function* watch(config: WatchConfig, options: WatchOptions, signal: AbortSignal): Watch {
  checkRevision(options.after);
  await freshEnough(config.replica, options.after);
  if (signal.aborted) return;
  const { watcher, initial } = open(config, options);
  const ended = new AbortController();
  using _ = onAbort(signal, () => watcher.end());
  const bookmarks = options.bookmarks ? runBookmarks(config, watcher, ended.signal) : undefined;
  try {
    for (let i = 0; i < initial.length && !watcher.ended; i += initialChunk) {
      yield initial.slice(i, i + initialChunk).map(added);
    }
    for (let batch = await watcher.next(); batch; batch = await watcher.next()) yield batch;
  } finally {
    watcher.end();
    ended.abort();
    await bookmarks;
  }
}

async function freshEnough(replica: Replica, after: number | undefined): Promise<void> {
  if (after === undefined) await replica.fresh();
  else await replica.reached(after);
}

interface Opened {
  readonly watcher: Watcher;
  readonly initial: readonly CachedObject[];
}

/** In one turn of the loop: what is not in the beginning will be offered. */
function open({ replica, queue }: WatchConfig, options: WatchOptions): Opened {
  const cache = replica.cache;
  const resource = cache.resource(options.resource);
  const matcher = new Matcher(options);
  const { watchers } = resource;
  const watcher = new Watcher({ matcher, limits: queue, onEnd: (ended) => watchers.delete(ended) });
  const { after = 0, initialEvents } = options;
  const fromState = initialEvents === true || after === 0;
  if (!fromState) replay(resource, watcher, after);
  if (initialEvents && options.bookmarks) watcher.bookmark(cache.revision, true);
  watchers.add(watcher);
  return { watcher, initial: fromState ? listNow(resource, matcher) : [] };
}

function replay({ history }: ResourceCache, watcher: Watcher, after: number): void {
  const missed = history.after(after);
  if (!missed) throw tooOld(after, history.oldest);
  watcher.replay(missed);
}

const added = (stored: CachedObject): StoreEvent => ({ type: 'ADDED', revision: stored.revision, stored });

async function runBookmarks(
  { clock, bookmarkMs, replica }: WatchConfig,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(bookmarkMs, signal);
    if (signal.aborted) return;
    watcher.bookmark(replica.cache.revision);
    watcher.wake();
  }
}
