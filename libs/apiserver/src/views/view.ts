import { is, type KubeObject, type ObjectKey } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Store, StoreEvent } from '@kubephant/storage';

/** What changed in a view; `before` and `after` are absent for an addition and a deletion. */
export type ViewListener<T> = (before: T | undefined, after: T | undefined) => void;

/** The current objects of one resource, as the store reports them: a lister without a client. */
export interface View<T extends KubeObject = KubeObject> {
  get(key: ObjectKey): T | undefined;
  values(): Iterable<T>;
  /** Whether all objects of one moment have been seen. */
  readonly synced: boolean;
  /** Calls for every object there is, then for every change, in order. Listeners must not throw. */
  onChange(listener: ViewListener<T>): void;
  /** Follows the store until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const id = (namespace: string, name: string): string => `${namespace}/${name}`;

/** How soon a watch that ended is asked for again. */
const retryMs = 200;

export function newView<T extends KubeObject>(store: Store, resource: string, clock: Clock): View<T> {
  const objects = new Map<string, T>();
  const listeners: ViewListener<T>[] = [];
  let synced = false;

  const set = (key: string, after: T | undefined): void => {
    const before = objects.get(key);
    if (after) objects.set(key, after);
    else objects.delete(key);
    for (const listener of listeners) listener(before, after);
  };

  /** One watch from the whole state on. What was known and is not repeated before the bookmark is gone. */
  const follow = async (signal: AbortSignal): Promise<void> => {
    const unconfirmed = new Set(objects.keys());
    const apply = (event: StoreEvent<T>): void => {
      if (event.type === 'BOOKMARK') {
        if (!event.initialEventsEnd) return;
        for (const key of unconfirmed) set(key, undefined);
        unconfirmed.clear();
        synced = true;
        return;
      }
      const key = id(event.stored.key.namespace, event.stored.key.name);
      unconfirmed.delete(key);
      set(key, event.type === 'DELETED' ? undefined : event.stored.object);
    };
    for await (const batch of store.watch<T>({ resource, initialEvents: true, bookmarks: true }, signal)) {
      for (const event of batch) apply(event);
    }
  };

  return {
    get: ({ namespace = '', name }) => objects.get(id(namespace, name)),
    values: () => objects.values(),
    get synced() {
      return synced;
    },
    onChange(listener) {
      listeners.push(listener);
      for (const object of objects.values()) listener(undefined, object);
    },
    async run(signal) {
      while (!signal.aborted) {
        try {
          await follow(signal);
        } catch (err) {
          // Too slow, or compacted: both say to start over, as any client would.
          if (!is('Expired', err)) throw err;
        }
        await clock.sleep(retryMs, signal);
      }
    },
  };
}
