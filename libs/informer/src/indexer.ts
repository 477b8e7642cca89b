import { keyOf, keyString, type KubeObject } from '@kubephant/api';
import type { Indexers, Lister } from './informer';

/** The writable side of a Lister. */
export interface Indexer<T extends KubeObject> extends Lister<T> {
  /** Stores `obj` and returns what it replaced. */
  set(obj: T): T | undefined;
  /** Removes the object with the key of `obj` and returns it. */
  remove(obj: T): T | undefined;
  addIndexers(indexers: Indexers<T>): void;
}

const namespaceIndex = '';

export function newIndexer<T extends KubeObject>(indexers: Indexers<T> = {}): Indexer<T> {
  const objects = new Map<string, T>();
  const indexes = new Map<string, Index<T>>();
  const at = (index: string, value: string): readonly T[] => indexes.get(index)?.at(value) ?? [];
  const indexer: Indexer<T> = {
    get: (key) => objects.get(keyString(key)),
    list: (namespace) => (namespace ? at(namespaceIndex, namespace) : [...objects.values()]),
    byIndex(index, value) {
      if (!indexes.has(index)) throw new TypeError(`there is no index ${JSON.stringify(index)}`);
      return at(index, value);
    },
    set(obj) {
      const key = keyString(keyOf(obj));
      const old = objects.get(key);
      objects.set(key, obj);
      for (const index of indexes.values()) {
        if (old) index.remove(key, old);
        index.add(key, obj);
      }
      return old;
    },
    remove(obj) {
      const key = keyString(keyOf(obj));
      const old = objects.get(key);
      if (!old) return undefined;
      objects.delete(key);
      for (const index of indexes.values()) index.remove(key, old);
      return old;
    },
    addIndexers(more) {
      for (const [name, values] of Object.entries(more)) {
        if (indexes.has(name)) continue;
        const index = new Index(values);
        indexes.set(name, index);
        for (const [key, obj] of objects) index.add(key, obj);
      }
    },
  };
  indexer.addIndexers({ [namespaceIndex]: ({ metadata }) => (metadata.namespace ? [metadata.namespace] : []) });
  indexer.addIndexers(indexers);
  return indexer;
}

/** Objects by the values that one function finds in them. */
class Index<T> {
  readonly #valuesOf: (obj: T) => readonly string[];
  readonly #buckets = new Map<string, Map<string, T>>();

  constructor(valuesOf: (obj: T) => readonly string[]) {
    this.#valuesOf = valuesOf;
  }

  at(value: string): readonly T[] {
    return [...(this.#buckets.get(value)?.values() ?? [])];
  }

  add(key: string, obj: T): void {
    for (const value of this.#valuesOf(obj)) {
      const bucket = this.#buckets.get(value) ?? new Map<string, T>();
      this.#buckets.set(value, bucket.set(key, obj));
    }
  }

  remove(key: string, obj: T): void {
    for (const value of this.#valuesOf(obj)) {
      const bucket = this.#buckets.get(value);
      bucket?.delete(key);
      if (bucket?.size === 0) this.#buckets.delete(value);
    }
  }
}
