import { alreadyExists, is, notFound, type GroupResource, type KubeObject } from '@kubephant/api';
import type { Change, Store, Stored, StoreKey, UpdateOptions, Updated } from '@kubephant/storage';

/** The writes of a store. */
export type Writes = Pick<Store, 'create' | 'guaranteedUpdate'>;

/** Decides every write as `store` would, against what is stored now, and writes nothing. */
export function withDryRun(store: Store, groupResource: GroupResource): Writes {
  const current = async (key: StoreKey): Promise<Stored | undefined> => {
    try {
      return await store.get(key);
    } catch (err) {
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  };
  return {
    async create<T extends KubeObject>(key: StoreKey, obj: T): Promise<Stored<T>> {
      if (await current(key)) throw alreadyExists(groupResource, key.name);
      return unstored(key, obj);
    },
    async guaranteedUpdate<T extends KubeObject>(
      key: StoreKey,
      change: (current: T | undefined) => Change<T> | Promise<Change<T>>,
      options?: UpdateOptions,
    ): Promise<Updated<T>> {
      const found = await current(key);
      if (!found && !options?.orCreate) throw notFound(groupResource, key.name);
      const decided = await change(found?.object as T | undefined);
      if (decided === 'unchanged') return { stored: found as Stored<T>, outcome: 'unchanged' };
      const to = 'to' in decided ? decided.to : decided.remove;
      const outcome = 'remove' in decided ? 'removed' : found ? 'updated' : 'created';
      return { stored: unstored(key, withRevision(to, found)), outcome };
    },
  };
}

function withRevision<T extends KubeObject>(obj: T, found: Stored | undefined): T {
  const { resourceVersion: _, ...metadata } = obj.metadata;
  const resourceVersion = found?.object.metadata.resourceVersion;
  return { ...obj, metadata: { ...metadata, ...(resourceVersion !== undefined && { resourceVersion }) } };
}

function unstored<T extends KubeObject>(key: StoreKey, object: T): Stored<T> {
  const json = Buffer.from(JSON.stringify(object));
  return { key, revision: 0, createdRevision: 0, json, object };
}
