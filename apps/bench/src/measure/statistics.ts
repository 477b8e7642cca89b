/** The value below which `share` (0..1) of the numbers lie; NaN of none. */
export function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export const median = (numbers: readonly number[]): number => quantile(numbers, 0.5);

const smallest = 0.001;
const growth = Math.log(1.02);

/**
 * Numbers from 0.001 up, told apart to 2 %, in a size that does not depend on how many there are; `counts` goes from one
 * process to another. Smaller ones, negative ones too, count as 0.
 */
export class Histogram {
  readonly counts: number[];

  constructor(...parts: readonly (readonly number[])[]) {
    this.counts = [];
    for (const part of parts) part.forEach((count, i) => this.#count(i, count));
  }

  add(value: number): void {
    this.#count(value > smallest ? Math.ceil(Math.log(value / smallest) / growth) : 0, 1);
  }

  get size(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** As quantile() of all that was added, at most 2 % above it; NaN of none. */
  quantile(share: number): number {
    const rank = Math.min(this.size - 1, Math.floor(share * this.size));
    let below = 0;
    const bucket = this.counts.findIndex((count) => (below += count) > rank);
    if (bucket < 0) return NaN;
    return bucket === 0 ? 0 : smallest * Math.exp(bucket * growth);
  }

  #count(bucket: number, count: number): void {
    while (this.counts.length <= bucket) this.counts.push(0);
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
  }
}

/** A histogram for the first, the middle and the last of equal parts: whether something grows with time. */
export class Thirds {
  readonly parts: readonly Histogram[] = [new Histogram(), new Histogram(), new Histogram()];
  readonly #total: number;

  constructor(total: number) {
    this.#total = total;
  }

  /** `i` of 0..total-1 says which part. */
  add(i: number, value: number): void {
    this.parts[Math.min(2, Math.floor((3 * i) / this.#total))]?.add(value);
  }

  get counts(): number[][] {
    return this.parts.map(({ counts }) => counts);
  }
}
