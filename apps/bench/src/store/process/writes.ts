import type { Store } from '@kubephant/storage';
import { machineClock, nowMs } from '../../measure/machine';
import { pace, type Pace } from '../../measure/pacing';
import { Histogram } from '../../measure/statistics';
import { keyOf, podsOf } from '../payload';

/** For so long, or so many. */
export type Load = { readonly writers: number } & ({ readonly seconds: number } | { readonly writes: number });

/** `counts` of a Histogram of latencies in milliseconds. */
export interface Loaded {
  readonly counts: readonly number[];
  readonly elapsedMs: number;
}

const bytes = 1500;
const pod = podsOf(bytes);
let names = 0;

/** Never given twice on this machine. */
const newName = (): string => `c-${process.pid}-${(names += 1)}`;

/** One creation of 1.5 KB. */
export async function create(store: Store): Promise<void> {
  const name = newName();
  await store.create(keyOf(name), pod(name));
}

/** Writers that wait for their answer before they write again. */
export async function writeFor(load: Load, write: (w: number) => Promise<unknown>): Promise<Loaded> {
  const latencies = new Histogram();
  const startMs = nowMs();
  const endMs = 'seconds' in load ? startMs + load.seconds * 1000 : Infinity;
  let left = 'writes' in load ? load.writes : Infinity;
  const writer = async (w: number): Promise<void> => {
    for (let sentMs = nowMs(); sentMs < endMs && left-- > 0;) {
      await write(w);
      const doneMs = nowMs();
      latencies.add(doneMs - sentMs);
      sentMs = doneMs;
    }
  };
  await Promise.all(Array.from({ length: load.writers }, (_, w) => writer(w)));
  return { counts: latencies.counts, elapsedMs: nowMs() - startMs };
}

/** Each writer changes one small field of an object of its own. */
export async function updates(store: Store, load: Load): Promise<Loaded> {
  const mine = Array.from({ length: load.writers }, newName);
  await Promise.all(mine.map((name) => store.create(keyOf(name), pod(name))));
  let i = 0;
  return await writeFor(load, async (w) => {
    const name = mine[w] ?? '';
    const status = { heartbeat: (i += 1) };
    await store.guaranteedUpdate(keyOf(name), (current) => ({ to: { ...pod(name), ...current, status } }));
  });
}

export interface Paced {
  readonly sentMs: readonly number[];
  readonly answeredMs: readonly number[];
}

/** Creations that are sent when they are due; number i is of the object PREFIX-i. */
export async function pacedCreates(store: Store, { prefix, ...rate }: Pace & { prefix: string }): Promise<Paced> {
  const sentMs: number[] = [];
  const answeredMs: number[] = [];
  await pace(rate, machineClock, async (i) => {
    const name = `${prefix}-${i}`;
    sentMs[i] = nowMs();
    await store.create(keyOf(name), pod(name));
    answeredMs[i] = nowMs();
  });
  return { sentMs, answeredMs };
}
