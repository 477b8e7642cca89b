import type { Counter, Histogram, Metrics } from '@kubephant/base';

/** From half a second to an hour. */
const startSeconds = [
  0.5, 1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 45, 60, 120, 180, 240, 300, 360, 480, 600, 900, 1200, 1800, 2700, 3600,
];

/** How pods and containers get going. */
export function startMetrics(metrics: Metrics): {
  readonly podStartSeconds: Histogram;
  readonly podStartSliSeconds: Histogram;
  readonly podStartTotalSeconds: Histogram;
  readonly startedPods: Counter;
  readonly startedPodErrors: Counter;
  readonly startedContainers: Counter<'container_type'>;
  readonly startedContainerErrors: Counter<'container_type' | 'code'>;
} {
  return {
    podStartSeconds: metrics.histogram(
      'kubelet_pod_start_duration_seconds',
      'Duration in seconds from kubelet seeing a pod for the first time to the pod starting to run',
      startSeconds,
    ),
    podStartSliSeconds: metrics.histogram(
      'kubelet_pod_start_sli_duration_seconds',
      'Duration in seconds to start a pod since its creation, without the time its images were pulled in.',
      startSeconds,
    ),
    podStartTotalSeconds: metrics.histogram(
      'kubelet_pod_start_total_duration_seconds',
      'Duration in seconds to start a pod since its creation, with the time its images were pulled in.',
      startSeconds,
    ),
    startedPods: metrics.counter('kubelet_started_pods_total', 'Cumulative number of pods started'),
    startedPodErrors: metrics.counter(
      'kubelet_started_pods_errors_total',
      'Cumulative number of errors when starting pods',
    ),
    startedContainers: metrics.counter('kubelet_started_containers_total', 'Cumulative number of containers started', [
      'container_type',
    ]),
    startedContainerErrors: metrics.counter(
      'kubelet_started_containers_errors_total',
      'Cumulative number of errors when starting containers',
      ['container_type', 'code'],
    ),
  };
}
