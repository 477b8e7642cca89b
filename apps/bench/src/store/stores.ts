import type { Opened } from '../measure/bench';
import { beside, figure, percentiles, type Aims, type Figure, type Run } from '../measure/figure';
import { limitOf } from '../measure/limit';
import { cores, machineCpuSeconds, meter, nowMs } from '../measure/machine';
import { Histogram } from '../measure/statistics';
import { Child } from '../measure/child';
import type { Database } from './database';
import { besideOf, PostgresWatch, sessionsIn } from './postgres-watch';
import type { Loaded } from './process/writes';
import { storeProcess, type StoreTasks } from './process/tasks';

/** What the scenarios of the store work with. */
export interface StoreBench {
  readonly database: Database;
  /** How long one measurement lasts. */
  readonly seconds: number;
}

export type StoreProcess = Child<StoreTasks>;

export const newStoreProcess = (): StoreProcess => new Child<StoreTasks>(storeProcess);

/** A database of its own and processes that each have a store on it. */
export interface Stores {
  readonly bench: StoreBench;
  readonly connectionString: string;
  readonly processes: readonly StoreProcess[];
}

/** A scenario over so many stores; everything is new for it and warm when it runs. */
export function withStores(
  count: number,
  run: (stores: Stores) => Promise<Run>,
): (bench: StoreBench) => Promise<Opened> {
  return async (bench) => {
    await using stack = new AsyncDisposableStack();
    const connectionString = await bench.database.fresh();
    const processes: StoreProcess[] = [];
    for (let i = 0; i < count; i++) {
      const child = stack.use(newStoreProcess());
      await child.call('open', { connectionString });
      processes.push(child);
    }
    await Promise.all(processes.map((child) => child.call('creates', { writers: 16, seconds: 0.5 })));
    const owned = stack.move();
    return {
      run: () => run({ bench, connectionString, processes }),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  };
}

/** Works while PostgreSQL, the processes and the machine are looked at. */
export async function observed<R>(
  { bench, connectionString, processes }: Stores,
  work: () => Promise<R>,
): Promise<{ readonly result: R; readonly figures: readonly Figure[]; readonly limit: string }> {
  await using watch = await PostgresWatch.start(connectionString, bench.database.pid);
  const startMs = nowMs();
  const machineBefore = await machineCpuSeconds();
  await Promise.all(processes.map((child) => child.call('meter')));
  const own = meter();
  const result = await work();
  const mine = own();
  const usages = await Promise.all(processes.map((child) => child.call('usage')));
  const machine = ((await machineCpuSeconds()) - machineBefore) / ((nowMs() - startMs) / 1000);
  const postgres = await watch.figures();
  const ours = usages.reduce((sum, usage) => sum + usage.cores, mine.cores + postgres.cores);
  const names = processes.map((_, i) => (processes.length === 1 ? 'the store' : `store ${i + 1}`));
  const loops = { ...Object.fromEntries(usages.map(({ loop }, i) => [names[i] ?? '', loop])), 'the bench': mine.loop };
  return {
    result,
    figures: [
      ...besideOf(postgres),
      ...usages.map((usage, i) => beside(`cores: ${names[i]}`, '', usage.cores)),
      ...usages.map((usage, i) => beside(`event loop: ${names[i]}`, '%', usage.loop * 100)),
      beside('cores: the bench', '', mine.cores),
      beside('cores: all others', '', Math.max(0, machine - ours)),
    ],
    limit: limitOf({ loops, machine: machine / cores, others: machine - ours, ...sessionsIn(postgres) }),
  };
}

/** What several loads at the same time came to. */
export function rateOf(loads: readonly Loaded[]): number {
  return loads.reduce((sum, { counts, elapsedMs }) => sum + (new Histogram(counts).size / elapsedMs) * 1000, 0);
}

export const loadFigures = (what: string, loads: readonly Loaded[], aims: Aims = {}): Figure[] => [
  figure(what, '/s', rateOf(loads), aims.rate),
  ...percentiles('', new Histogram(...loads.map(({ counts }) => counts)), aims),
];
