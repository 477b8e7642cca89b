import { between, crowdFigures } from './latency';
import { Thirds } from './statistics';

it('between counts only what is known at both ends', () => {
  const toMs: number[] = [];
  toMs[0] = 12;
  toMs[3] = 40;
  expect(between([10, 20, 30], toMs).size).toBe(1);
  // What never came is null once it has been JSON.
  expect(between([10, 20], JSON.parse('[null, 25]') as number[]).quantile(0.5)).toBeCloseTo(5, 0);
});

it('crowdFigures tell a growing lag and missing events', () => {
  const thirds = new Thirds(9);
  for (let i = 0; i < 9; i++) thirds.add(i, 10 * (i + 1));
  const figures = crowdFigures({ counts: thirds.counts, delivered: 9, expected: 10 });
  const value = (what: string): number => figures.find((figure) => figure.what === what)?.value ?? NaN;
  expect(value('p50 of the last third / of the first')).toBeCloseTo(80 / 20, 0);
  expect(value('delivered of what was expected')).toBe(90);
});
