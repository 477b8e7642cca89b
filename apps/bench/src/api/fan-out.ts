import { setTimeout as sleep } from 'node:timers/promises';
import { median, quantile } from '../statistics';
import type { Bench, Scenario } from './scenario';
import { Wire } from './wire';

interface FanOut {
  readonly watchers: number;
  readonly writesPerSecond: number;
}

/**
 * One write seen by many watchers: the time from sending the write until the last watcher has its event. Sender and
 * watchers share one process and so one clock.
 */
export function fanOut({ watchers, writesPerSecond }: FanOut): Scenario {
  return {
    name: 'fan-out',
    description: `${writesPerSecond} writes a second to ${watchers} watchers`,
    async run(bench) {
      const writer = await Wire.open(bench.config);
      const name = `fan-out-${Date.now()}`;
      const path = `/api/v1/namespaces/${bench.namespace}/configmaps`;
      const created = await writer.exchange('POST', path, configMap(name, -1), true);
      const { metadata } = JSON.parse(created.body.toString()) as { metadata: { resourceVersion: string } };
      const seen = new Map<number, number>();
      const lastMs = new Map<number, number>();
      const opened = await openWatches(
        bench,
        watchers,
        `${path}?watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${metadata.resourceVersion}`,
      );
      const reading = opened.map((wire) =>
        readEvents(wire, (i) => {
          const times = (seen.get(i) ?? 0) + 1;
          seen.set(i, times);
          if (times === watchers) lastMs.set(i, performance.now());
        }),
      );
      const sentMs = await write(writer, `${path}/${name}`, {
        name,
        writesPerSecond,
        writes: Math.ceil(bench.seconds * writesPerSecond),
      });
      for (let waited = 0; lastMs.size < sentMs.length && waited < 10_000; waited += 10) await sleep(10);
      opened.forEach((wire) => wire.close());
      writer.close();
      await Promise.allSettled(reading);
      const latenciesMs = sentMs.flatMap((sent, i) => {
        const last = lastMs.get(i);
        return last === undefined ? [] : [last - sent];
      });
      return {
        'p50 ms': median(latenciesMs),
        'p99 ms': quantile(latenciesMs, 0.99),
        'not seen by all': sentMs.length - latenciesMs.length,
      };
    },
  };
}

const configMap = (name: string, i: number): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: { i: `<${i}>`, value: 'x'.repeat(1_000) },
  });

async function openWatches({ config }: Bench, count: number, path: string): Promise<Wire[]> {
  const wires: Wire[] = [];
  while (wires.length < count) {
    const some = await Promise.all(Array.from({ length: Math.min(50, count - wires.length) }, () => Wire.open(config)));
    const statuses = await Promise.all(some.map((wire) => wire.stream(path)));
    if (statuses.some((status) => status !== 200)) throw new Error(`a watch was refused with ${statuses.join(' ')}`);
    wires.push(...some);
  }
  return wires;
}

/** Finds the number that each event carries without parsing it: a thousand watchers must not be the bottleneck. */
async function readEvents(wire: Wire, onEvent: (i: number) => void): Promise<void> {
  for await (const chunk of wire.chunks()) {
    for (let at = chunk.indexOf('"i":"<'); at >= 0; at = chunk.indexOf('"i":"<', at + 6)) {
      onEvent(Number(chunk.toString('latin1', at + 6, chunk.indexOf('>', at))));
    }
  }
}

async function write(
  wire: Wire,
  path: string,
  { name, writesPerSecond, writes }: { name: string; writesPerSecond: number; writes: number },
): Promise<number[]> {
  const sentMs: number[] = [];
  const startMs = performance.now();
  for (let i = 0; i < writes; i++) {
    await sleep(Math.max(0, startMs + (i * 1000) / writesPerSecond - performance.now()));
    sentMs.push(performance.now());
    const { status } = await wire.exchange('PUT', path, configMap(name, i));
    if (status !== 200) throw new Error(`PUT ${path}: ${status}`);
  }
  return sentMs;
}
