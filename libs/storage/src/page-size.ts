const fewest = 16;
const most = 1000;

/**
 * How many rows to ask for at once when nobody knows how large they are: few at first, twice as many after every full
 * page, and never so many that a page like the last one would be larger than `maxBytes`.
 */
export class PageSize {
  readonly #maxBytes: number;
  #rows = fewest;

  constructor(maxBytes = 8 << 20) {
    this.#maxBytes = maxBytes;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Nobody knows any more: the last page may have been too large to be had. */
  forget(): void {
    this.#rows = fewest;
  }

  /** What the last page had. */
  learn(rows: number, bytes: number): void {
    const wanted = Math.min(most, Math.max(fewest, 2 * rows));
    const fitting = bytes === 0 ? most : Math.floor((this.#maxBytes / bytes) * rows);
    this.#rows = Math.max(1, Math.min(wanted, fitting));
  }
}
