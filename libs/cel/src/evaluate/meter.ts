/** An evaluation that was stopped because it cost too much; it is no value, and nothing absorbs it. */
export class CostLimitExceeded extends Error {
  constructor() {
    super('operation cancelled: actual cost limit exceeded');
  }
}

/** Upstream's limits per evaluation and per validation of an object. */
export const perCallLimit = 1_000_000;
export const runtimeCostBudget = 10_000_000;

/** Steps that upstream's cost does not count (comparing what is nested, copying) are counted too, up to here. */
const workLimit = 1_000_000;
/** The longest text that an evaluation may make. */
const textLimit = 32_000_000;

/** Counts the cost of one evaluation, in upstream's units (about 50 ns), and stops it at its limit. */
export class Meter {
  cost = 0;
  #work = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  charge(cost: number): void {
    this.cost += cost;
    if (this.cost > this.#limit) throw new CostLimitExceeded();
  }

  /** Counts steps that have no cost upstream. */
  work(steps: number): void {
    this.#work += steps;
    if (this.#work > workLimit) throw new CostLimitExceeded();
  }

  /** Before a text of this length is made. */
  text(length: number): void {
    if (length > textLimit) throw new CostLimitExceeded();
    this.work(length >> 6);
  }
}
