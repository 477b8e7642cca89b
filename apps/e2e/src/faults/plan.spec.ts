import { planOf, type PlanOptions, type Planned } from './plan';

const faults = new Map<string, readonly [number, number]>([
  ['a', [100, 200]],
  ['b', [0, 0]],
  ['c', [1000, 5000]],
]);

function first(count: number, options: Partial<PlanOptions<string>> = {}): readonly Planned[] {
  const plan = planOf({ seed: 7, servers: 2, faults, ...options });
  return Array.from({ length: count }, () => plan.next().value);
}

describe('the plan of a seed', () => {
  it('is the same every time', () => {
    expect(first(30)).toEqual(first(30));
  });

  it('is another one for another seed', () => {
    expect(first(30, { seed: 8 })).not.toEqual(first(30));
  });

  it('has every fault once before it has any of them twice', () => {
    const names = first(9).map(({ fault }) => fault);
    for (const round of [0, 3, 6]) expect(names.slice(round, round + 3).sort()).toEqual(['a', 'b', 'c']);
  });

  it('concerns every server, and none that is not there', () => {
    expect([...new Set(first(60, { servers: 3 }).map(({ server }) => server))].sort()).toEqual([0, 1, 2]);
  });

  it.each([
    [1, 5000],
    [0, 1000],
  ])('at a pace of %d a fault lasts as long as it may: %d ms at most', (pace, longestMs) => {
    for (const { fault, lastsMs } of first(90, { pace })) {
      const [low, high] = faults.get(fault) as readonly [number, number];
      expect(lastsMs).toBeGreaterThanOrEqual(low);
      expect(lastsMs).toBeLessThanOrEqual(Math.min(high, Math.max(longestMs, low)));
    }
  });
});
