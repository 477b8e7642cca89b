import type { Change } from './change';
import type { Revision } from './store';

export interface HistoryLimits {
  readonly changes: number;
  /** Of states that only the history keeps alive. */
  readonly bytes: number;
}

/** The newest changes of one resource, complete after `oldest`. */
export class History {
  #changes: Change[] = [];
  #start = 0;
  #dropped = 0;
  #bytes = 0;
  #oldest: Revision;
  readonly #limits: HistoryLimits;

  constructor(oldest: Revision, limits: HistoryLimits) {
    this.#oldest = oldest;
    this.#limits = limits;
  }

  /** Every change with a greater revision is there. */
  get oldest(): Revision {
    return this.#oldest;
  }

  push(change: Change): void {
    this.#changes.push(change);
    this.#bytes += change.size;
    while (this.#changes.length - this.#start > this.#limits.changes || this.#bytes > this.#limits.bytes) this.#drop();
  }

  /** Changes strictly after a revision, oldest first; undefined when some of them are forgotten. */
  after(revision: Revision): readonly Change[] | undefined {
    return revision < this.#oldest ? undefined : this.#changes.slice(this.#firstAfter(revision));
  }

  /** The change with exactly this revision. */
  at(revision: Revision): Change | undefined {
    const change = this.#changes[this.#firstAfter(revision - 1)];
    return change?.revision === revision ? change : undefined;
  }

  /** Declares how far back the changes pushed so far are complete, as far as none was dropped. */
  startAt(oldest: Revision): void {
    if (this.#dropped === 0) this.#oldest = oldest;
  }

  /** Puts another form of each change in its place. */
  map(change: (old: Change) => Change): void {
    this.#changes = this.#changes.slice(this.#start).map(change);
    this.#start = 0;
  }

  /** Forgets changes at and before a revision. */
  forget(before: Revision): void {
    while ((this.#changes[this.#start]?.revision ?? Infinity) <= before) this.#drop();
    this.#oldest = Math.max(this.#oldest, before);
  }

  #drop(): void {
    const change = this.#changes[this.#start] as Change;
    this.#start++;
    this.#dropped++;
    this.#bytes -= change.size;
    this.#oldest = change.revision;
    // Shifting one by one would move the whole array each time.
    if (this.#start * 2 < this.#changes.length) return;
    this.#changes = this.#changes.slice(this.#start);
    this.#start = 0;
  }

  #firstAfter(revision: Revision): number {
    let low = this.#start;
    let high = this.#changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle] as Change).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
