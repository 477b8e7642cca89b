import { notFound } from '@kubephant/api';
import type { CachedObject } from './cached-object';
import { decodeContinue, encodeContinue, type Continuation } from './continue-token';
import { continueExpired, listExpired, refuseForGood } from './errors';
import { checkRevision, groupResourceOf } from './keys';
import { listNow, listPage } from './list';
import type { OrderedSnapshot } from './ordered-set';
import type { Replica } from './replica';
import type { StoreMetrics } from './store-metrics';
import { Matcher } from './selection';
import type { ListOptions, Listed, Revision, StoreKey } from './store';

/** GET and LIST, from memory. */
export class Reader {
  readonly #replica: Replica;
  readonly #metrics: StoreMetrics | undefined;

  constructor(replica: Replica, metrics?: StoreMetrics) {
    this.#replica = replica;
    this.#metrics = metrics;
  }

  async get(key: StoreKey, notOlderThan: Revision | undefined): Promise<CachedObject> {
    await this.#freshEnough(key.resource, notOlderThan);
    const found = this.#replica.cache.find(key);
    if (!found) throw notFound(groupResourceOf(key.resource), key.name);
    return found;
  }

  async list(options: ListOptions): Promise<Listed> {
    const listed = await this.#list(options);
    this.#metrics?.listed(options.resource, listed.items.length);
    return listed;
  }

  async #list(options: ListOptions): Promise<Listed> {
    if (options.continue) return await this.#continue(options, decodeContinue(options.continue));
    const { limit = 0, revision } = options;
    await this.#freshEnough(options.resource, revision);
    const exact = (options.match ?? (limit > 0 ? 'exact' : 'notOlderThan')) === 'exact';
    if (revision && exact) return await this.#pageAt(options, { revision, start: '' }, listExpired);
    return limit > 0 && revision !== 0 ? this.#pageNow(options, '') : this.#everything(options);
  }

  async #freshEnough(resource: string, revision: Revision | undefined): Promise<void> {
    checkRevision(revision);
    const wait = () => (revision === undefined ? this.#replica.fresh() : this.#replica.reached(revision));
    await (this.#metrics ? this.#metrics.wait(resource, revision === undefined, wait) : wait());
  }

  #everything(options: ListOptions): Listed {
    const { cache } = this.#replica;
    return { revision: cache.revision, items: listNow(cache.resource(options.resource), new Matcher(options)) };
  }

  async #continue(options: ListOptions, { revision, start }: Continuation): Promise<Listed> {
    if (revision === -1) {
      await this.#replica.fresh();
      return this.#pageNow(options, start);
    }
    await this.#replica.reached(revision).catch(refuseForGood);
    return await this.#pageAt(options, { revision, start }, () =>
      continueExpired(encodeContinue({ revision: -1, start })),
    );
  }

  #pageNow(options: ListOptions, start: string): Listed {
    const { cache } = this.#replica;
    return this.#page(
      options,
      { revision: cache.revision, start },
      cache.resource(options.resource).objects.snapshot(),
    );
  }

  async #pageAt(options: ListOptions, from: Continuation, whenGone: () => Error): Promise<Listed> {
    const state = await this.#replica.stateAt(options.resource, from.revision);
    if (!state) throw whenGone();
    return this.#page(options, from, state);
  }

  #page(options: ListOptions, { revision, start }: Continuation, state: OrderedSnapshot<CachedObject>): Listed {
    const { namespace, limit = 0, resource } = options;
    const listed = listPage(state, { matcher: new Matcher(options), namespace, limit, start, revision });
    if (listed.continue) this.#replica.cache.resource(resource).pin(revision, state);
    return listed;
  }
}
