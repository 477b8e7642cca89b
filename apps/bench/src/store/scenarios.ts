import { newSelector, parseFieldSelector } from '@kubephant/api';
import type { Store } from '@kubephant/storage';
import { keyOf, podOf } from './payload';

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? 0;

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/** Creations of 1.5 kB by so many writers, each waiting for its answer. */
export async function createRate(store: Store, writers: number, seconds: number): Promise<Figure[]> {
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  const run = `${writers}-${Math.trunc(end)}`;
  const writer = async (w: number): Promise<void> => {
    for (let i = 0; performance.now() < end; i++) {
      const name = `c${run}-${w}-${i}`;
      latencies.push(await timed(() => store.create(keyOf(name), podOf(name, 1500))));
    }
  };
  const elapsed = await timed(() => Promise.all(Array.from({ length: writers }, (_, w) => writer(w))));
  return figuresOf(`create 1.5 kB, ${writers} writers`, latencies, elapsed);
}

/** Updates of one small field, each of an object of the writer's own. */
export async function updateRate(store: Store, writers: number, seconds: number): Promise<Figure[]> {
  const latencies: number[] = [];
  const writer = async (w: number): Promise<void> => {
    const key = keyOf(`u${writers}-${w}`);
    await store.guaranteedUpdate(key, () => ({ to: podOf(key.name, 1500) }), { orCreate: true });
    const end = performance.now() + seconds * 1000;
    for (let i = 0; performance.now() < end; i++) {
      const change = (pod: object | undefined) => ({ to: { ...podOf('', 0), ...pod, status: { heartbeat: i } } });
      latencies.push(await timed(() => store.guaranteedUpdate(key, change)));
    }
  };
  const elapsed = await timed(() => Promise.all(Array.from({ length: writers }, (_, w) => writer(w))));
  return figuresOf(`update 1.5 kB, ${writers} writers`, latencies, elapsed);
}

function figuresOf(what: string, latencies: number[], elapsedMs: number): Figure[] {
  latencies.sort((a, b) => a - b);
  return [
    { what, value: (latencies.length / elapsedMs) * 1000, unit: '/s' },
    { what: `${what}, p50`, value: percentile(latencies, 50), unit: 'ms' },
    { what: `${what}, p99`, value: percentile(latencies, 99), unit: 'ms' },
  ];
}

/** From before a write in one store to its event in a watch of another: commit, notification and read included. */
export async function watchLatency(writer: Store, reader: Store, count: number): Promise<Figure[]> {
  const stop = new AbortController();
  const watch = reader.watch({ resource: 'pods', after: writer.revision }, stop.signal)[Symbol.asyncIterator]();
  const latencies: number[] = [];
  let next = watch.next();
  for (let i = 0; i < count; i++) {
    const name = `w${i}-${Math.trunc(performance.now())}`;
    latencies.push(
      await timed(async () => {
        await Promise.all([writer.create(keyOf(name), podOf(name, 1500)), next]);
      }),
    );
    next = watch.next();
  }
  stop.abort();
  await next;
  latencies.sort((a, b) => a - b);
  return [50, 99].map((p) => ({
    what: `write to watch of another store, p${p}`,
    value: percentile(latencies, p),
    unit: 'ms',
  }));
}

async function fill(store: Store, resource: string, count: number, bytes: number): Promise<void> {
  for (let i = 0; i < count; i += 1000) {
    const names = Array.from({ length: 1000 }, (_, j) => `o${String(i + j).padStart(7, '0')}`);
    await Promise.all(names.map((name) => store.create({ ...keyOf(name), resource }, podOf(name, bytes))));
  }
}

const best = async (times: number, work: () => Promise<unknown>): Promise<number> => {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await timed(work));
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
};

/** Consistent lists of everything, and what it costs to join their bytes for one answer. */
export async function listAll(store: Store, count: number, bytes: number): Promise<Figure[]> {
  await fill(store, 'lists', count, bytes);
  const list = await best(9, () => store.list({ resource: 'lists' }));
  const { items } = await store.list({ resource: 'lists' });
  const join = await best(9, async () => Buffer.concat(items.map(({ json }) => json)));
  const what = `list ${count} x ${bytes} B`;
  return [
    { what, value: list, unit: 'ms' },
    { what: `${what}, joined to one body`, value: list + join, unit: 'ms' },
  ];
}

/** Lists that match nothing, and the memory that an object takes. */
export async function listNothing(store: Store, count: number): Promise<Figure[]> {
  const before = usedMemory();
  await fill(store, 'pods', count, 1000);
  const { items } = await store.list({ resource: 'pods', revision: 0 });
  const bytes = items.reduce((sum, { json }) => sum + json.length, 0) / items.length;
  const perObject = (usedMemory() - before) / count;
  const labels = newSelector([{ key: 'app', operator: '=', values: ['none'] }]);
  const byLabel = await best(9, () => store.list({ resource: 'pods', selection: { labels } }));
  const fields = parseFieldSelector('spec.nodeName=none');
  const byIndex = await best(9, () => store.list({ resource: 'pods', selection: { fields } }));
  return [
    { what: `list nothing of ${count} by label (scan)`, value: byLabel, unit: 'ms' },
    { what: `list nothing of ${count} by indexed field`, value: byIndex, unit: 'ms' },
    { what: 'mean size of these objects', value: bytes, unit: 'B' },
    { what: 'memory per cached object', value: perObject, unit: 'B' },
  ];
}

/** Needs --expose-gc to be exact. */
function usedMemory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
