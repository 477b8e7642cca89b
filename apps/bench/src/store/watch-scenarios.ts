import type { Opened, Scenario } from '../measure/bench';
import { beside, figure, percentiles, type Figure, type Run } from '../measure/figure';
import { Histogram } from '../measure/statistics';
import type { WithSlow } from './process/watches';
import { between, crowdFigures } from '../measure/latency';
import { newStoreProcess, observed, withStores, type StoreBench, type Stores } from './stores';

let runs = 0;
const newPrefix = (): string => `run${(runs += 1)}`;

const perSecond = 1000;

/** The time from a write to its event, at its own store and at another one. */
const events: Scenario<StoreBench> = {
  name: 'events',
  description: `${perSecond} creates of 1.5 KB a second through store 1, watched there and at store 2`,
  open: withStores(2, async (stores) => {
    const { processes, bench } = stores;
    const [writing] = processes;
    await Promise.all(processes.map((child) => child.call('follow')));
    const { result, figures, limit } = await observed(stores, async () =>
      writing?.call('pacedCreates', { prefix: newPrefix(), perSecond, seconds: bench.seconds }),
    );
    if (!result) throw new Error('there is no store');
    const { sentMs, answeredMs } = result;
    const [same = [], other = []] = await Promise.all(processes.map((child) => child.call('followed', sentMs.length)));
    const spanMs = (sentMs.at(-1) ?? NaN) - (sentMs[0] ?? NaN);
    return {
      figures: [
        ...percentiles('same store, from sending: ', between(sentMs, same), { p99: { atMost: 10 } }),
        ...percentiles('same store, from the answer: ', between(answeredMs, same)),
        ...percentiles('other store, from sending: ', between(sentMs, other), { p99: { atMost: 25 } }),
        ...percentiles('other store, from the answer: ', between(answeredMs, other)),
        ...percentiles('answer, from sending: ', between(sentMs, answeredMs)),
        figure('missing events', '', 2 * sentMs.length - seen(same) - seen(other), { atMost: 0 }),
        beside('sent', '/s', ((sentMs.length - 1) / spanMs) * 1000),
        ...figures,
      ],
      limit,
    };
  }),
};

const seen = (timesMs: readonly (number | null)[]): number => timesMs.filter((time) => typeof time === 'number').length;

const crowdSize = { watchers: 1000, perSecond: 100 };
async function crowd(stores: Stores, slow: boolean): Promise<{ crowded: WithSlow; figures: Figure[]; limit: string }> {
  const [child] = stores.processes;
  const config = { ...crowdSize, slow, prefix: newPrefix(), seconds: stores.bench.seconds };
  const { result, figures, limit } = await observed(stores, async () => child?.call('crowd', config));
  if (!result) throw new Error('there is no store');
  return { crowded: result, figures: [...figures], limit };
}

const latencies = ({ counts }: WithSlow): Histogram => new Histogram(...counts);

const watchers: Scenario<StoreBench> = {
  name: 'watchers',
  description: `${crowdSize.watchers} watchers of ${crowdSize.perSecond} creates of 1 KB a second, all in the store's process`,
  open: withStores(1, async (stores) => {
    const { crowded, figures, limit } = await crowd(stores, false);
    return { figures: [...crowdFigures(crowded), ...figures], limit };
  }),
};

const slowWatcher: Scenario<StoreBench> = {
  name: 'watchers-slow',
  description: 'the same without and with one more watcher that reads 1 KB a second',
  open: withStores(1, async (stores) => {
    const { crowded: without } = await crowd(stores, false);
    const { crowded, figures, limit } = await crowd(stores, true);
    return {
      figures: [
        ...percentiles('without it ', latencies(without)),
        ...percentiles('with it ', latencies(crowded)),
        figure('p99 with / without', '', latencies(crowded).quantile(0.99) / latencies(without).quantile(0.99), {
          atMost: 2,
        }),
        figure('events the slow one took', '', crowded.slow?.events ?? NaN),
        ...figures,
      ],
      limit,
    };
  }),
};

/** More than may wait for one watcher. */
const floodWrites = 30_000;

/** In processes of their own, so that one's memory is not the other's. */
async function flooded(bench: StoreBench, slow: boolean): ReturnType<typeof floodIn> {
  const connectionString = await bench.database.fresh();
  await using child = newStoreProcess();
  await child.call('open', { connectionString });
  return await floodIn(child, slow);
}

const floodIn = (child: ReturnType<typeof newStoreProcess>, slow: boolean) =>
  child.call('flood', { writes: floodWrites, slow });

const flood: Scenario<StoreBench> = {
  name: 'slow-reader',
  description: `${floodWrites} updates of 1 KB as fast as they go, without and with a watcher that reads 1 KB a second`,
  open: async (bench): Promise<Opened> => ({
    async run(): Promise<Run> {
      const without = await flooded(bench, false);
      const slow = await flooded(bench, true);
      return {
        figures: [
          figure('updates without it', '/s', without.writesPerSecond),
          figure('updates with it', '/s', slow.writesPerSecond),
          figure('memory it cost', 'MB', (slow.grownBytes - without.grownBytes) / 1e6, { atMost: 200 }),
          figure('ended with Expired', '', slow.ended === 'Expired' ? 1 : 0, { atLeast: 1 }),
          figure('events it took', '', slow.events ?? NaN),
          beside('growth of the process', 'MB', slow.grownBytes / 1e6),
        ],
      };
    },
    [Symbol.asyncDispose]: async () => undefined,
  }),
};

export const watchScenarios: readonly Scenario<StoreBench>[] = [events, watchers, slowWatcher, flood];
