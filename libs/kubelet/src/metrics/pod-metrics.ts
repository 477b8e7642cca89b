import { exponentialBuckets, type Gauge, type Histogram, type Metrics } from '@kubephant/base';
import { usualSeconds } from './buckets';

/** How many pods there are, and how long what is done for them takes. */
export function podMetrics(metrics: Metrics): {
  readonly desiredPods: Gauge<'static'>;
  readonly activePods: Gauge<'static'>;
  readonly workingPods: Gauge<'config' | 'lifecycle' | 'static'>;
  readonly containersPerPod: Histogram;
  readonly podWorkerSeconds: Histogram<'operation_type'>;
  readonly podWorkerStartSeconds: Histogram;
  readonly podStatusSyncSeconds: Histogram;
} {
  return {
    desiredPods: metrics.gauge('kubelet_desired_pods', 'The number of pods the kubelet is being instructed to run.', [
      'static',
    ]),
    activePods: metrics.gauge('kubelet_active_pods', 'The number of pods the kubelet considers active.', ['static']),
    workingPods: metrics.gauge(
      'kubelet_working_pods',
      'Number of pods the kubelet is actually running, broken down by lifecycle phase.',
      ['config', 'lifecycle', 'static'],
    ),
    containersPerPod: metrics.histogram(
      'kubelet_containers_per_pod_count',
      'The number of containers per pod.',
      exponentialBuckets(1, 2, 5),
    ),
    podWorkerSeconds: metrics.histogram(
      'kubelet_pod_worker_duration_seconds',
      'Duration in seconds to sync a single pod. Broken down by operation type: create, update, or sync',
      usualSeconds,
      ['operation_type'],
    ),
    podWorkerStartSeconds: metrics.histogram(
      'kubelet_pod_worker_start_duration_seconds',
      'Duration in seconds from kubelet seeing a pod to starting a worker.',
      usualSeconds,
    ),
    podStatusSyncSeconds: metrics.histogram(
      'kubelet_pod_status_sync_duration_seconds',
      'Duration in seconds to sync a pod status update.',
      [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 20, 30, 45, 60],
    ),
  };
}
