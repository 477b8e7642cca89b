import { setTimeout as sleep } from 'node:timers/promises';
import { Histogram } from '../measure/statistics';
import { until } from '../measure/until';
import { figure, percentiles } from '../measure/figure';
import { observed } from './observed';
import { markedConfigMap, onMarks } from './marks';
import { running, type ApiBench, type ApiScenario } from './scenario';
import { openWatches } from './watches';
import { Wire } from './wire';

interface FanOut {
  readonly watchers: number;
  readonly writesPerSecond: number;
}

/**
 * One write seen by many watchers: the time from sending the write until the last watcher has its event. Sender and
 * watchers share one process and so one clock.
 */
export function fanOut(config: FanOut): ApiScenario {
  const { watchers, writesPerSecond } = config;
  return {
    name: 'fan-out',
    description: `${writesPerSecond} writes a second to ${watchers} watchers, until the last has it`,
    open: running(async ({ second: _, ...bench }) => {
      const { result, figures, limit } = await observed(bench, () => spread(bench, config));
      const missing = figure('not seen by all', '', result.missing, { atMost: 0 });
      return { figures: [...percentiles('', result.latencies, { p99: { atMost: 100 } }), missing, ...figures], limit };
    }),
  };
}

async function spread(
  bench: ApiBench,
  { watchers, writesPerSecond }: FanOut,
): Promise<{ readonly latencies: Histogram; readonly missing: number }> {
  const writer = await Wire.open(bench.server);
  const name = `fan-out-${Date.now()}`;
  const path = `/api/v1/namespaces/${bench.namespace}/configmaps`;
  const created = await writer.exchange('POST', path, configMap(name, -1), true);
  const { metadata } = JSON.parse(created.body.toString()) as { metadata: { resourceVersion: string } };
  const seen = new Map<number, number>();
  const lastMs = new Map<number, number>();
  const query = `watch=true&fieldSelector=metadata.name%3D${name}&resourceVersion=${metadata.resourceVersion}`;
  const opened = await openWatches(bench.server, watchers, `${path}?${query}`);
  for (const wire of opened) {
    onMarks(wire, (i) => {
      const times = (seen.get(i) ?? 0) + 1;
      seen.set(i, times);
      if (times === watchers) lastMs.set(i, performance.now());
    });
  }
  const writes = Math.ceil(bench.seconds * writesPerSecond);
  const sentMs = await write(writer, `${path}/${name}`, { name, writesPerSecond, writes });
  await until(() => lastMs.size >= sentMs.length);
  opened.forEach((wire) => wire.close());
  writer.close();
  const latencies = new Histogram();
  sentMs.forEach((sent, i) => {
    const last = lastMs.get(i);
    if (last !== undefined) latencies.add(last - sent);
  });
  return { latencies, missing: sentMs.length - latencies.size };
}

const configMap = (name: string, i: number): string => markedConfigMap({ name }, i, 0);

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
