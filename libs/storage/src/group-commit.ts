import { is } from '@kubephant/api';
import type { BatchResult, Mutation } from './log';
import type { Revision, StoreKey } from './store';

export interface Committed {
  /** The revision it got; undefined when its expectation did not hold. */
  readonly revision?: Revision;
  /** A revision at or after which the state is known that decided. */
  readonly seen: Revision;
}

export interface GroupCommitConfig<M extends Mutation> {
  /** Whatever has to happen before the writers are answered happens here. */
  readonly commit: (batch: readonly M[]) => Promise<BatchResult>;
  readonly maxBatch?: number;
  readonly maxBytes?: number;
}

interface Waiting<M> extends PromiseWithResolvers<Committed> {
  readonly mutation: M;
  readonly id: string;
}

/**
 * Adaptive group commit: while one batch is in flight the next one gathers, and a lone write leaves at once. A batch has
 * at most one mutation per key, so that mutations of one key behave as if they came one after the other.
 */
export class GroupCommit<M extends Mutation> {
  readonly #config: Required<GroupCommitConfig<M>>;
  #queue: Waiting<M>[] = [];
  #busy = false;

  constructor(config: GroupCommitConfig<M>) {
    this.#config = { maxBatch: 512, maxBytes: 4 << 20, ...config };
  }

  add(mutation: M): Promise<Committed> {
    const waiting = { mutation, id: idOf(mutation.key), ...Promise.withResolvers<Committed>() };
    this.#queue.push(waiting);
    // Never rejects, and ends when its writers have been answered: they are who awaits it.
    if (!this.#busy) void this.#drain();
    return waiting.promise;
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    // Whatever is written in this very turn of the loop still catches the first batch.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#commit(this.#take());
    this.#busy = false;
  }

  #take(): Waiting<M>[] {
    const batch: Waiting<M>[] = [];
    const left: Waiting<M>[] = [];
    const keys = new Set<string>();
    let bytes = 0;
    for (const waiting of this.#queue) {
      const full = batch.length >= this.#config.maxBatch || bytes > this.#config.maxBytes;
      if (full || keys.has(waiting.id)) left.push(waiting);
      else {
        batch.push(waiting);
        bytes += sizeOf(waiting.mutation);
      }
      keys.add(waiting.id);
    }
    this.#queue = left;
    return batch;
  }

  async #commit(batch: readonly Waiting<M>[]): Promise<void> {
    const mutations = batch.map(({ mutation }) => mutation);
    const before = this.#queue.length;
    try {
      this.#answer(batch, await this.#config.commit(mutations), before);
    } catch (err) {
      await this.#refuse(batch, err);
    }
  }

  /** What the log does not take must not cost those who happened to come with it. */
  async #refuse(batch: readonly Waiting<M>[], err: unknown): Promise<void> {
    const guilty = batch.length === 1 || is('Timeout', err) || is('ServiceUnavailable', err);
    if (guilty) for (const { reject } of batch) reject(err);
    else for (const waiting of batch) await this.#commit([waiting]);
  }

  /** `before`: how many were waiting already when the batch left. */
  #answer(batch: readonly Waiting<M>[], { base, won }: BatchResult, before: number): void {
    let revision = base;
    const states = new Map<string, { readonly now: Revision; readonly seen: Revision }>();
    batch.forEach(({ id, mutation, resolve }, i) => {
      if (won[i]) {
        revision++;
        states.set(id, { now: mutation.value === undefined ? 0 : revision, seen: revision });
      }
      resolve(won[i] ? { revision, seen: revision } : { seen: base });
    });
    // Who was waiting all the while with an expectation that this batch has disproved need not ask the log. Who came
    // later has to: by then another process may have changed what this one is only now told of.
    this.#queue = this.#queue.filter(({ id, mutation, resolve }, i) => {
      const state = i < before ? states.get(id) : undefined;
      if (!state || state.now === mutation.expected) return true;
      resolve({ seen: state.seen });
      return false;
    });
  }
}

const sizeOf = ({ value, final }: Mutation): number => (value?.length ?? 0) + (final?.length ?? 0);

const idOf = ({ resource, namespace, name }: StoreKey): string => `${resource}\0${namespace}\0${name}`;
