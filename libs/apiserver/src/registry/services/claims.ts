import { randomUUID } from 'node:crypto';
import { is, type KubeObject, timestamp } from '@kubephant/api';
import type { Store } from '@kubephant/storage';

/** Who holds a number. */
export interface Owner {
  readonly namespace: string;
  readonly name: string;
}

export interface Claim extends KubeObject {
  spec: { parentRef: { resource: string; namespace: string; name: string } };
}

/** What claims of one sort look like. */
export interface ClaimKind {
  /** What the store calls them. */
  readonly resource: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * Numbers of a cluster as objects: one per number that is held, named after it. The store creates a name once, whoever
 * asks, so no two services get one number, with any number of API servers and no lock.
 */
export class Claims {
  readonly #store: Store;
  readonly #kind: ClaimKind;

  constructor(store: Store, kind: ClaimKind) {
    this.#store = store;
    this.#kind = kind;
  }

  /** False when the number is held already. */
  async take(number: string, owner: Owner, now: Date): Promise<boolean> {
    try {
      await this.#store.create(this.#key(number), this.#claim(number, owner, now));
      return true;
    } catch (err) {
      if (is('AlreadyExists', err)) return false;
      throw err;
    }
  }

  /** Gives a number back that this owner holds; another's claim stays. */
  async free(number: string, owner: Owner): Promise<void> {
    await this.#freeIf(number, (claim) => isOf(claim, owner));
  }

  async freeExactly(claim: Claim): Promise<void> {
    await this.#freeIf(claim.metadata.name, ({ metadata }) => metadata.uid === claim.metadata.uid);
  }

  /** Whether the number is held, as far as this server has seen: a hint that `take` decides. */
  async seemsHeld(number: string): Promise<boolean> {
    try {
      await this.#store.get(this.#key(number), 0);
      return true;
    } catch (err) {
      if (is('NotFound', err)) return false;
      throw err;
    }
  }

  async all(): Promise<readonly Claim[]> {
    const { items } = await this.#store.list<Claim>({ resource: this.#kind.resource });
    return items.map(({ object }) => object);
  }

  async #freeIf(number: string, ours: (claim: Claim) => boolean): Promise<void> {
    try {
      await this.#store.guaranteedUpdate<Claim>(this.#key(number), (claim) =>
        claim && ours(claim) ? { remove: claim } : 'unchanged',
      );
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }

  #key(name: string) {
    return { resource: this.#kind.resource, namespace: '', name };
  }

  #claim(name: string, { namespace, name: service }: Owner, now: Date): Claim {
    const { kind, apiVersion, labels } = this.#kind;
    const metadata = { name, uid: randomUUID(), creationTimestamp: timestamp(now), ...(labels && { labels }) };
    const parentRef = { resource: 'services', namespace, name: service };
    return { kind, apiVersion, metadata: metadata as Claim['metadata'], spec: { parentRef } };
  }
}

export const ownerOf = ({ metadata }: KubeObject): Owner => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
});

export const isOf = ({ spec }: Claim, { namespace, name }: Owner): boolean =>
  spec.parentRef.namespace === namespace && spec.parentRef.name === name;
