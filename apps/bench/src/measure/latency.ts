import { figure, percentiles, type Figure } from './figure';
import { Histogram } from './statistics';

/** What lies between two lists of moments, where both are known. */
export function between(fromMs: readonly number[], toMs: readonly number[]): Histogram {
  const histogram = new Histogram();
  toMs.forEach((to, i) => {
    const from = fromMs[i];
    if (from !== undefined && Number.isFinite(to)) histogram.add(to - from);
  });
  return histogram;
}

/** What "lag does not grow" means: the last third is as the first, with room for chance. */
const growth = { atMost: 2 };

export interface Crowded {
  /** Of three Histograms of milliseconds from the sending of a write until one watcher had it. */
  readonly counts: readonly (readonly number[])[];
  readonly delivered: number;
  readonly expected: number;
}

/** Whether a crowd of watchers got everything, and none later at the end than at the beginning. */
export function crowdFigures({ counts, delivered, expected }: Crowded): Figure[] {
  const [first, , last] = counts.map((part) => new Histogram(part));
  if (!first || !last) throw new Error('there are three thirds');
  return [
    ...percentiles('first third ', first),
    ...percentiles('last third ', last),
    figure('p50 of the last third / of the first', '', last.quantile(0.5) / first.quantile(0.5), growth),
    figure('delivered of what was expected', '%', (100 * delivered) / expected, { atLeast: 100 }),
  ];
}
