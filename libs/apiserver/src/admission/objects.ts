import { is, type KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Store } from '@kubephant/storage';

/** What plugins may look up beside the object they admit. */
export interface Objects {
  /** The current object; undefined when there is none. */
  find<T extends KubeObject>(resource: string, namespace: string, name: string): Promise<T | undefined>;
  /** All objects of a resource, or those in one namespace, by name; as new as this server knows. */
  all<T extends KubeObject>(resource: string, namespace?: string): readonly T[];
  /** What is made of all objects of these resources: made anew only when one of them has changed. */
  derived<R>(resources: readonly string[], make: () => R): () => R;
}

export interface AdmissionDependencies {
  readonly objects: Objects;
  readonly clock: Clock;
}

/** Looks objects up in memory: only what is not there yet costs a linearizable read. */
export function newObjects(store: Store): Objects {
  const { current } = store;
  return {
    async find<T extends KubeObject>(resource: string, namespace: string, name: string) {
      const key = { resource, namespace, name };
      const known = current.find<T>(key);
      if (known) return known.object;
      try {
        return (await store.get<T>(key)).object;
      } catch (err) {
        if (is('NotFound', err)) return undefined;
        throw err;
      }
    },
    all: <T extends KubeObject>(resource: string, namespace?: string) =>
      current.all<T>(resource, namespace).map(({ object }) => object),
    derived(resources, make) {
      let states: readonly object[] = [];
      let made: ReturnType<typeof make> | undefined;
      return () => {
        const isCurrent = states.length > 0 && resources.every((one, index) => current.state(one) === states[index]);
        if (!isCurrent) {
          states = resources.map((one) => current.state(one));
          made = make();
        }
        return made as ReturnType<typeof make>;
      };
    },
  };
}
