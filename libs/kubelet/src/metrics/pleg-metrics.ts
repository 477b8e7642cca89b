import type { Counter, Gauge, Histogram, Metrics } from '@kubephant/base';
import { usualSeconds } from './buckets';

/** How the runtime is looked at. */
export function plegMetrics(metrics: Metrics): {
  readonly plegRelistSeconds: Histogram;
  readonly plegRelistIntervalSeconds: Histogram;
  readonly plegLastSeenSeconds: Gauge;
  readonly orphanedRuntimePods: Counter;
} {
  return {
    plegRelistSeconds: metrics.histogram(
      'kubelet_pleg_relist_duration_seconds',
      'Duration in seconds for relisting pods in PLEG.',
      usualSeconds,
    ),
    plegRelistIntervalSeconds: metrics.histogram(
      'kubelet_pleg_relist_interval_seconds',
      'Interval in seconds between relisting in PLEG.',
      usualSeconds,
    ),
    plegLastSeenSeconds: metrics.gauge(
      'kubelet_pleg_last_seen_seconds',
      'Timestamp in seconds when PLEG was last seen active.',
    ),
    orphanedRuntimePods: metrics.counter(
      'kubelet_orphaned_runtime_pods_total',
      'Number of pods that have been detected in the container runtime without being already known to the pod worker.',
    ),
  };
}
