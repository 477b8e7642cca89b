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
  readonly notify: boolean;
}

/** What PostgreSQL itself can do here: the function for commits, called with ready bytes by one session. */
function raw(name: string, { batch, notify }: RawConfig): StoreScenario {
  return {
    name,
    description: `commit_batch alone, ${batch} ready bytes of 1.5 KB a time${notify ? '' : ', without NOTIFY'}`,
    async open(bench) {
      await using stack = new AsyncDisposableStack();
      const connectionString = await bench.database.fresh();
      const child = stack.use(newStoreProcess());
      await child.call('prepareRaw', { connectionString, notify });
      await child.call('raw', { connectionString, batch, seconds: 0.3 });
      const stores = { bench, connectionString, processes: [child] };
      const owned = stack.move();
      return {
        async run() {
          const { result, figures, limit } = await observed(stores, () =>
            child.call('raw', { connectionString, batch, seconds: bench.seconds }),
          );
          const rate = (result.writes / result.elapsedMs) * 1000;
          const commits = percentiles('commit ', new Histogram(result.counts));
          return { figures: [figure('creates', '/s', rate), ...commits, ...figures], limit };
        },
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
      };
    },
  };
}

export const writeScenarios: readonly StoreScenario[] = [
  raw('raw-1', { batch: 1, notify: true }),
  raw('raw-1-silent', { batch: 1, notify: false }),
  raw('raw-32', { batch: 32, notify: true }),
  raw('raw-32-silent', { batch: 32, notify: false }),
  oneStore('creates', 1, { p50: { atMost: 1 } }),
  oneStore('creates', 8),
  oneStore('creates', 64, { rate: { atLeast: aimOfOne } }),
  oneStore('updates', 1),
  oneStore('updates', 64),
  twoStores('create-64-two', 'creates of 1.5 KB by 32 writers in each of two processes on one PostgreSQL', fromInside),
  twoStores('create-64-turn', '64 writers whose every write goes to the other of two stores', inTurn),
];
