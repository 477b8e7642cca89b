import { exponentialBuckets, type Counter, type Gauge, type Histogram, type Metrics } from '@kubephant/base';
import { usualSeconds } from './buckets';

const pullSeconds = [1, 5, 10, 20, 30, 60, 180, 300, 600, 900, 1200, 1800, 2700, 3600];

/** What the runtime has, and how it does what it is asked for. */
export function runtimeMetrics(metrics: Metrics): {
  readonly runningPods: Gauge;
  readonly runningContainers: Gauge<'container_state'>;
  readonly runtimeOperations: Counter<'operation_type'>;
  readonly runtimeOperationErrors: Counter<'operation_type'>;
  readonly runtimeOperationSeconds: Histogram<'operation_type'>;
  readonly runPodSandboxSeconds: Histogram<'runtime_handler'>;
  readonly runPodSandboxErrors: Counter<'runtime_handler'>;
  readonly imagePullSeconds: Histogram<'image_size_in_bytes'>;
} {
  const operation = ['operation_type'] as const;
  return {
    runningPods: metrics.gauge('kubelet_running_pods', 'Number of pods that have a running pod sandbox'),
    runningContainers: metrics.gauge('kubelet_running_containers', 'Number of containers currently running', [
      'container_state',
    ]),
    runtimeOperations: metrics.counter(
      'kubelet_runtime_operations_total',
      'Cumulative number of runtime operations by operation type.',
      operation,
    ),
    runtimeOperationErrors: metrics.counter(
      'kubelet_runtime_operations_errors_total',
      'Cumulative number of runtime operation errors by operation type.',
      operation,
    ),
    runtimeOperationSeconds: metrics.histogram(
      'kubelet_runtime_operations_duration_seconds',
      'Duration in seconds of runtime operations. Broken down by operation type.',
      exponentialBuckets(0.005, 2.5, 14),
      operation,
    ),
    runPodSandboxSeconds: metrics.histogram(
      'kubelet_run_podsandbox_duration_seconds',
      'Duration in seconds of the run_podsandbox operations. Broken down by RuntimeClass.Handler.',
      usualSeconds,
      ['runtime_handler'],
    ),
    runPodSandboxErrors: metrics.counter(
      'kubelet_run_podsandbox_errors_total',
      'Cumulative number of the run_podsandbox operation errors by RuntimeClass.Handler.',
      ['runtime_handler'],
    ),
    imagePullSeconds: metrics.histogram(
      'kubelet_image_pull_duration_seconds',
      'Duration in seconds to pull an image.',
      pullSeconds,
      ['image_size_in_bytes'],
    ),
  };
}
