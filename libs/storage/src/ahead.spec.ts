import { Ahead } from './ahead';
import type { Arrival } from './resource-cache';

const batch = (base: number, size: number): Arrival[] =>
  Array.from({ length: size }, (_, i) => ({
    revision: base + i + 1,
    key: { resource: 'pods', namespace: 'default', name: `p${base + i + 1}` },
    createdRevision: base + i + 1,
    deleted: false,
  }));

describe('batches that are ahead of what was read', () => {
  it('come in their turn, and need not be read', () => {
    const ahead = new Ahead();
    ahead.add(10, batch(10, 2));
    ahead.add(20, batch(20, 1));
    expect([ahead.first, ahead.take(9)]).toEqual([10, undefined]);
    expect(ahead.take(10)).toMatchObject([{ revision: 11 }, { revision: 12 }]);
    expect([ahead.first, ahead.take(12)]).toEqual([20, undefined]);
    expect(ahead.take(25)).toHaveLength(1);
    expect([ahead.first, ahead.take(Infinity)]).toEqual([undefined, undefined]);
  });

  it('are forgotten when they are too many, and for batches without a winner', () => {
    const ahead = new Ahead();
    ahead.add(5, []);
    expect(ahead.first).toBeUndefined();
    ahead.add(10, batch(10, 9_000));
    ahead.add(9_010, batch(9_010, 2_000));
    ahead.take(10);
    expect(ahead.first).toBeUndefined();
    ahead.add(20_000, batch(20_000, 9_000));
    expect(ahead.first).toBe(20_000);
  });

  it('forgets what is too large', () => {
    const ahead = new Ahead();
    const large = 'x'.repeat(1 << 20);
    for (let base = 0; base < 100; base++) ahead.add(base, [{ ...batch(base, 1)[0]!, value: large }]);
    let kept = 0;
    while (ahead.take(100)) kept++;
    expect(kept).toBe(32);
    ahead.add(100, [{ ...batch(100, 1)[0]!, value: large }]);
    expect(ahead.first).toBe(100);
  });
});
