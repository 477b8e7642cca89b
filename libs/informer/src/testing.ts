import type { KubeObject } from '@kubephant/api';
import { newIndexer } from './indexer';
import type { Indexers, SharedInformer } from './informer';

/** An informer without a server, for tests that own every event. */
export interface FakeInformer<T extends KubeObject> extends SharedInformer<T> {
  /** Adds or updates, and tells the handlers. */
  set(obj: T): void;
  delete(obj: T): void;
}

/** Holds `objects` and is synced from the start. */
export function newFakeInformer<T extends KubeObject>(
  objects: readonly T[] = [],
  indexers: Indexers<T> = {},
): FakeInformer<T> {
  const indexer = newIndexer(indexers);
  const handlers: Parameters<SharedInformer<T>['addEventHandler']>[0][] = [];
  objects.forEach((obj) => indexer.set(obj));
  return {
    lister: indexer,
    hasSynced: true,
    run: async () => undefined,
    synced: async () => undefined,
    addIndexers: (more) => indexer.addIndexers(more),
    addEventHandler(handler) {
      handlers.push(handler);
      for (const obj of indexer.list()) handler.onAdd?.(obj);
    },
    set(obj) {
      const old = indexer.set(obj);
      for (const handler of handlers) {
        if (old) handler.onUpdate?.(old, obj);
        else handler.onAdd?.(obj);
      }
    },
    delete(obj) {
      const old = indexer.remove(obj);
      if (old) handlers.forEach((handler) => handler.onDelete?.(old));
    },
  };
}
