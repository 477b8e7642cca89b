import { untilAborted } from '@kubephant/base';
import {
  MemoryLog,
  type BatchResult,
  type CommitLog,
  type LogPage,
  type LogSnapshot,
  type Mutation,
  type Revision,
} from '@kubephant/storage';

/** How far the sequence jumps when it turns out to be behind: further than any two stores can be apart. */
const jump = 1000;

/** A log whose database can fail over to a standby that is behind. */
export class FailingLog implements CommitLog {
  readonly #start: Revision;
  #log: MemoryLog;
  /** What a standby would have been sent, in order. */
  readonly #sent: Mutation[] = [];
  readonly #wakes = new Set<() => void>();

  constructor(start: Revision) {
    this.#start = start;
    this.#log = new MemoryLog(start);
  }

  /** Loses the last changes; the revision that is left. */
  async failOver(lost: number): Promise<Revision> {
    this.#sent.splice(-lost);
    const standby = new MemoryLog(this.#start);
    for (const mutation of this.#sent) await standby.commit([mutation], 0);
    this.#log = standby;
    return standby.currentRevision();
  }

  async commit(batch: readonly Mutation[], known: Revision): Promise<BatchResult> {
    await this.skipPast(known);
    const result = await this.#log.commit(batch, known);
    this.#sent.push(...batch.filter((_, i) => result.won[i]));
    for (const wake of this.#wakes) wake();
    return result;
  }

  async skipPast(revision: Revision): Promise<void> {
    if ((await this.#log.currentRevision()) < revision) await this.#log.skipPast(revision + jump);
  }

  currentRevision(): Promise<Revision> {
    return this.#log.currentRevision();
  }

  read(...asked: Parameters<CommitLog['read']>): Promise<LogPage> {
    return this.#log.read(...asked);
  }

  snapshot<T>(use: (snapshot: LogSnapshot) => Promise<T>): Promise<T> {
    return this.#log.snapshot(use);
  }

  between(...asked: Parameters<CommitLog['between']>): ReturnType<CommitLog['between']> {
    return this.#log.between(...asked);
  }

  compact(before: Revision): Promise<void> {
    return this.#log.compact(before);
  }

  async run(signal: AbortSignal, wake: () => void): Promise<void> {
    this.#wakes.add(wake);
    await untilAborted(signal);
    this.#wakes.delete(wake);
  }
}
