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
/** How long before its end a watch has its last bookmark [apiserver cacher nextBookmarkTime]. */
const lastBookmarkMs = 2000;

/** Opens at the first read: what is compacted by then throws Expired, what comes later is not missed. */
export async function* watch(config: WatchConfig, options: WatchOptions, signal: AbortSignal): Watch {
  checkRevision(options.after);
  if (!(await isThere(config.replica, options.after, signal))) return;
  const { watcher, initial } = open(config, options);
  const ended = new AbortController();
  using _ = onAbort(signal, () => watcher.end());
  const bookmarks = options.bookmarks ? runBookmarks(config, watcher, options.lastsMs, ended.signal) : undefined;
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

/** Waits for where the watch begins; false for whoever gives up meanwhile. */
async function isThere(replica: Replica, after: number | undefined, signal: AbortSignal): Promise<boolean> {
  const gone = Promise.withResolvers<undefined>();
  using _ = onAbort(signal, () => gone.resolve(undefined));
  await Promise.race([after === undefined ? replica.fresh() : replica.reached(after), gone.promise]);
  return !signal.aborted;
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

/** Every so often, and a last time shortly before the end, so that the next watch has little to catch up with. */
async function runBookmarks(
  { clock, bookmarkMs, replica }: WatchConfig,
  watcher: Watcher,
  lastsMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const last = clock.now() + (lastsMs ?? Infinity) - lastBookmarkMs;
  for (;;) {
    const leftMs = last - clock.now();
    if (leftMs <= 0) return;
    await clock.sleep(Math.min(bookmarkMs, leftMs), signal);
    if (signal.aborted) return;
    watcher.bookmark(replica.cache.revision);
    watcher.wake();
  }
}
