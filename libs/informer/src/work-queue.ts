import type { Clock } from '@kubephant/base';
import { newDelayedKeys, type DelayedKeys } from './delayed-keys';
import type { WorkQueue } from './informer';
import { newExponentialLimiter, type RateLimiter } from './rate-limiter';
import type { WorkQueueMetrics } from './work-queue-metrics';

export interface WorkQueueConfig<K> {
  readonly name: string;
  readonly clock: Clock;
  readonly metrics?: WorkQueueMetrics;
  /** Default: 5 ms·2^n up to 1000 s per key. */
  readonly rateLimiter?: RateLimiter<K>;
}

/**
 * First in, first out, without duplicates. Keys are compared by identity: use strings. After shutDown what was queued is
 * still handed out, then every get() yields undefined.
 */
export function newWorkQueue<K>(config: WorkQueueConfig<K>): WorkQueue<K> {
  return new Queue(config);
}

class Queue<K> implements WorkQueue<K> {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #metrics: WorkQueueMetrics | undefined;
  readonly #rateLimiter: RateLimiter<K>;
  readonly #delayed: DelayedKeys<K>;
  /** Waiting keys with the time they were added, in order. */
  readonly #queued = new Map<K, number>();
  /** Keys being worked on with the time they were handed out. */
  readonly #working = new Map<K, number>();
  /** Keys added while being worked on. */
  readonly #again = new Set<K>();
  readonly #takers: ((key: K | undefined) => void)[] = [];
  #shutDown = false;

  constructor({ name, clock, metrics, rateLimiter = newExponentialLimiter<K>() }: WorkQueueConfig<K>) {
    this.#name = name;
    this.#clock = clock;
    this.#metrics = metrics;
    this.#rateLimiter = rateLimiter;
    this.#delayed = newDelayedKeys<K>(clock, (key) => this.add(key));
    metrics?.track(name, { depth: () => this.#queued.size, working: () => this.#working.values() });
  }

  get length(): number {
    return this.#queued.size;
  }

  add(key: K): void {
    if (this.#shutDown || this.#queued.has(key) || this.#again.has(key)) return;
    this.#metrics?.adds.inc({ name: this.#name });
    if (this.#working.has(key)) this.#again.add(key);
    else this.#enqueue(key);
  }

  addAfter(key: K, ms: number): void {
    if (ms <= 0) this.add(key);
    else this.#delayed.add(key, this.#clock.now() + ms);
  }

  addRateLimited(key: K): void {
    this.#metrics?.retries.inc({ name: this.#name });
    this.addAfter(key, this.#rateLimiter.when(key));
  }

  forget(key: K): void {
    this.#rateLimiter.forget(key);
  }

  numRequeues(key: K): number {
    return this.#rateLimiter.failures(key);
  }

  async get(): Promise<K | undefined> {
    if (this.#queued.size > 0) return this.#take();
    if (this.#shutDown) return undefined;
    const { promise, resolve } = Promise.withResolvers<K | undefined>();
    this.#takers.push(resolve);
    return await promise;
  }

  done(key: K): void {
    const startedMs = this.#working.get(key);
    if (startedMs === undefined) return;
    this.#working.delete(key);
    this.#metrics?.workDuration.observe({ name: this.#name }, (this.#clock.now() - startedMs) / 1000);
    if (this.#again.delete(key)) this.#enqueue(key);
  }

  shutDown(): void {
    this.#shutDown = true;
    this.#delayed.stop();
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }

  #enqueue(key: K): void {
    this.#queued.set(key, this.#clock.now());
    this.#takers.shift()?.(this.#take());
  }

  #take(): K | undefined {
    const [first] = this.#queued;
    if (!first) return undefined;
    const [key, addedMs] = first;
    const nowMs = this.#clock.now();
    this.#queued.delete(key);
    this.#working.set(key, nowMs);
    this.#metrics?.queueDuration.observe({ name: this.#name }, (nowMs - addedMs) / 1000);
    return key;
  }
}
