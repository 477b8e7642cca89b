import type { Clock, Logger, Metrics } from '@kubephant/base';
import type { Client } from '@kubephant/client';
import type { EventRecorder } from '@kubephant/controller';
import type { Informers, WorkQueueMetrics } from '@kubephant/informer';

/** What every controller works with. */
export interface ControllerContext {
  /** Under the identity of this controller alone: it may do what upstream's role of it allows. */
  readonly client: Client;
  /** Shared by all controllers, under the identity of the process. */
  readonly informers: Informers;
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly queueMetrics?: WorkQueueMetrics;
  /** How many keys are worked on at a time (`--concurrent-…-syncs`). */
  readonly workers: number;
}
