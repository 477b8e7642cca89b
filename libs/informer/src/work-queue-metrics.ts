import { Gauge, exponentialBuckets, type Clock, type Counter, type Histogram, type Metrics } from '@kubephant/base';

/** What a work queue reports of itself, under upstream's names and the queue's `name`. */
export interface WorkQueueMetrics {
  readonly adds: Counter<'name'>;
  readonly retries: Counter<'name'>;
  readonly queueDuration: Histogram<'name'>;
  readonly workDuration: Histogram<'name'>;
  /** `working` are the starts of the keys being worked on, in milliseconds; read whenever metrics are scraped. */
  track(name: string, queue: { readonly depth: () => number; readonly working: () => Iterable<number> }): void;
}

const buckets = exponentialBuckets(10e-9, 10, 12);

interface Tracked {
  readonly depth: () => number;
  readonly working: () => Iterable<number>;
}

/** Build them once per process and share them between its queues. */
export function newWorkQueueMetrics(metrics: Metrics, clock: Pick<Clock, 'now'>): WorkQueueMetrics {
  const tracked = new Map<string, Tracked>();
  const gauge = (name: string, help: string, value: (queue: Tracked) => number): void => {
    const created: Gauge<'name'> = new Gauge({
      name,
      help,
      labelNames: ['name'],
      registers: [metrics.registry],
      collect: () => {
        for (const [queue, state] of tracked) created.set({ name: queue }, value(state));
      },
    });
  };
  const ages = ({ working }: Tracked): number[] => [...working()].map((startMs) => (clock.now() - startMs) / 1000);
  gauge('workqueue_depth', 'Current depth of workqueue', ({ depth }) => depth());
  gauge(
    'workqueue_unfinished_work_seconds',
    'How many seconds of work has done that is in progress and has not been observed by work_duration.',
    (queue) => ages(queue).reduce((sum, age) => sum + age, 0),
  );
  gauge(
    'workqueue_longest_running_processor_seconds',
    'How many seconds has the longest running processor for workqueue been running.',
    (queue) => Math.max(0, ...ages(queue)),
  );
  const labels = ['name'] as const;
  return {
    adds: metrics.counter('workqueue_adds_total', 'Total number of adds handled by workqueue', labels),
    retries: metrics.counter('workqueue_retries_total', 'Total number of retries handled by workqueue', labels),
    queueDuration: metrics.histogram(
      'workqueue_queue_duration_seconds',
      'How long in seconds an item stays in workqueue before being requested.',
      buckets,
      labels,
    ),
    workDuration: metrics.histogram(
      'workqueue_work_duration_seconds',
      'How long in seconds processing an item from workqueue takes.',
      buckets,
      labels,
    ),
    track: (name, queue) => void tracked.set(name, queue),
  };
}
