import { Histogram, Thirds, median, quantile } from './statistics';

describe('quantile', () => {
  it.each([
    [[3, 1, 2], 0.5, 2],
    [[1], 0.99, 1],
    [Array.from({ length: 100 }, (_, i) => i), 0.99, 99],
    [[4, 1], 0, 1],
    [[], 0.5, NaN],
  ])('of %j at %d is %d', (numbers, share, expected) => expect(quantile(numbers, share)).toBe(expected));

  it('leaves what it was given in its order', () => {
    const numbers = [3, 1, 2];
    median(numbers);
    expect(numbers).toEqual([3, 1, 2]);
  });
});

describe('Histogram', () => {
  const numbers = Array.from({ length: 10_000 }, (_, i) => 0.01 * (i + 1));

  it.each([0.01, 0.5, 0.99, 1])('knows the quantile %d within 2 %% above', (share) => {
    const histogram = new Histogram();
    numbers.forEach((value) => histogram.add(value));
    const exact = quantile(numbers, share);
    expect(histogram.quantile(share)).toBeGreaterThanOrEqual(exact);
    expect(histogram.quantile(share)).toBeLessThanOrEqual(exact * 1.0201);
  });

  it('is the sum of its parts', () => {
    const [all, odd, even] = [new Histogram(), new Histogram(), new Histogram()];
    numbers.forEach((value, i) => [all, i % 2 ? odd : even].forEach((some) => some.add(value)));
    expect(new Histogram(odd.counts, even.counts).counts).toEqual(all.counts);
    expect(all.size).toBe(numbers.length);
  });

  it('counts what is not above zero as zero, and knows nothing of nothing', () => {
    const histogram = new Histogram();
    expect(histogram.quantile(0.5)).toBeNaN();
    histogram.add(-1);
    histogram.add(0);
    expect([histogram.size, histogram.quantile(0.99)]).toEqual([2, 0]);
  });
});

it('Thirds tell the beginning from the end', () => {
  const thirds = new Thirds(10);
  for (let i = 0; i < 10; i++) thirds.add(i, i);
  expect(thirds.parts.map((part) => part.size)).toEqual([4, 3, 3]);
  expect(thirds.parts[2]?.quantile(1)).toBeCloseTo(9, 0);
});
