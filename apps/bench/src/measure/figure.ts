import { median, type Histogram } from './statistics';

export type Target = { readonly atMost: number } | { readonly atLeast: number };

/** One number of one run. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly target?: Target;
  /** Not the aim of the scenario, but what was seen beside it. */
  readonly beside?: true;
}

/** What one run of a scenario found; `limit` says in words who was busy. */
export interface Run {
  readonly figures: readonly Figure[];
  readonly limit?: string;
}

/** One number over all runs. */
export interface Row extends Omit<Figure, 'value'> {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
  /** Whether the median is within the target; absent without one. */
  readonly met?: boolean;
}

export function rowsOf(runs: readonly Run[]): Row[] {
  const [first] = runs;
  return (first?.figures ?? []).map(({ what, unit, target, beside }) => {
    const values = runs.flatMap(({ figures }) =>
      figures.filter((some) => some.what === what).map(({ value }) => value),
    );
    const row = { what, unit, median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
    return { ...row, ...(beside && { beside }), ...(target && { target, met: meets(row.median, target) }) };
  });
}

const meets = (value: number, target: Target): boolean =>
  'atMost' in target ? value <= target.atMost : value >= target.atLeast;

export const beside = (what: string, unit: string, value: number): Figure => ({ what, unit, value, beside: true });

export interface Aims {
  readonly rate?: Target;
  readonly p50?: Target;
  readonly p99?: Target;
}

export const figure = (what: string, unit: string, value: number, target?: Target): Figure => ({
  what,
  unit,
  value,
  ...(target && { target }),
});

export const percentiles = (what: string, histogram: Histogram, { p50, p99 }: Aims = {}): Figure[] => [
  figure(`${what}p50`, 'ms', histogram.quantile(0.5), p50),
  figure(`${what}p99`, 'ms', histogram.quantile(0.99), p99),
];
