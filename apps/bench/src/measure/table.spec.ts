import { rowsOf } from './figure';
import { linesOf, rounded } from './table';

it.each([
  [12_975.4, '12,975'],
  [99.94, '99.9'],
  [1.234, '1.23'],
  [0, '0.00'],
  [NaN, '–'],
])('rounds %d to %s', (value, text) => expect(rounded(value)).toBe(text));

it('prints medians with their range, whether the aim was met, and what was beside', () => {
  const run = (rate: number, p50: number) => ({
    figures: [
      { what: 'creates', unit: '/s', value: rate, target: { atLeast: 8000 } },
      { what: 'p50', unit: 'ms', value: p50, target: { atMost: 1 } },
      { what: 'commits', unit: '/s', value: 1000, beside: true as const },
      { what: 'fsync', unit: 'ms', value: 0.5, beside: true as const },
    ],
  });
  const rows = rowsOf([run(9000, 2), run(7000, 0.5), run(8500, 3)]);
  const lines = linesOf({ name: 'create', description: 'creates of 1.5 KB', rows, limit: 'the disk' });
  expect(lines.map((line) => line.replace(/ +/g, ' '))).toEqual([
    'create: creates of 1.5 KB',
    ' creates 8,500 /s 7,000 … 9,000 ≥ 8,000 /s ok',
    ' p50 2.00 ms 0.50 … 3.00 ≤ 1.00 ms MISSED',
    ' beside: commits 1,000 /s, fsync 0.50 ms',
    ' limit: the disk',
  ]);
});
