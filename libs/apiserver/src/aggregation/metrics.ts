import type { Metrics } from '@kubephant/base';
import type { Availability } from './availability';

/** What is told of API services to those who watch over the cluster. */
export interface AggregationMetrics {
  observe(name: string, availability: Availability): void;
  /** The API service is gone. */
  forget(name: string): void;
  /** What is discovered was put together anew. */
  aggregated(): void;
}

export function newAggregationMetrics(metrics: Metrics): AggregationMetrics {
  const unavailable = metrics.gauge(
    'aggregator_unavailable_apiservice',
    'Gauge of APIServices which are marked as unavailable broken down by APIService name.',
    ['name'],
  );
  const times = metrics.counter(
    'aggregator_unavailable_apiservice_total',
    'Counter of APIServices which are marked as unavailable broken down by APIService name and reason.',
    ['name', 'reason'],
  );
  const aggregations = metrics.counter(
    'aggregator_discovery_aggregation_count_total',
    'Counter of number of times discovery was aggregated',
  );
  const reasons = new Map<string, string>();
  return {
    observe(name, { status, reason }) {
      const now = status === 'True' ? undefined : reason;
      unavailable.set({ name }, now === undefined ? 0 : 1);
      if (now !== undefined && reasons.get(name) !== now) times.inc({ name, reason: now });
      if (now === undefined) reasons.delete(name);
      else reasons.set(name, now);
    },
    aggregated: () => aggregations.inc(),
    forget(name) {
      unavailable.remove({ name });
      reasons.delete(name);
    },
  };
}
