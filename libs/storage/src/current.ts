import type { FieldSelector, KubeObject } from '@kubephant/api';
import { listNow } from './list';
import type { Replica } from './replica';
import { Matcher } from './selection';
import type { Current, Stored } from './store';

/** What a replica has in memory at the moment that it is asked. */
export const newCurrent = (replica: Replica): Current => ({
  find: <T extends KubeObject>(key: Stored['key']) => replica.cache.find(key) as Stored<T> | undefined,
  all: <T extends KubeObject>(resource: string, namespace?: string, fields?: FieldSelector) => {
    const matcher = new Matcher({ namespace, ...(fields && { selection: { fields } }) });
    return listNow(replica.cache.resource(resource), matcher) as readonly Stored[] as readonly Stored<T>[];
  },
  state: (resource) => replica.cache.resource(resource).state,
});
