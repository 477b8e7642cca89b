import type { KubeObject } from '@kubephant/api';
import { abortable, type Clock, type Logger } from '@kubephant/base';
import { newIndexer, type Indexer } from './indexer';
import type { EventHandler, Indexers, ListerWatcher, SharedInformer } from './informer';
import { runReflector, type ReflectorSink } from './reflector';

export interface InformerConfig<T extends KubeObject> {
  /** For logs. */
  readonly name: string;
  readonly source: ListerWatcher<T>;
  readonly indexers?: Indexers<T>;
  /** Applied to every object before it is stored; may change it in place, it is not shared yet. */
  readonly transform?: (obj: T) => T;
  readonly random?: () => number;
}

export interface InformerDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

export function newSharedInformer<T extends KubeObject>(
  config: InformerConfig<T>,
  deps: InformerDeps,
): SharedInformer<T> {
  const indexer = newIndexer(config.indexers);
  const handlers: EventHandler<T>[] = [];
  const firstList = Promise.withResolvers<undefined>();
  let hasSynced = false;
  const sink = newSink(indexer, handlers, config.transform ?? ((obj) => obj));

  return {
    lister: indexer,
    get hasSynced() {
      return hasSynced;
    },
    async run(signal) {
      const reflected: ReflectorSink<T> = {
        apply: (event) => sink.apply(event),
        replace(items, resourceVersion) {
          sink.replace(items, resourceVersion);
          hasSynced = true;
          firstList.resolve(undefined);
        },
      };
      const { name, source, random } = config;
      await runReflector(source, reflected, { ...deps, name, ...(random && { random }) }, signal);
    },
    async synced(signal) {
      if (!hasSynced) await abortable(firstList.promise, signal);
    },
    addEventHandler(handler) {
      handlers.push(handler);
      for (const obj of indexer.list()) handler.onAdd?.(obj);
    },
    addIndexers: (indexers) => indexer.addIndexers(indexers),
  };
}

/** Turns states and events into changes of the store, and tells every handler of each one. */
function newSink<T extends KubeObject>(
  indexer: Indexer<T>,
  handlers: readonly EventHandler<T>[],
  transform: (obj: T) => T,
): ReflectorSink<T> {
  const store = (obj: T): void => {
    const old = indexer.set(obj);
    for (const handler of handlers) {
      if (old) handler.onUpdate?.(old, obj);
      else handler.onAdd?.(obj);
    }
  };
  const remove = (obj: T): void => {
    if (!indexer.remove(obj)) return;
    for (const handler of handlers) handler.onDelete?.(obj);
  };
  return {
    apply({ type, object }) {
      if (type === 'DELETED') remove(transform(object));
      else store(transform(object));
    },
    replace(items) {
      const listed = new Set<string>();
      for (const item of items) {
        listed.add(item.metadata.uid);
        const known = indexer.get(item.metadata);
        if (known && known.metadata.uid !== item.metadata.uid) remove(known);
        if (known?.metadata.resourceVersion !== item.metadata.resourceVersion) store(transform(item));
      }
      for (const obj of indexer.list()) {
        if (!listed.has(obj.metadata.uid)) remove(obj);
      }
    },
  };
}
