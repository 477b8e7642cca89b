import type { KubeObject } from '@kubephant/api';
import type { CachedStoreConfig } from '../cached-store';
import type { ResourceFields, Store, StoreEvent, StoreKey, Watch, WatchOptions } from '../store';

/** One log, and any number of stores on it: each is what one process of the cluster would have. */
export interface StoreEnvironment {
  open(config?: Partial<CachedStoreConfig>): Promise<Store>;
  close(): Promise<void>;
}

export interface TestPod extends KubeObject {
  spec?: { nodeName?: string; count?: number };
  data?: Record<string, unknown>;
}

export const testResources: readonly ResourceFields[] = [
  {
    resource: 'pods',
    fields: (obj) => ({ 'spec.nodeName': (obj as TestPod).spec?.nodeName ?? '' }),
    indexed: ['spec.nodeName'],
  },
];

export const keyOf = (name: string, namespace = 'default'): StoreKey => ({ resource: 'pods', namespace, name });

/** A pod as an API server would hand it in. */
export function podOf(
  name: string,
  rest: Omit<Partial<TestPod>, 'metadata'> & { labels?: Record<string, string> } = {},
): TestPod {
  const { labels, ...parts } = rest;
  const metadata = { name, uid: `uid-of-${name}`, resourceVersion: '', ...(labels && { labels }) };
  return { kind: 'Pod', apiVersion: 'v1', metadata, ...parts };
}

/** What a person would write down of an event: `ADDED a@1`. */
export function told(event: StoreEvent): string {
  if (event.type === 'BOOKMARK') return `BOOKMARK@${event.revision}${event.initialEventsEnd ? ' end' : ''}`;
  const { metadata } = event.stored.object;
  return `${event.type} ${metadata.name}@${metadata.resourceVersion}`;
}

export interface Watching {
  /** The next `count` events, once they are there. */
  take(count: number): Promise<StoreEvent[]>;
  told(count: number): Promise<string[]>;
  /** Ends the watch; resolves with what was left, rejects with what the watch threw. */
  stop(): Promise<StoreEvent[]>;
  /** Resolves when the watch has ended by itself; rejects with what it threw. */
  readonly ended: Promise<void>;
}

/** Reads a watch as fast as it can and keeps the events until they are asked for. */
export function watching(store: Store, options: Partial<WatchOptions> = {}): Watching {
  const stopped = new AbortController();
  const events: StoreEvent[] = [];
  let arrived = Promise.withResolvers<undefined>();
  const ended = (async () => {
    for await (const batch of store.watch({ resource: 'pods', ...options }, stopped.signal)) {
      events.push(...batch);
      arrived.resolve(undefined);
      arrived = Promise.withResolvers();
    }
  })();
  ended.catch(() => undefined);
  const take = async (count: number): Promise<StoreEvent[]> => {
    while (events.length < count) await Promise.race([arrived.promise, ended.then(complain)]);
    return events.splice(0, count);
  };
  return {
    take,
    told: async (count) => (await take(count)).map(told),
    stop: async () => {
      stopped.abort();
      await ended;
      return events;
    },
    ended,
  };
}

function complain(): never {
  throw new Error('the watch ended before that many events');
}

/** Opens a watch by hand: nothing is read until next() is called. */
export function opened(watch: Watch): AsyncIterator<readonly StoreEvent[]> {
  return watch[Symbol.asyncIterator]();
}

export const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
};
