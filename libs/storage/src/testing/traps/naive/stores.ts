import type { KubeObject } from '@kubephant/api';
import { tooLarge, tooOld } from '../../../errors';
import type { ListOptions, Revision, Store, StoreEvent, StoreKey, WatchOptions } from '../../../store';
import type { Fault } from '../arena';
import { overriding } from './overriding';

/** What a naive store answers with is its own affair, so its types are not looked at too closely. */
type Over = Partial<Record<keyof Store, unknown>>;

const onStore = (name: string, over: (store: Store) => Over) => (): Fault => ({
  name,
  store: (store) => overriding(store, over(store) as Partial<Store>),
});

/** Bookmarks go to the reader at once, and events through a queue. */
export const bookmarksBesideTheQueue = onStore('bookmarks beside the queue', (store) => ({
  async *watch(options: WatchOptions, signal: AbortSignal) {
    for await (const batch of store.watch({ ...options, bookmarks: false }, signal)) {
      yield [{ type: 'BOOKMARK', revision: store.revision }];
      yield batch;
    }
  },
}));

/** The current revision is whatever was learned last. */
export const lastRevisionLearned = onStore('a revision that goes back', (store) => {
  let current: Revision | undefined;
  return {
    get revision() {
      return current ?? store.revision;
    },
    async create(key: StoreKey, obj: KubeObject) {
      const made = await store.create(key, obj);
      current = made.revision;
      return made;
    },
    async get(key: StoreKey, notOlderThan?: Revision) {
      if (current !== undefined && (notOlderThan ?? 0) > current) throw tooLarge(notOlderThan ?? 0, current);
      return await store.get(key, notOlderThan);
    },
  };
});

/** What is left of the events first, and the error afterwards. */
export const eventsBeforeTheError = onStore('a window that is checked at the end', (store) => {
  let compacted = 0;
  return {
    async compact(before: Revision) {
      await store.compact(before);
      compacted = before;
    },
    async *watch(options: WatchOptions, signal: AbortSignal) {
      const { after = 0 } = options;
      for await (const batch of store.watch({ ...options, after: Math.max(after, compacted) }, signal)) {
        yield batch;
        if (after < compacted) throw tooOld(after, compacted);
      }
    },
  };
});

const latest = ({ revision: _, match: __, ...rest }: ListOptions): ListOptions => rest;

/** Whatever revision is asked for, the newest state is served. */
export const newestForAnyRevision = onStore('the newest state for any revision', (store) => ({
  get: (key: StoreKey) => store.get(key),
  list: (options: ListOptions) => store.list(latest(options)),
}));

/** The list says the revision of the request. */
export const revisionOfTheRequest = onStore('the revision of the request on its lists', (store) => ({
  async list(options: ListOptions) {
    const listed = await store.list(options);
    return { ...listed, revision: options.revision || listed.revision };
  },
}));

/** A watch from a list starts where its newest object was written. */
export const revisionOfTheNewestObject = onStore('the revision of the newest object on its lists', (store) => ({
  async list(options: ListOptions) {
    const listed = await store.list(options);
    return { ...listed, revision: Math.max(...listed.items.map(({ revision }) => revision)) };
  },
}));

/** A reader that is slow loses what does not fit into its queue. */
export const droppingQueue = onStore('a queue that drops', (store) => ({
  async *watch(options: WatchOptions, signal: AbortSignal) {
    const queue: StoreEvent[] = [];
    let news = Promise.withResolvers<undefined>();
    const reading = (async () => {
      for await (const batch of store.watch(options, signal)) {
        queue.push(...batch.slice(0, Math.max(0, 10 - queue.length)));
        news.resolve(undefined);
      }
    })();
    reading.catch(() => undefined);
    while (!signal.aborted) {
      await Promise.race([news.promise, reading]);
      news = Promise.withResolvers();
      yield queue.splice(0);
    }
  },
}));
