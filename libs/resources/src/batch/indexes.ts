/** Completed and failed indexes of a Job, as text: `1,3-5`. */
export type Interval = readonly [first: number, last: number];

export interface Indexes {
  readonly intervals: readonly Interval[];
  /** What is wrong with the text, in upstream's words; the first reproach only. */
  readonly wrong?: string;
}

const quoted = (text: string): string => JSON.stringify(text);

/** Throws a reproach as text. */
function parseIndex(text: string, completions: number): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Error(`cannot convert string to integer for index: ${quoted(text)}`);
  const index = Number(text);
  if (index >= completions) throw new Error(`too large index: ${quoted(text)}`);
  return index;
}

const notIncreasing = (before: number, now: number): Error =>
  new Error(`non-increasing order, previous: ${before}, current: ${now}`);

function parseInterval(text: string, completions: number): Interval {
  const [from = '', to, ...more] = text.split('-');
  if (more.length > 0) {
    const rule = "violates the requirement that an index interval can have at most two parts separated by '-'";
    throw new Error(`the fragment ${quoted(text)} ${rule}`);
  }
  const first = parseIndex(from, completions);
  if (to === undefined) return [first, first];
  const last = parseIndex(to, completions);
  if (first >= last) throw notIncreasing(first, last);
  return [first, last];
}

/** Reads indexes of a Job of so many completions. */
export function parseIndexes(text: string, completions: number): Indexes {
  const intervals: Interval[] = [];
  try {
    for (const part of text === '' ? [] : text.split(',')) {
      const interval = parseInterval(part, completions);
      const before = intervals.at(-1)?.[1];
      if (before !== undefined && before >= interval[0]) throw notIncreasing(before, interval[0]);
      intervals.push(interval);
    }
    return { intervals };
  } catch (error) {
    return { intervals, wrong: (error as Error).message };
  }
}

export const countIndexes = ({ intervals, wrong }: Indexes): number =>
  wrong === undefined ? intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0) : 0;

/** The first index that both have. */
export function firstCommonIndex(a: Indexes, b: Indexes): number | undefined {
  const common = a.intervals.flatMap(([from, to]) =>
    b.intervals.flatMap(([first, last]) => (from <= last && first <= to ? [Math.max(from, first)] : [])),
  );
  return common.length > 0 ? Math.min(...common) : undefined;
}
