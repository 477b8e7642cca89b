import { is, type KubeObject } from '@kubephant/api';
import type { Clock } from '@kubephant/base';
import type { Revision, Store, StoreKey } from '@kubephant/storage';

/** Where clients inside the cluster reach a server. */
export interface ServerPlace {
  readonly ip: string;
  readonly port: number;
}

interface ServerLease extends KubeObject {
  readonly spec: ServerPlace & { readonly renewed: number };
}

/** Not a resource of the API: as upstream's /masterleases, these are notes between API servers. */
const resource = 'masterleases';
/** A server that has not renewed for this long counts as gone; renewals are expected every 10 seconds. */
const lifetimeMs = 25_000;

const keyOf = (name: string): StoreKey => ({ resource, namespace: '', name });
const nameOf = ({ ip, port }: ServerPlace): string => `${ip}_${port}`;

/**
 * Which API servers are running, as far as they keep saying so in the store. Only the local clock is asked: a lease is
 * alive while it keeps changing, whatever the clocks of other servers say.
 */
export class ServerLeases {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #own: ServerPlace;
  /** At which revision each lease was last seen, and since when. */
  readonly #seen = new Map<string, { readonly revision: Revision; readonly sinceMs: number }>();
  #left = false;

  constructor({ store, clock }: { readonly store: Store; readonly clock: Clock }, own: ServerPlace) {
    this.#store = store;
    this.#clock = clock;
    this.#own = own;
  }

  /** Says that this server is running; where all the running ones are, in a fixed order. */
  async renew(): Promise<readonly ServerPlace[]> {
    if (!this.#left) await this.#write();
    return await this.#alive();
  }

  /** Says that this server is about to stop, for good; where the others are. */
  async leave(): Promise<readonly ServerPlace[]> {
    this.#left = true;
    await this.#remove(nameOf(this.#own));
    return await this.#alive();
  }

  async #write(): Promise<void> {
    const { ip, port } = this.#own;
    const metadata = { name: nameOf(this.#own), uid: '', resourceVersion: '' };
    const spec = { ip, port, renewed: this.#clock.now() };
    const lease: ServerLease = { apiVersion: 'kubephant/v1', kind: 'ServerLease', metadata, spec };
    await this.#store.guaranteedUpdate<ServerLease>(keyOf(metadata.name), () => ({ to: lease }), { orCreate: true });
  }

  async #alive(): Promise<readonly ServerPlace[]> {
    const { items } = await this.#store.list<ServerLease>({ resource });
    const names = new Set(items.map(({ key }) => key.name));
    for (const name of this.#seen.keys()) if (!names.has(name)) this.#seen.delete(name);
    const alive: ServerPlace[] = [];
    for (const { key, revision, object } of items) {
      const { ip, port } = object.spec;
      if (this.#isAlive(key.name, revision)) alive.push({ ip, port });
      else await this.#remove(key.name, revision);
    }
    return alive;
  }

  #isAlive(name: string, revision: Revision): boolean {
    const now = this.#clock.now();
    const seen = this.#seen.get(name);
    if (seen?.revision === revision) return now - seen.sinceMs < lifetimeMs;
    this.#seen.set(name, { revision, sinceMs: now });
    return true;
  }

  async #remove(name: string, unchangedSince?: Revision): Promise<void> {
    const preconditions = unchangedSince === undefined ? {} : { resourceVersion: String(unchangedSince) };
    try {
      await this.#store.delete(keyOf(name), { preconditions });
    } catch (err) {
      // Another server was faster, or it is back.
      if (!is('NotFound', err) && !is('Conflict', err)) throw err;
    }
  }
}
