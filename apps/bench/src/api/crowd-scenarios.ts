import { Child } from '../measure/child';
import { beside, figure, percentiles, type Figure } from '../measure/figure';
import { machineClock } from '../measure/machine';
import { pace, sends } from '../measure/pacing';
import { Histogram } from '../measure/statistics';
import { crowdFigures, type Crowded } from '../measure/latency';
import { floodConfigMaps } from './fill';
import { observed, stateOf } from './observed';
import { running, type ApiBench, type ApiScenario } from './scenario';
import { Sender } from './sender';
import { watchPath } from './watches';
import { watchProcess, type SlowlyRead, type WatchTasks } from './watch-process';

const watchers = 1000;
const perSecond = 100;

const newWatchProcess = (): Child<WatchTasks> => new Child<WatchTasks>(watchProcess);

interface Seen extends Crowded {
  readonly figures: readonly Figure[];
  readonly limit: string;
}

/** Many watchers in a process of their own, and writes at a steady pace from this one. */
async function crowd({ second: _, ...bench }: ApiBench): Promise<Seen> {
  const { server, kubeconfig, namespace, seconds } = bench;
  const rate = { perSecond, seconds };
  await using child = newWatchProcess();
  const path = await watchPath(server, namespace);
  await child.call('open', { kubeconfig, path, watchers, total: sends(rate) });
  using sender = await Sender.open(server, namespace);
  const { result, figures, limit } = await observed(
    bench,
    async () => {
      await pace(rate, machineClock, (i) => sender.send(i));
      return await child.call('end');
    },
    ({ usage }) => usage.cores,
  );
  const { usage, ...crowded } = result;
  const client = [
    beside('cores: the watchers', '', usage.cores),
    beside('event loop: the watchers', '%', usage.loop * 100),
  ];
  const theirs = usage.loop > 0.9 ? `the watchers' own process (${Math.round(usage.loop * 100)} % busy), or ` : '';
  return { ...crowded, figures: [...figures, ...client], limit: theirs + limit };
}

const crowdScenario: ApiScenario = {
  name: 'watchers',
  description: `${watchers} watchers, each on its own connection, of ${perSecond} POSTs of 1 KB a second`,
  open: running(async (bench) => {
    const crowded = await crowd(bench);
    return { figures: [...crowdFigures(crowded), ...crowded.figures], limit: crowded.limit };
  }),
};

async function slowly<R>(
  { server, kubeconfig, namespace }: ApiBench,
  work: () => Promise<R>,
): Promise<[R, SlowlyRead]> {
  await using child = newWatchProcess();
  await child.call('openSlow', { kubeconfig, path: await watchPath(server, namespace) });
  const result = await work();
  return [result, await child.call('endSlow')];
}

const besideSlow: ApiScenario = {
  name: 'watchers-slow',
  description: 'the same without and with one more watcher that reads 1 KB a second',
  open: running(async (bench) => {
    const without = await crowd(bench);
    const before = await stateOf(bench.server);
    const [crowded, slow] = await slowly(bench, () => crowd(bench));
    const after = await stateOf(bench.server);
    const [alone, together] = [without, crowded].map(({ counts }) => new Histogram(...counts));
    if (!alone || !together) throw new Error('there are two');
    return {
      figures: [
        ...percentiles('without it ', alone),
        ...percentiles('with it ', together),
        figure('p99 with / without', '', together.quantile(0.99) / alone.quantile(0.99), { atMost: 2 }),
        figure('growth of the server', 'MB', (after.residentBytes - before.residentBytes) / 1e6, { atMost: 200 }),
        beside('events the slow one took', '', slow.events),
        ...crowded.figures,
      ],
      limit: crowded.limit,
    };
  }),
};

/** More than may wait for one watcher and what the machine holds for a connection. */
const floodWrites = 60_000;

/** The most that the server grew while it was flooded with changes. */
async function flooded({ own, server, namespace }: ApiBench): Promise<number> {
  if (!own) throw new Error('only our own servers can be flooded');
  const before = (await stateOf(server)).residentBytes;
  let most = before;
  await floodConfigMaps(own.connectionString, { namespace, count: floodWrites, bytes: 1000 }, async () => {
    most = Math.max(most, (await stateOf(server)).residentBytes);
  });
  return most - before;
}

const flood: ApiScenario = {
  name: 'slow-reader',
  description: `${floodWrites} changes of 1 KB past the servers, without and with a watcher that reads 1 KB a second`,
  needs: 'our own servers',
  open: running(
    async (bench) => {
      const without = await flooded(bench);
      const [grown, slow] = await slowly(bench, () => flooded(bench));
      return {
        figures: [
          figure('growth of the server with it', 'MB', grown / 1e6, { atMost: 200 }),
          figure('ended with 410', '', slow.expired ? 1 : 0, { atLeast: 1 }),
          figure('events it took', '', slow.events),
          beside('growth without it', 'MB', without / 1e6),
        ],
      };
    },
    // Caches and heap reach their size once.
    async (bench) => {
      await flooded(bench);
    },
  ),
};

export const crowdScenarios: readonly ApiScenario[] = [crowdScenario, besideSlow, flood];
