import { Histogram, median } from '../measure/statistics';
import { figure, percentiles, type Aims, type Figure } from '../measure/figure';
import { crowdScenarios } from './crowd-scenarios';
import { events } from './events';
import { fanOut } from './fan-out';
import { fillConfigMaps } from './fill';
import { observed } from './observed';
import { load, running, type ApiBench, type ApiScenario, type Load } from './scenario';
import { Wire } from './wire';

const filler = (bytes: number): string => 'x'.repeat(bytes);
let count = 0;

const configMap = (): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `bench-${(count += 1)}-${process.pid}`, labels: { app: 'bench' } },
    data: { value: filler(1_350) },
  });

function figures({ rate, latenciesMs, failures }: Load, aims: Aims = {}): Figure[] {
  const latencies = new Histogram();
  latenciesMs.forEach((ms) => latencies.add(ms));
  return [
    figure('requests', '/s', rate, aims.rate),
    ...percentiles('', latencies, aims),
    figure('failures', '', failures, { atMost: 0 }),
  ];
}

const collection = ({ namespace }: ApiBench, plural: string): string => `/api/v1/namespaces/${namespace}/${plural}`;
const clientsOf = (clients: number): string => `${clients} client${clients === 1 ? '' : 's'}`;

const creates = (clients: number, aims: Aims): ApiScenario => ({
  name: `create-${clients}`,
  description: `POST of a 1.5 KB ConfigMap, ${clientsOf(clients)}`,
  open: running(async ({ second: _, ...bench }) => {
    const { result, ...seen } = await observed(bench, () =>
      load({ servers: [bench.server], seconds: bench.seconds }, clients, (wire) => postConfigMap(bench, wire)),
    );
    return { figures: [...figures(result, aims), ...seen.figures], limit: seen.limit };
  }),
});

const postConfigMap = (bench: ApiBench, wire: Wire) =>
  wire.exchange('POST', collection(bench, 'configmaps'), configMap());

const inTurn: ApiScenario = {
  name: 'create-64-turn',
  description: 'POST of a 1.5 KB ConfigMap, 64 clients, each request to the other of two servers',
  needs: 'two servers',
  open: running(async (bench) => {
    const { server, second = server, seconds } = bench;
    const alone = await load({ servers: [server], seconds }, 64, (wire) => postConfigMap(bench, wire));
    const { result, ...seen } = await observed(bench, () =>
      load({ servers: [server, second], seconds }, 64, (wire) => postConfigMap(bench, wire)),
    );
    const share = figure('of one server', '%', (100 * result.rate) / alone.rate, { atLeast: 70 });
    return { figures: [...figures(result), share, ...seen.figures], limit: seen.limit };
  }),
};

const gets = (clients: number, aims: Aims): ApiScenario => ({
  name: `get-${clients}`,
  description: `GET of a 1.5 KB ConfigMap, ${clientsOf(clients)}`,
  open: running(
    async ({ second: _, ...bench }) => {
      const path = `${collection(bench, 'configmaps')}/get-${clients}`;
      const { result, ...seen } = await observed(bench, () =>
        load({ servers: [bench.server], seconds: bench.seconds }, clients, (wire) => wire.exchange('GET', path)),
      );
      return { figures: [...figures(result, aims), ...seen.figures], limit: seen.limit };
    },
    (bench) =>
      post(
        bench,
        'configmaps',
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: `get-${clients}` },
          data: { value: filler(1_350) },
        }),
      ),
  ),
});

const listedPods = 10_000;

const lists: ApiScenario = {
  name: 'list-pods',
  description: `LIST of ${listedPods} pods of 4 KB, one client`,
  open: running(
    async ({ second: _, ...bench }) => {
      const { result, ...seen } = await observed(bench, () => listFor(bench));
      const { bytes, timesMs } = result;
      return {
        figures: [
          figure('LIST', 'MB/s', bytes / 1e3 / median(timesMs), { atLeast: 200 }),
          figure('p50', 'ms', median(timesMs)),
          figure('answer', 'MB', bytes / 1e6),
          ...seen.figures,
        ],
        limit: seen.limit,
      };
    },
    async (bench) => {
      // Pods need their namespace's account, also where no controller makes one.
      await post(
        bench,
        'serviceaccounts',
        JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }),
      );
      const present = await countPods(bench);
      const wires = await Promise.all(Array.from({ length: 32 }, () => Wire.open(bench.server)));
      let next = present;
      await Promise.all(
        wires.map(async (wire) => {
          while (next < listedPods) await expectCreated(wire, collection(bench, 'pods'), pod(`pod-${(next += 1)}`));
          wire.close();
        }),
      );
    },
  ),
};

async function listFor(bench: ApiBench): Promise<{ readonly bytes: number; readonly timesMs: readonly number[] }> {
  const wire = await Wire.open(bench.server);
  const timesMs: number[] = [];
  let bytes = 0;
  for (const startMs = performance.now(); performance.now() - startMs < bench.seconds * 1000;) {
    const sentMs = performance.now();
    ({ bytes } = await wire.exchange('GET', collection(bench, 'pods')));
    timesMs.push(performance.now() - sentMs);
  }
  wire.close();
  return { bytes, timesMs };
}

const restart: ApiScenario = {
  name: 'restart',
  description: 'start of one more API server on 100000 objects of 1 KB until /readyz answers 200',
  needs: 'our own servers',
  open: running(
    async ({ own }) => ({
      figures: [figure('ready', 'ms', (await own?.withAnother(({ readyMs }) => readyMs)) ?? NaN, { atMost: 5000 })],
    }),
    async ({ own, namespace }) => {
      if (own) await fillConfigMaps(own.connectionString, { namespace, count: 100_000, bytes: 1000 });
    },
  ),
};

const pod = (name: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'bench' }, annotations: { filler: filler(2_100) } },
    spec: {
      containers: [{ name: 'c', image: 'bench' }],
      nodeName: 'no-such-node',
      automountServiceAccountToken: false,
    },
  });

async function countPods(bench: ApiBench): Promise<number> {
  const wire = await Wire.open(bench.server);
  const { body } = await wire.exchange('GET', collection(bench, 'pods'), undefined, true);
  wire.close();
  return (JSON.parse(body.toString()) as { items: unknown[] }).items.length;
}

async function post(bench: ApiBench, plural: string, body: string): Promise<void> {
  const wire = await Wire.open(bench.server);
  await expectCreated(wire, collection(bench, plural), body);
  wire.close();
}

export async function expectCreated(wire: Wire, path: string, body: string): Promise<void> {
  const { status, body: answer } = await wire.exchange('POST', path, body, true);
  if (status >= 300 && status !== 409) throw new Error(`POST ${path}: ${status} ${answer.toString().slice(0, 300)}`);
}

export const scenarios: readonly ApiScenario[] = [
  creates(1, { p50: { atMost: 1.5 } }),
  creates(64, { rate: { atLeast: 3_000 } }),
  inTurn,
  gets(1, {}),
  gets(64, { rate: { atLeast: 7_000 } }),
  lists,
  fanOut({ watchers: 1_000, writesPerSecond: 20 }),
  events,
  ...crowdScenarios,
  restart,
];
