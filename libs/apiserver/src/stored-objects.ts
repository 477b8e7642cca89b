import { is, type KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Store, StoreKey } from '@kubephant/storage';
import type { BoundObjects } from './authentication/service-account-tokens';
import type { BindableObjects } from './tokens/issuer';

/** An object that exists now, asked of the store itself. */
export async function findStored(store: Store, key: StoreKey): Promise<KubeObject | undefined> {
  try {
    return (await store.get(key)).object;
  } catch (err) {
    if (is('NotFound', err)) return undefined;
    throw err;
  }
}

const resources = { Pod: 'pods', Secret: 'secrets', Node: 'nodes' } as const;

export const bindableObjects = (store: Store): BindableObjects => ({
  find: (kind, namespace, name) => findStored(store, { resource: resources[kind], namespace, name }),
});

/** A token outlives the deletion of what it is bound to by this long: pods have to end in order (upstream: 60 s). */
const deletionLeewayMs = 60_000;

/**
 * What tokens are bound to, from memory, which may be a little behind: what is not there, or there under another uid, is
 * asked of the store.
 */
export function boundObjects(store: Store, clock: Clock): BoundObjects {
  const living = (object: KubeObject | undefined): string | undefined => {
    const deleted = object?.metadata.deletionTimestamp;
    const gone = deleted !== undefined && Date.parse(deleted) + deletionLeewayMs < clock.now();
    return gone ? undefined : object?.metadata.uid;
  };
  return {
    async uid(resource, { namespace = '', name }, expected) {
      const seen = living(store.current.find({ resource, namespace, name })?.object);
      if (seen === expected) return seen;
      return living(await findStored(store, { resource, namespace, name }));
    },
  };
}
