import {
  cloneJson,
  groupResourceString,
  notFound,
  type GroupResource,
  type KubeObject,
  type ObjectKey,
} from '@kubephant/api';
import type { Target } from '@kubephant/resources';
import { removeObject } from './delete';
import { withDryRun } from './dry-run';
import { noSuchResource } from './methods';
import { keyIn, type Resource } from './resource';
import { nowOf, type Scope } from './scope';

/** An object as subresources that act on it see it: read, changed in a transaction, deleted, with others beside it. */
export function newTarget<T extends KubeObject>(scope: Scope, key: ObjectKey, dryRun: boolean): Target<T> {
  const { resource, machinery } = scope;
  const { store } = machinery;
  const stored = keyIn(resource, key.namespace, key.name);
  const writes = dryRun ? withDryRun(store, resource.groupResource) : store;
  return {
    key,
    dryRun,
    now: nowOf(scope),
    get: async () => (await store.get<T>(stored)).object,
    async guaranteedUpdate(change) {
      const updated = await writes.guaranteedUpdate<T>(stored, (current) => {
        if (!current) throw notFound(resource.groupResource, key.name);
        return { to: change(cloneJson(current)) };
      });
      return updated.stored.object;
    },
    async delete(options) {
      const info = { ...scope.info, verb: 'delete', ...key, resource: resource.groupResource.resource };
      const { item } = await removeObject({ ...scope, info }, { ...options, dryRun });
      return item.object as T;
    },
    other: (groupResource, otherKey) =>
      newTarget({ ...scope, resource: other(scope, groupResource) }, otherKey, dryRun),
    async others<U extends KubeObject>(groupResource: GroupResource) {
      const found = machinery.resources.stored(groupResourceString(groupResource));
      if (!found) return [];
      const { namespace } = key;
      const { items } = await store.list<U>({ resource: found.storage, ...(namespace !== undefined && { namespace }) });
      return items.map(({ object }) => object);
    },
  };
}

function other({ machinery }: Scope, groupResource: GroupResource): Resource {
  const found = machinery.resources.stored(groupResourceString(groupResource));
  if (!found) throw noSuchResource();
  return found;
}
