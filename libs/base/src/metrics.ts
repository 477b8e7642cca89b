import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export { Counter, Gauge, Histogram, Registry };

type Labels<L extends string> = readonly L[];

/** Builds metrics on one registry; names, labels and buckets are upstream's. */
export interface Metrics {
  readonly registry: Registry;
  counter<L extends string>(name: string, help: string, labels?: Labels<L>): Counter<L>;
  gauge<L extends string>(name: string, help: string, labels?: Labels<L>): Gauge<L>;
  /** `buckets` are upper bounds in the unit the metric's name says (seconds, bytes). */
  histogram<L extends string>(name: string, help: string, buckets: readonly number[], labels?: Labels<L>): Histogram<L>;
}

export function newMetrics(registry: Registry = new Registry()): Metrics {
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: [...labels], registers: [registry] }),
    histogram: (name, help, buckets, labels = []) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers: [registry] }),
  };
}

/** Upper bounds `start`, `start*factor`, … (`count` of them), as client_golang's ExponentialBuckets. */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start * factor ** i);
}

export interface BuildInfo {
  readonly gitVersion: string;
  readonly gitCommit: string;
  readonly gitTreeState: string;
  readonly buildDate: string;
}

/** process_*, nodejs_*, go_goroutines (our active resources, so that upstream's dashboards have a line) and kubernetes_build_info. */
export function collectProcessMetrics(metrics: Metrics, build: BuildInfo, activeResources: () => number): void {
  collectDefaultMetrics({ register: metrics.registry });
  const goroutines: Gauge = new Gauge({
    name: 'go_goroutines',
    help: 'Number of active resources that keep the event loop alive.',
    registers: [metrics.registry],
    collect: () => {
      goroutines.set(activeResources());
    },
  });
  const labels = {
    major: '1',
    minor: '36',
    git_version: build.gitVersion,
    git_commit: build.gitCommit,
    git_tree_state: build.gitTreeState,
    build_date: build.buildDate,
    // Nothing here is compiled by Go; to Prometheus an empty label is one that is not there.
    go_version: '',
    compiler: '',
    platform: 'linux/amd64',
  };
  new Gauge({
    name: 'kubernetes_build_info',
    help: 'A metric with a constant 1 value labeled by what was built, from what and when.',
    labelNames: Object.keys(labels),
    registers: [metrics.registry],
  }).set(labels, 1);
}
