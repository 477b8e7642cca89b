import { setTimeout as sleep } from 'node:timers/promises';
import type { Store, StoreEvent, Watch } from '@kubephant/storage';
import type { Crowded } from '../../measure/latency';
import { machineClock, nowMs } from '../../measure/machine';
import { pace, sends, type Pace } from '../../measure/pacing';
import { Thirds } from '../../measure/statistics';
import { until } from '../../measure/until';
import { keyOf, podsOf } from '../payload';
import { writeFor } from './writes';

const pod = podsOf(1000);
const numberIn = (name: string): number => Number(name.slice(name.lastIndexOf('-') + 1));

type OnEvent = (event: Exclude<StoreEvent, { type: 'BOOKMARK' }>) => void;

const watchAll = (store: Store, signal: AbortSignal): Watch =>
  store.watch({ resource: 'pods', after: store.revision }, signal);

async function read(watch: Watch, onEvent: OnEvent): Promise<void> {
  for await (const batch of watch) {
    for (const event of batch) if (event.type !== 'BOOKMARK') onEvent(event);
  }
}

/** A watch opens in the microtasks after its first read. */
const opened = (): Promise<void> => sleep(10);

/** One watch that notes when it saw what. */
export class Follower {
  readonly #seenMs: number[] = [];
  readonly #stop = new AbortController();
  #count = 0;
  #reading: Promise<void> = Promise.resolve();

  async start(store: Store): Promise<void> {
    this.#reading = read(watchAll(store, this.#stop.signal), ({ stored }) => {
      this.#seenMs[numberIn(stored.key.name)] = nowMs();
      this.#count += 1;
    });
    await opened();
  }

  /** When number i was seen, once so many were, or after patience. */
  async end(count: number): Promise<readonly number[]> {
    await until(() => this.#count >= count);
    this.#stop.abort();
    await this.#reading;
    return this.#seenMs;
  }
}

export interface Crowd extends Pace {
  readonly watchers: number;
  /** One more watcher that reads a kilobyte a second. */
  readonly slow: boolean;
  readonly prefix: string;
}

export interface WithSlow extends Crowded {
  readonly slow?: Slow;
}

/** Many watchers of everything, and writes at a steady pace. */
export async function crowd(store: Store, { watchers, slow, prefix, ...rate }: Crowd): Promise<WithSlow> {
  const stop = new AbortController();
  const sentMs: number[] = [];
  const total = sends(rate);
  const thirds = new Thirds(total);
  let delivered = 0;
  const reading = Array.from({ length: watchers }, () =>
    read(watchAll(store, stop.signal), ({ stored }) => {
      const i = numberIn(stored.key.name);
      thirds.add(i, nowMs() - (sentMs[i] ?? NaN));
      delivered += 1;
    }),
  );
  const slowly = slow ? readSlowly(store, stop.signal) : undefined;
  await opened();
  await pace(rate, machineClock, async (i) => {
    const name = `${prefix}-${i}`;
    sentMs[i] = nowMs();
    await store.create(keyOf(name), pod(name));
  });
  const expected = total * watchers;
  await until(() => delivered >= expected);
  stop.abort();
  await Promise.all(reading);
  return { counts: thirds.counts, delivered, expected, ...(slowly && { slow: await slowly }) };
}

export interface Slow {
  readonly events: number;
  /** What ended it; absent: nothing did. */
  readonly ended?: string;
}

/** Takes what is ready, and then nothing for as long as that would take at a kilobyte a second. */
async function readSlowly(store: Store, signal: AbortSignal): Promise<Slow> {
  let events = 0;
  try {
    for await (const batch of watchAll(store, signal)) {
      events += batch.length;
      const bytes = batch.reduce((sum, event) => sum + (event.type === 'BOOKMARK' ? 0 : event.stored.json.length), 0);
      await sleep(bytes, undefined, { signal }).catch(() => undefined);
    }
    return { events };
  } catch (err) {
    return { events, ended: (err as { readonly reason?: string }).reason ?? String(err) };
  }
}

export interface Flooded extends Partial<Slow> {
  readonly writesPerSecond: number;
  /** The most that the process grew. */
  readonly grownBytes: number;
}

const floodWriters = 64;

/** Changes to a few objects as fast as they go, so many in all, with or without a slow reader of them. */
export async function flood(store: Store, { writes, slow }: { writes: number; slow: boolean }): Promise<Flooded> {
  const names = Array.from({ length: floodWriters }, (_, i) => `flood-${i}`);
  await Promise.all(names.map((name) => store.guaranteedUpdate(keyOf(name), () => ({ to: pod(name) }), orCreate)));
  const stop = new AbortController();
  const slowly = slow ? readSlowly(store, stop.signal) : undefined;
  await opened();
  const before = process.memoryUsage.rss();
  let most = before;
  let i = 0;
  const { elapsedMs } = await writeFor({ writers: floodWriters, writes }, async (w) => {
    const name = names[w] ?? '';
    const status = { heartbeat: (i += 1) };
    await store.guaranteedUpdate(keyOf(name), () => ({ to: { ...pod(name), status } }));
    if (i % 500 === 0) most = Math.max(most, process.memoryUsage.rss());
  });
  stop.abort();
  return { ...(await slowly), writesPerSecond: (writes / elapsedMs) * 1000, grownBytes: most - before };
}

const orCreate = { orCreate: true };
