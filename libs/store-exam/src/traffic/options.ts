import type { Clock } from '@kubephant/base';
import type { History } from '../history';
import type { Recorder } from '../recorder';
import type { Subject } from '../subject';

/** Of the last second. */
export interface Throughput {
  readonly writesPerSecond: number;
  readonly eventsPerSecond: number;
  readonly unknownPerSecond: number;
}

export interface TrafficOptions {
  /** Decides everything that is decided by chance; what the servers answer is not. */
  readonly seed: number;
  /** Shared with whoever makes faults, so that they stand in the same history. */
  readonly recorder?: Recorder;
  /** Of pauses and timeouts only; the times of the history are the recorder's. */
  readonly clock?: Clock;
  readonly keys?: number;
  readonly writers?: number;
  readonly watchers?: number;
  readonly readers?: number;
  /** Mean pause of a writer between two calls: paces the history. */
  readonly pauseMs?: number;
  /** Longest life of a watch that does not break; its watcher then resumes it, on any server. */
  readonly watchMs?: number;
  /** A call that has not returned by then is recorded as unknown. */
  readonly callTimeoutMs?: number;
  /** How long watches may take to tell of the last write after the traffic has stopped. */
  readonly settleMs?: number;
  /** Once per second. */
  readonly onThroughput?: (throughput: Throughput) => void;
}

/**
 * Runs writers, readers and watchers against the subjects until the signal aborts, then writes once more, lets the
 * watches tell of it, and resolves with everything that was recorded. Faults must be over by the time of the abort.
 * Rejects only for a fault of its own.
 */
export type RunTraffic = (
  subjects: readonly Subject[],
  options: TrafficOptions,
  signal: AbortSignal,
) => Promise<History>;
