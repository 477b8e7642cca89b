import { is, type KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Store, StoreKey } from '@kubephant/storage';

/** What plugins may look up beside the object they admit. */
export interface Objects {
  /** The current object; undefined when there is none. */
  find<T extends KubeObject>(resource: string, namespace: string, name: string): Promise<T | undefined>;
  /** All objects of a resource, or those in one namespace, by name; as new as this server knows. */
  all<T extends KubeObject>(resource: string, namespace?: string): Promise<readonly T[]>;
}

export interface AdmissionDependencies {
  readonly objects: Objects;
  readonly clock: Clock;
}

/** Looks objects up in memory first: only what is not there yet costs a linearizable read. */
export function newObjects(store: Store): Objects {
  const read = async <T extends KubeObject>(key: StoreKey, notOlderThan?: number): Promise<T | undefined> => {
    try {
      return (await store.get<T>(key, notOlderThan)).object;
    } catch (err) {
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  };
  return {
    async find<T extends KubeObject>(resource: string, namespace: string, name: string) {
      const key = { resource, namespace, name };
      return (await read<T>(key, 0)) ?? (await read<T>(key));
    },
    async all<T extends KubeObject>(resource: string, namespace?: string) {
      const { items } = await store.list<T>({ resource, revision: 0, ...(namespace !== undefined && { namespace }) });
      return items.map(({ object }) => object);
    },
  };
}
