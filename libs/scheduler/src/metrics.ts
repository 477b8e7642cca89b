import { exponentialBuckets, type Counter, type Gauge, type Histogram, type Metrics } from '@kubephant/base';
import type { QueueName } from './framework/queue';

export type AttemptResult = 'scheduled' | 'unschedulable' | 'error';

/** kube-scheduler's metrics; names, labels and buckets are upstream's. Times are seconds. */
export interface SchedulerMetrics {
  readonly attempts: Counter<'result' | 'profile'>;
  readonly attemptDuration: Histogram<'result' | 'profile'>;
  readonly algorithmDuration: Histogram<never>;
  readonly podSli: Histogram<'attempts'>;
  readonly podAttempts: Histogram<never>;
  readonly extensionPoint: Histogram<'extension_point' | 'status' | 'profile'>;
  readonly incoming: Counter<'queue' | 'event'>;
  readonly pending: Gauge<'queue'>;
  readonly cacheSize: Gauge<'type'>;
}

export function newSchedulerMetrics(metrics: Metrics): SchedulerMetrics {
  const seconds = exponentialBuckets(0.001, 2, 15);
  return {
    attempts: metrics.counter(
      'scheduler_schedule_attempts_total',
      'Number of attempts to schedule pods, by the result.',
      ['result', 'profile'],
    ),
    attemptDuration: metrics.histogram(
      'scheduler_scheduling_attempt_duration_seconds',
      'Scheduling attempt latency in seconds (scheduling algorithm + binding).',
      seconds,
      ['result', 'profile'],
    ),
    algorithmDuration: metrics.histogram(
      'scheduler_scheduling_algorithm_duration_seconds',
      'Scheduling algorithm latency in seconds.',
      seconds,
    ),
    podSli: metrics.histogram(
      'scheduler_pod_scheduling_sli_duration_seconds',
      'E2e latency for a pod being scheduled, from the time the pod enters the scheduling queue.',
      exponentialBuckets(0.01, 2, 20),
      ['attempts'],
    ),
    podAttempts: metrics.histogram(
      'scheduler_pod_scheduling_attempts',
      'Number of attempts to successfully schedule a pod.',
      exponentialBuckets(1, 2, 5),
    ),
    extensionPoint: metrics.histogram(
      'scheduler_framework_extension_point_duration_seconds',
      'Latency for running all plugins of a specific extension point.',
      exponentialBuckets(0.0001, 2, 12),
      ['extension_point', 'status', 'profile'],
    ),
    incoming: metrics.counter(
      'scheduler_queue_incoming_pods_total',
      'Number of pods added to scheduling queues by event and queue type.',
      ['queue', 'event'],
    ),
    pending: metrics.gauge('scheduler_pending_pods', 'Number of pending pods, by the queue type.', ['queue']),
    cacheSize: metrics.gauge(
      'scheduler_cache_size',
      'Number of nodes, pods, and assumed (bound) pods in the scheduler cache.',
      ['type'],
    ),
  };
}

export function reportSizes(
  { pending, cacheSize }: SchedulerMetrics,
  lengths: Readonly<Record<QueueName, number>>,
  size: { readonly nodes: number; readonly pods: number; readonly assumedPods: number },
): void {
  for (const [queue, length] of Object.entries(lengths)) pending.set({ queue }, length);
  cacheSize.set({ type: 'nodes' }, size.nodes);
  cacheSize.set({ type: 'pods' }, size.pods);
  cacheSize.set({ type: 'assumed_pods' }, size.assumedPods);
}
