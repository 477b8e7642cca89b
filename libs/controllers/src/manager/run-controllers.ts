import { newGroup, type Clock, type Logger, type Metrics } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import { newEventRecorder } from '@kubephant/controller';
import { newInformers, type WorkQueueMetrics } from '@kubephant/informer';
import { selectControllers, type ControllerSettings } from './table';

export interface ControllersDeps {
  /** The identity of the process: lists and watches for all. */
  readonly client: Client;
  /** The identity of one controller: reads and writes for it. */
  readonly clientFor: (serviceAccount: string) => Client;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly queueMetrics: WorkQueueMetrics;
}

export interface ControllersConfig extends ControllerSettings {
  /** As `--controllers` says it; see `selectControllers`. */
  readonly controllers: readonly string[];
  /** Workers of a controller, where they are not the table's. */
  readonly workers: Readonly<Record<string, number>>;
}

/** Runs the controllers asked for until aborted; the first that fails ends all. */
export async function runControllers(
  deps: ControllersDeps,
  config: ControllersConfig,
  signal: AbortSignal,
): Promise<void> {
  const { client, clientFor, clock, log, queueMetrics } = deps;
  const group = newGroup(signal);
  const informers = newInformers(client, { clock, log });
  const metrics = reusable(deps.metrics);
  for (const row of selectControllers(config.controllers)) {
    const own = clientFor(row.serviceAccount);
    const ownLog = log.with({ controller: row.name });
    const recorder = newEventRecorder({ client: own, log: ownLog, clock, component: row.component });
    const workers = config.workers[row.name] ?? row.workers;
    const context = { client: own, informers, recorder, clock, log: ownLog, metrics, queueMetrics, workers };
    group.go(`${row.name} events`, recorder.run);
    group.go(row.name, (s) => row.run({ context, settings: config, watcher: client }, s));
  }
  group.go('informers', informers.run);
  await group.wait();
}

/** Metrics that exist are used again: a process that loses and regains its lease starts its controllers anew. */
function reusable(metrics: Metrics): Metrics {
  const existing = <M>(name: string, make: () => M): M =>
    (metrics.registry.getSingleMetric(name) as M | undefined) ?? make();
  return {
    registry: metrics.registry,
    counter: (name, help, labels) => existing(name, () => metrics.counter(name, help, labels)),
    gauge: (name, help, labels) => existing(name, () => metrics.gauge(name, help, labels)),
    histogram: (name, help, buckets, labels) => existing(name, () => metrics.histogram(name, help, buckets, labels)),
  };
}
