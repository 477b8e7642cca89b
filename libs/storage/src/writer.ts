import { alreadyExists, notFound, type KubeObject } from '@kubephant/api';
import { newCachedObject, type CachedObject, type Facts } from './cached-object';
import { preconditionFailed } from './errors';
import { GroupCommit } from './group-commit';
import { groupResourceOf } from './keys';
import type { BatchResult, CommitLog, Mutation } from './log';
import { newRecord } from './log-record';
import type { Replica } from './replica';
import type { StoreMetrics } from './store-metrics';
import type { Arrival } from './resource-cache';
import { isSameState, serialize } from './stored-json';
import type {
  Change,
  DeleteOptions,
  Preconditions,
  ResourceFields,
  Revision,
  Stored,
  StoreKey,
  UpdateOptions,
  Updated,
} from './store';

/** A mutation with what its writer knows beyond the bytes. */
interface Write extends Mutation {
  /** The state it was decided on. */
  readonly current: CachedObject | undefined;
  readonly facts?: Facts | undefined;
  readonly readBy?: ResourceFields | undefined;
  /** What it made, once it is durable; a removal that reports the state before makes nothing. */
  made?: CachedObject | undefined;
}

/** What to do with the current state: write, or answer without writing. */
type Decision = { readonly write: Write } | { readonly unchanged: CachedObject };

type Decide = (current: CachedObject | undefined) => Promise<Decision>;

type Done = { readonly stored: CachedObject; readonly wrote: boolean };

/** Mutations: decided on the cached state, and valid only if the log says that this was the current one. */
export class Writer {
  readonly #replica: Replica;
  readonly #commits: GroupCommit<Write>;

  constructor(replica: Replica, log: Pick<CommitLog, 'commit'>, metrics?: StoreMetrics) {
    this.#replica = replica;
    this.#commits = new GroupCommit<Write>({
      commit: (batch) =>
        replica.undisturbed(async () => {
          const result = await log.commit(batch, replica.cache.revision);
          this.#learn(batch, result);
          metrics?.committed(batch.length);
          return result;
        }),
    });
  }

  async create(key: StoreKey, obj: KubeObject): Promise<CachedObject> {
    const write = this.#write(key, undefined, obj);
    const { revision } = await this.#commits.add(write);
    if (revision === undefined) throw alreadyExists(groupResourceOf(key.resource), key.name);
    return this.#resultOf(write, revision);
  }

  async update(
    key: StoreKey,
    change: (current: KubeObject | undefined) => Change<KubeObject> | Promise<Change<KubeObject>>,
    { preconditions, orCreate }: UpdateOptions,
  ): Promise<Updated<KubeObject>> {
    let outcome: Updated<KubeObject>['outcome'] = 'unchanged';
    const done = await this.#decided(key, async (current) => {
      if (!current && !orCreate) throw notFound(groupResourceOf(key.resource), key.name);
      checkPreconditions(key, preconditions, current);
      const decision = await change(current?.object);
      if (decision === 'unchanged') return { unchanged: existing(key, current) };
      outcome = 'remove' in decision ? 'removed' : current ? 'updated' : 'created';
      if ('remove' in decision) return { write: this.#removal(key, existing(key, current), decision.remove) };
      const write = this.#write(key, current, decision.to);
      return current && isSameState(write.value as string, decision.to, current) ? { unchanged: current } : { write };
    });
    return { stored: done.stored, outcome: done.wrote ? outcome : 'unchanged' };
  }

  async delete(key: StoreKey, options: DeleteOptions<KubeObject>): Promise<CachedObject> {
    const { stored } = await this.#decided(key, async (current) => {
      checkPreconditions(key, options.preconditions, existing(key, current));
      await options.validate?.(existing(key, current).object);
      return { write: this.#removal(key, existing(key, current)) };
    });
    return stored;
  }

  /** Decides until the decision could be written against exactly the state that it was made on. */
  async #decided(key: StoreKey, decide: Decide): Promise<Done> {
    for (let fresh = false; ; fresh = true) {
      const current = this.#replica.cache.find(key);
      const decision = await attempt(() => decide(current));
      if (!('write' in decision)) {
        // What ends without a write is never checked by the log, so the state must be known to be current.
        if (!fresh) await this.#replica.fresh();
        if (!fresh && this.#replica.cache.find(key) !== current) continue;
        if ('failed' in decision) throw decision.failed;
        return { stored: decision.unchanged, wrote: false };
      }
      const { revision, seen } = await this.#commits.add(decision.write);
      if (revision !== undefined) return { stored: this.#resultOf(decision.write, revision), wrote: true };
      await this.#replica.reached(seen);
    }
  }

  #write(key: StoreKey, current: CachedObject | undefined, obj: KubeObject): Write {
    const value = serialize(obj);
    return { key, expected: current?.revision ?? 0, current, value, ...this.#replica.cache.read(key.resource, obj) };
  }

  #removal(key: StoreKey, current: CachedObject, last?: KubeObject): Write {
    const final = last && serialize(last);
    const read = last && this.#replica.cache.read(key.resource, last);
    const removal = { key, expected: current.revision, current, ...read };
    return !last || final === undefined || isSameState(final, last, current) ? removal : { ...removal, final };
  }

  /** What this process wrote itself it need not read. */
  #learn(batch: readonly Write[], { base, won }: BatchResult): void {
    let revision = base;
    const arrivals = batch.flatMap((write, i) => {
      if (!won[i]) return [];
      const arrival = arrivalOf(write, ++revision);
      write.made = arrival.object;
      return [arrival];
    });
    this.#replica.offer(base, arrivals);
  }

  #resultOf(write: Write, revision: Revision): CachedObject {
    const change = this.#replica.cache.resource(write.key.resource).history.at(revision);
    if (change) return change.result;
    // What others wrote before it has not been read yet, or the history was lost meanwhile.
    return write.made ?? existing(write.key, write.current).at(revision);
  }
}

function arrivalOf(write: Write, revision: Revision): Arrival {
  const { key, facts, readBy, current } = write;
  const record = newRecord(write, revision, current?.createdRevision ?? revision);
  const { value, createdRevision } = record;
  const object =
    value === undefined ? undefined : newCachedObject({ key, revision, createdRevision, value, facts }, undefined);
  return { ...record, object, readBy };
}

function existing(key: StoreKey, current: CachedObject | undefined): CachedObject {
  if (!current) throw notFound(groupResourceOf(key.resource), key.name);
  return current;
}

function checkPreconditions(key: StoreKey, asked: Preconditions | undefined, current: Stored | undefined): void {
  if (!asked) return;
  const { uid, resourceVersion } = asked;
  const foundUid = current?.object.metadata.uid ?? '';
  if (uid !== undefined && uid !== foundUid) throw preconditionFailed(key, 'UID', uid, foundUid);
  const foundVersion = current ? String(current.revision) : '';
  if (resourceVersion !== undefined && resourceVersion !== foundVersion) {
    throw preconditionFailed(key, 'ResourceVersion', resourceVersion, foundVersion);
  }
}

async function attempt<T>(work: () => Promise<T>): Promise<T | { readonly failed: unknown }> {
  try {
    return await work();
  } catch (failed) {
    return { failed };
  }
}
