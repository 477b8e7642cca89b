import type { Counter, Histogram, Metrics } from '@kubephant/base';
import { usualSeconds } from './buckets';

/** What /metrics/probes has. */
export function probeMetrics(metrics: Metrics): {
  readonly probes: Counter<'probe_type' | 'result' | 'container' | 'pod' | 'namespace' | 'pod_uid'>;
  readonly probeSeconds: Histogram<'probe_type' | 'container' | 'pod' | 'namespace'>;
} {
  return {
    probes: metrics.counter(
      'prober_probe_total',
      'Cumulative number of a liveness, readiness or startup probe for a container by result.',
      ['probe_type', 'result', 'container', 'pod', 'namespace', 'pod_uid'],
    ),
    probeSeconds: metrics.histogram(
      'prober_probe_duration_seconds',
      'Duration in seconds for a probe response.',
      usualSeconds,
      ['probe_type', 'container', 'pod', 'namespace'],
    ),
  };
}
