import { is, keyOf, type ObjectKey } from '@kubephant/api';
import type { Group } from '@kubephant/base';
import { resourceQuotas } from '@kubephant/client';
import type { Reconciler, Result } from '@kubephant/controller';
import type { SharedInformer } from '@kubephant/informer';
import { noAmounts, usageIn } from '@kubephant/quota';
import type { ResourceQuota } from '@kubephant/schema';
import { isDeepStrictEqual } from 'node:util';
import type { ControllerContext } from '../common/context';
import { amountsIn, type Book } from './book';
import { limitsOf, openBook, recount } from './count';
import { isReady, Monitors, type Changed, type Monitor } from './monitors';
import { isSameStatus, statusOf } from './status';

/** When a count looks again for objects that did not come into sight. */
const lookAgainMs = 5000;
/** By then what was let in before a limit was known has been made, and can be counted. */
const latecomersMs = 1000;

/** Quotas with limits that nobody is held to yet go first. */
export type Queue = 'priority' | 'primary';
export type Enqueue = (queue: Queue, key: ObjectKey) => void;

const hasUnknown = ({ spec, status }: ResourceQuota): boolean =>
  !isDeepStrictEqual(spec.hard ?? {}, status?.hard ?? {}) ||
  Object.keys(status?.hard ?? {}).some((name) => status?.used?.[name] === undefined);

/** Says in a quota what it limits and how much of that is used. */
export class QuotaReconciler implements Reconciler {
  readonly quotas: SharedInformer<ResourceQuota>;
  readonly #context: ControllerContext;
  readonly #monitors: Monitors;
  readonly #enqueue: (quota: ResourceQuota) => void;
  /** By the uid of the quota. */
  readonly #books = new Map<string, Book>();

  constructor(context: ControllerContext, group: Group, enqueue: Enqueue) {
    this.#context = context;
    this.#enqueue = (quota) => enqueue(hasUnknown(quota) ? 'priority' : 'primary', keyOf(quota));
    this.#monitors = new Monitors(context, group, (...change) => this.#objectChanged(...change));
    this.quotas = context.informers.of(resourceQuotas);
  }

  /** Begins to enqueue quotas. */
  start(): void {
    this.quotas.addEventHandler({
      onAdd: this.#enqueue,
      onUpdate: (old, quota) => this.#quotaChanged(old, quota),
      onDelete: ({ metadata }) => this.#books.delete(metadata.uid),
    });
  }

  /** Has every quota counted anew. */
  recountAll(): void {
    for (const quota of this.quotas.lister.list()) {
      const book = this.#books.get(quota.metadata.uid);
      if (book) recount(book, quota);
      this.#enqueue(quota);
    }
  }

  /** Notices what the server has no longer, or only now. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.#monitors.follow(signal);
    for (const quota of this.quotas.lister.list()) {
      const book = this.#books.get(quota.metadata.uid);
      const isComplete = limitsOf(quota).every((name) => book?.counted.has(name));
      const isCurrent = [...(book?.monitors ?? [])].every((monitor) => this.#monitors.has(monitor));
      if (!isComplete || !isCurrent) this.#enqueue(quota);
    }
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<Result> {
    const quota = this.quotas.lister.get(key);
    if (!quota) return undefined;
    const monitors = await this.#monitors.watch(limitsOf(quota), signal);
    const ready = monitors.filter(isReady);
    const waitMs = await this.#recount(quota, this.#bookOf(quota, ready), signal);
    const waits = [waitMs, ready.length < monitors.length ? lookAgainMs : undefined].filter((ms) => ms !== undefined);
    return waits.length > 0 ? { requeueAfterMs: Math.min(...waits) } : undefined;
  }

  /** Returns in how many milliseconds there will be more to say, if so. */
  async #recount(quota: ResourceQuota, book: Book, signal: AbortSignal): Promise<number | undefined> {
    const { clock } = this.#context;
    const { counted } = book;
    const release = book.release(clock.now());
    // What is written as used has to be at least as new as what was counted: every object in sight is charged for then.
    const current = await this.#read(quota, signal);
    if (!current || !isDeepStrictEqual(current.spec, quota.spec)) {
      book.keep(release);
      return undefined;
    }
    const next = { ...current, status: statusOf(current, counted, amountsIn(release)) };
    try {
      if (!isSameStatus(current.status, next.status)) await this.#write(next, signal);
    } catch (err) {
      // Where nobody can say whether it was handed back it is not: it will be seen to be spare.
      if (is('Conflict', err)) book.keep(release);
      throw err;
    }
    const isNew = [...counted.keys()].some((name) => current.status?.used?.[name] === undefined);
    const settledMs = book.settle(next, clock.now());
    return isNew ? latecomersMs : settledMs;
  }

  #bookOf(quota: ResourceQuota, monitors: readonly Monitor[]): Book {
    const { uid } = quota.metadata;
    const known = this.#books.get(uid);
    if (known?.monitors.size === monitors.length && monitors.every((each) => known.monitors.has(each))) return known;
    const book = openBook(quota, monitors);
    this.#books.set(uid, book);
    return book;
  }

  /** The quota as it is now; undefined: it is gone. The role of this controller may list quotas, but not get one. */
  async #read(quota: ResourceQuota, signal: AbortSignal): Promise<ResourceQuota | undefined> {
    const { name, namespace, uid } = quota.metadata;
    const { items } = await this.#context.client
      .resource(resourceQuotas)
      .list({ ...(namespace && { namespace }), fieldSelector: `metadata.name=${name}` }, signal);
    return items.find(({ metadata }) => metadata.uid === uid);
  }

  async #write(quota: ResourceQuota, signal: AbortSignal): Promise<void> {
    try {
      await this.#context.client.resource(resourceQuotas).update(quota, signal, { subresource: 'status' });
    } catch (err) {
      if (!is('NotFound', err)) throw err;
    }
  }

  #quotaChanged(old: ResourceQuota, quota: ResourceQuota): void {
    const { uid } = quota.metadata;
    if (isDeepStrictEqual(old.spec, quota.spec)) {
      this.#books.get(uid)?.observe(quota);
      return;
    }
    if (!isDeepStrictEqual(limitsOf(old), limitsOf(quota))) this.#books.delete(uid);
    this.#enqueue(quota);
  }

  #objectChanged(...[monitor, obj, how]: Parameters<Changed>): void {
    const { uid, namespace } = obj.metadata;
    for (const quota of this.quotas.lister.list(namespace)) {
      const book = this.#books.get(quota.metadata.uid);
      if (!book?.monitors.has(monitor)) continue;
      const { grown, freed } = book.enter(uid, how === 'gone' ? noAmounts : usageIn(quota, monitor.evaluator, obj));
      if (grown.size > 0) book.observe(quota);
      // What a new object uses was charged when it was let in; what one uses more later may not have been.
      if (freed.size > 0 || (grown.size > 0 && how === 'other')) this.#enqueue(quota);
    }
  }
}
