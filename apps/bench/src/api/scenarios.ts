import { median, quantile } from '../statistics';
import { load, type Bench, type Load, type Scenario } from './scenario';
import { fanOut } from './fan-out';
import { Wire } from './wire';

const filler = (bytes: number): string => 'x'.repeat(bytes);
let count = 0;

const configMap = (namespace: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `bench-${(count += 1)}-${process.pid}`, namespace, labels: { app: 'bench' } },
    data: { value: filler(1_350) },
  });

const figures = ({ rate, latenciesMs, failures }: Load): Record<string, number> => ({
  'per second': rate,
  'p50 ms': median(latenciesMs),
  'p99 ms': quantile(latenciesMs, 0.99),
  failures,
});

const collection = ({ namespace }: Bench, plural: string): string => `/api/v1/namespaces/${namespace}/${plural}`;

const creates = (name: string, clients: number): Scenario => ({
  name,
  description: `POST of a 1.5 KB ConfigMap, ${clients} client${clients === 1 ? '' : 's'}`,
  run: async (bench) =>
    figures(
      await load(bench, clients, (wire) =>
        wire.exchange('POST', collection(bench, 'configmaps'), configMap(bench.namespace)),
      ),
    ),
});

const gets = (name: string, clients: number): Scenario => ({
  name,
  description: `GET of a 1.5 KB ConfigMap, ${clients} client${clients === 1 ? '' : 's'}`,
  prepare: (bench) =>
    post(
      bench,
      'configmaps',
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { value: filler(1_350) } }),
    ),
  run: async (bench) =>
    figures(await load(bench, clients, (wire) => wire.exchange('GET', `${collection(bench, 'configmaps')}/${name}`))),
});

const listedPods = 10_000;

const lists: Scenario = {
  name: 'list-pods',
  description: `LIST of ${listedPods} pods of 4 KB, one client`,
  async prepare(bench) {
    // Pods need their namespace's account, also where no controller makes one.
    await post(
      bench,
      'serviceaccounts',
      JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } }),
    );
    const present = await countPods(bench);
    const wires = await Promise.all(Array.from({ length: 32 }, () => Wire.open(bench.config)));
    let next = present;
    await Promise.all(
      wires.map(async (wire) => {
        while (next < listedPods) await expectCreated(wire, collection(bench, 'pods'), pod(`pod-${(next += 1)}`));
        wire.close();
      }),
    );
  },
  async run(bench) {
    const wire = await Wire.open(bench.config);
    const timesMs: number[] = [];
    let bytes = 0;
    for (const startMs = performance.now(); performance.now() - startMs < bench.seconds * 1000;) {
      const sentMs = performance.now();
      ({ bytes } = await wire.exchange('GET', collection(bench, 'pods')));
      timesMs.push(performance.now() - sentMs);
    }
    wire.close();
    return { 'MB per second': bytes / 1e3 / median(timesMs), 'p50 ms': median(timesMs), 'answer MB': bytes / 1e6 };
  },
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

async function countPods(bench: Bench): Promise<number> {
  const wire = await Wire.open(bench.config);
  const { body } = await wire.exchange('GET', collection(bench, 'pods'), undefined, true);
  wire.close();
  return (JSON.parse(body.toString()) as { items: unknown[] }).items.length;
}

async function post(bench: Bench, plural: string, body: string): Promise<void> {
  const wire = await Wire.open(bench.config);
  await expectCreated(wire, collection(bench, plural), body);
  wire.close();
}

export async function expectCreated(wire: Wire, path: string, body: string): Promise<void> {
  const { status, body: answer } = await wire.exchange('POST', path, body, true);
  if (status >= 300 && status !== 409) throw new Error(`POST ${path}: ${status} ${answer.toString().slice(0, 300)}`);
}

export const scenarios: readonly Scenario[] = [
  creates('create-1', 1),
  creates('create-64', 64),
  gets('get-1', 1),
  gets('get-64', 64),
  lists,
  fanOut({ watchers: 1_000, writesPerSecond: 20 }),
];
