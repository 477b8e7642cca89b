/** From at least to at most, for sizes and for costs; `Infinity` is what upstream's arithmetic is capped at. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

export const exactly = (value: number): Range => ({ min: value, max: value });
export const nothing: Range = exactly(0);
export const unknownSize: Range = { min: 0, max: Infinity };

export const add = (...ranges: readonly Range[]): Range => ({
  min: ranges.reduce((sum, { min }) => sum + min, 0),
  max: ranges.reduce((sum, { max }) => sum + max, 0),
});

/** Zero times anything is zero, also times infinity. */
const product = (left: number, right: number): number => (left === 0 || right === 0 ? 0 : left * right);

export const multiply = (left: Range, right: Range): Range => ({
  min: product(left.min, right.min),
  max: product(left.max, right.max),
});

/** Rounded up, as costs are. */
export const scale = (range: Range, factor: number): Range => ({
  min: Math.ceil(range.min * factor),
  max: Math.ceil(range.max * factor),
});

export const union = (left: Range, right: Range): Range => ({
  min: Math.min(left.min, right.min),
  max: Math.max(left.max, right.max),
});
