import type { History, HistoryRecord } from './history';
import type { Truth } from './truth';

/** The promises, one by one. The README says what each means. */
export type Check =
  | 'linearizable'
  | 'real-time'
  | 'effect'
  | 'meaning'
  | 'list'
  | 'watch-order'
  | 'watch-unique'
  | 'watch-complete'
  | 'watch-event'
  | 'watch-bookmark'
  | 'watch-resume'
  | 'watch-initial'
  | 'replay'
  | 'failover'
  | 'throughput';

export interface Violation {
  readonly check: Check;
  /** A sentence. */
  readonly what: string;
  /** What shows it; of a watch only the events around. */
  readonly records: readonly HistoryRecord[];
}

export interface Figures {
  readonly calls: number;
  readonly writes: number;
  /** Writes whose outcome the client never learned. */
  readonly unknown: number;
  readonly watches: number;
  readonly events: number;
  readonly seconds: number;
}

export interface Verdict {
  readonly passed: boolean;
  /** Worst first; at most some dozens, `more` says how many were left out. */
  readonly violations: readonly Violation[];
  readonly more: number;
  readonly figures: Figures;
}

/** What a server must do outside faults, or it counts as stalled. Per second. */
export interface Floor {
  readonly windowMs: number;
  readonly writesPerSecond: number;
  readonly eventsPerSecond: number;
  /** After a fault, how long it may take to recover. */
  readonly graceMs: number;
  /** What share of the floor must be kept over the whole run, faults included. */
  readonly overallShare: number;
}

export interface JudgeOptions {
  /** Absent: throughput is not judged. */
  readonly floor?: Floor;
}

/** Without a truth, only what the history alone can contradict is found. */
export type Judge = (history: History, truth?: Truth, options?: JudgeOptions) => Verdict;
