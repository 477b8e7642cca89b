import { is, type KubeObject } from '@kubephant/api';
import type { ResourceQuota } from '@kubephant/schema';
import type { Store } from '@kubephant/storage';

/** Makes a new state of a quota; throws to refuse. */
export type Entry = (quota: ResourceQuota) => ResourceQuota;

interface Waiting extends PromiseWithResolvers<void> {
  readonly entry: Entry;
}

type Outcome = { readonly error?: unknown };

/**
 * Writes what is used into quotas. What waits for one quota goes into one write, in order, each entry on top of those
 * that were taken; against other servers the write is repeated until it was made on exactly what it was decided on.
 */
export class QuotaLedger {
  readonly #store: Store;
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves when the entry is written, or the quota is gone; rejects with what the entry throws. */
  enter(namespace: string, name: string, entry: Entry): Promise<void> {
    const waiting: Waiting = { entry, ...Promise.withResolvers() };
    const id = `${namespace}/${name}`;
    const queue = this.#waiting.get(id);
    if (queue) queue.push(waiting);
    else {
      this.#waiting.set(id, [waiting]);
      // Never rejects, and ends when those that wait have been answered: they are who awaits it.
      void this.#drain(id, namespace, name);
    }
    return waiting.promise;
  }

  async #drain(id: string, namespace: string, name: string): Promise<void> {
    for (let batch = this.#take(id); batch.length > 0; batch = this.#take(id)) {
      try {
        const outcomes = await this.#write(namespace, name, batch);
        batch.forEach(({ resolve, reject }, index) => {
          const outcome = outcomes[index];
          if (outcome && 'error' in outcome) reject(outcome.error);
          else resolve();
        });
      } catch (err) {
        for (const { reject } of batch) reject(err);
      }
    }
    this.#waiting.delete(id);
  }

  #take(id: string): readonly Waiting[] {
    return this.#waiting.get(id)?.splice(0) ?? [];
  }

  async #write(namespace: string, name: string, batch: readonly Waiting[]): Promise<readonly Outcome[]> {
    let outcomes: readonly Outcome[] = [];
    const key = { resource: 'resourcequotas', namespace, name };
    try {
      await this.#store.guaranteedUpdate<KubeObject>(key, (current) => {
        if (!current) return 'unchanged';
        const before = current as unknown as ResourceQuota;
        let quota = before;
        outcomes = batch.map(({ entry }): Outcome => {
          try {
            quota = entry(quota);
            return {};
          } catch (error) {
            return { error };
          }
        });
        return quota === before ? 'unchanged' : { to: quota as unknown as KubeObject };
      });
    } catch (err) {
      // A quota that was deleted meanwhile limits nothing any more.
      if (!is('NotFound', err)) throw err;
    }
    return outcomes;
  }
}
