import { is, parseApiVersion, type KubeObject, type OwnerReference } from '@kubephant/api';
import type { Client, DiscoveredResource } from '@kubephant/client';
import { newBoundedMap, type BoundedMap } from '@kubephant/controller';
import { foreground, type Item } from './graph';

/** The references of an object by what the server says of the owners. */
export interface Owners {
  readonly solid: readonly OwnerReference[];
  readonly absent: readonly OwnerReference[];
  /** Owners that are themselves waiting for their dependents to go. */
  readonly waiting: readonly OwnerReference[];
}

export interface OwnerLookup {
  /** The resource of a kind that can be an owner; undefined while discovery does not know it. */
  readonly resourceOf: (reference: OwnerReference) => DiscoveredResource | undefined;
  /** Called for a reference that can never be resolved, or to an owner that is not in the object's namespace. */
  readonly onInvalid: (item: Item, reference: OwnerReference) => void;
}

/** Remembered owners that are gone for good: a uid never comes back. */
const maxAbsent = 500;

/** Asks the server for owners: nothing is collected on the word of a cache. */
export class OwnerVerifier {
  readonly #client: Client;
  readonly #lookup: OwnerLookup;
  readonly #absent: BoundedMap<true> = newBoundedMap(maxAbsent);

  constructor(client: Client, lookup: OwnerLookup) {
    this.#client = client;
    this.#lookup = lookup;
  }

  /** Rejects when an owner's state cannot be found out. */
  async classify(item: Item, references: readonly OwnerReference[], signal: AbortSignal): Promise<Owners> {
    const owners = { solid: [] as OwnerReference[], absent: [] as OwnerReference[], waiting: [] as OwnerReference[] };
    for (const reference of references) owners[await this.#stateOf(item, reference, signal)].push(reference);
    return owners;
  }

  async #stateOf(item: Item, reference: OwnerReference, signal: AbortSignal): Promise<keyof Owners> {
    const { apiVersion, kind, name, uid } = reference;
    const id = JSON.stringify([apiVersion, kind, item.namespace, name, uid]);
    if (this.#absent.get(id)) return 'absent';
    const resource = this.#lookup.resourceOf(reference);
    if (!resource) throw new Error(`the kind ${kind} of ${apiVersion}, an owner of ${item.name}, is not served`);
    if (resource.namespaced && !item.namespace) {
      // A cluster-scoped object cannot be owned by a namespaced one: it is never collected for it.
      this.#lookup.onInvalid(item, reference);
      return 'solid';
    }
    const owner = await this.#read(resource, item, reference, signal);
    if (owner?.metadata.uid !== uid) {
      this.#absent.set(id, true);
      return 'absent';
    }
    const isWaiting = owner.metadata.deletionTimestamp && owner.metadata.finalizers?.includes(foreground);
    return isWaiting ? 'waiting' : 'solid';
  }

  async #read(
    resource: DiscoveredResource,
    { namespace }: Item,
    { name }: OwnerReference,
    signal: AbortSignal,
  ): Promise<KubeObject | undefined> {
    const key = resource.namespaced ? { namespace, name } : { name };
    try {
      return await this.#client.metadata(resource).get(key, signal);
    } catch (err) {
      if (is('NotFound', err)) return undefined;
      throw err;
    }
  }
}

/** Group and kind, which is how references name what they mean; the version may be any. */
export const kindKey = (group: string, kind: string): string => `${group}/${kind}`;
export const kindKeyOf = ({ apiVersion, kind }: OwnerReference): string =>
  kindKey(parseApiVersion(apiVersion).group, kind);
