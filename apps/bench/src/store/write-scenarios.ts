import type { Scenario } from '../measure/bench';
import { beside, figure, percentiles, type Aims } from '../measure/figure';
import { Histogram } from '../measure/statistics';
import { writeFor, type Loaded } from './process/writes';
import {
  loadFigures,
  newStoreProcess,
  observed,
  rateOf,
  withStores,
  type StoreBench,
  type StoreProcess,
  type Stores,
} from './stores';

type StoreScenario = Scenario<StoreBench>;

function oneStore(task: 'creates' | 'updates', writers: number, aims: Aims = {}): StoreScenario {
  const what = `${task} of 1.5 KB, ${writers} writer${writers === 1 ? '' : 's'}`;
  return {
    name: `${task.slice(0, -1)}-${writers}`,
    description: what,
    open: withStores(1, async (stores) => {
      const { seconds } = stores.bench;
      const { result, figures, limit } = await observed(stores, () =>
        Promise.all(stores.processes.map((child) => child.call(task, { writers, seconds }))),
      );
      return { figures: [...loadFigures(task, result, aims), ...figures], limit };
    }),
  };
}

const writers = 64;
/** Of what one store does. */
const share = { atLeast: 70 };
const aimOfOne = 8000;

/** How the writes of two stores are made: from inside each, or by one who asks one after the other. */
type Drive = (processes: readonly StoreProcess[], seconds: number) => Promise<readonly Loaded[]>;

const fromInside: Drive = (processes, seconds) =>
  Promise.all(processes.map((child) => child.call('creates', { writers: writers / processes.length, seconds })));

const inTurn: Drive = async (processes, seconds) => {
  const turns = Array.from({ length: writers }, () => 0);
  const load = await writeFor({ writers, seconds }, async (w) => {
    const turn = turns[w] ?? 0;
    turns[w] = turn + 1;
    await processes[(w + turn) % processes.length]?.call('create');
  });
  return [load];
};

/** The same load through one store and then through two. */
function twoStores(name: string, description: string, drive: Drive): StoreScenario {
  const run = async (stores: Stores) => {
    const { seconds } = stores.bench;
    const alone = rateOf(await drive(stores.processes.slice(0, 1), seconds));
    const { result, figures, limit } = await observed(stores, () => drive(stores.processes, seconds));
    const ratio = (100 * rateOf(result)) / alone;
    return {
      figures: [
        ...loadFigures('creates', result, { rate: { atLeast: (aimOfOne * share.atLeast) / 100 } }),
        figure('of one store driven alike', '%', ratio, share),
        beside('one store driven alike', '/s', alone),
        ...figures,
      ],
      limit,
    };
  };
  return { name, description, open: withStores(2, run) };
}

interface RawConfig {
  readonly batch: number;
  readonly notify?: boolean;
  readonly sessions?: number;
}

/** What PostgreSQL itself can do here: the function for commits, called with ready bytes. */
function raw(name: string, { batch, notify = true, sessions = 1 }: RawConfig): StoreScenario {
  const by = sessions === 1 ? 'one session' : `${sessions} sessions`;
  return {
    name,
    description: `commit_batch alone, ${batch} × 1.5 KB of ready bytes a time, ${by}${notify ? '' : ', without NOTIFY'}`,
    async open(bench) {
      await using stack = new AsyncDisposableStack();
      const connectionString = await bench.database.fresh();
      const processes = Array.from({ length: sessions }, () => stack.use(newStoreProcess()));
      const commit = (seconds: number) =>
        Promise.all(processes.map((child) => child.call('raw', { connectionString, batch, seconds })));
      await processes[0]?.call('prepareRaw', { connectionString, notify });
      await commit(0.3);
      const owned = stack.move();
      return {
        async run() {
          const stores = { bench, connectionString, processes };
          const { result, figures, limit } = await observed(stores, () => commit(bench.seconds));
          const commits = new Histogram(...result.map(({ counts }) => counts));
          const creates = figure('creates', '/s', batch * rateOf(result));
          return { figures: [creates, ...percentiles('commit ', commits), ...figures], limit };
        },
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
      };
    },
  };
}

export const writeScenarios: readonly StoreScenario[] = [
  raw('raw-1', { batch: 1 }),
  raw('raw-1-silent', { batch: 1, notify: false }),
  raw('raw-32', { batch: 32 }),
  raw('raw-32-silent', { batch: 32, notify: false }),
  raw('raw-32-two', { batch: 32, sessions: 2 }),
  oneStore('creates', 1, { p50: { atMost: 1 } }),
  oneStore('creates', 8),
  oneStore('creates', 64, { rate: { atLeast: aimOfOne } }),
  oneStore('updates', 1),
  oneStore('updates', 64),
  twoStores('create-64-two', 'creates of 1.5 KB by 32 writers in each of two processes on one PostgreSQL', fromInside),
  twoStores('create-64-turn', '64 writers whose every write goes to the other of two stores', inTurn),
];
