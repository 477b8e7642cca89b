import { OrderedSet } from './ordered-set';

/** Repeatable noise: a failure can be run again. */
function newRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return Math.floor((state / 0x7fffffff) * below) % below;
  };
}

const ids = (set: { from(id: string): Iterable<{ readonly id: string }> }, from = ''): string[] =>
  Array.from(set.from(from), ({ id }) => id);

describe('an ordered set', () => {
  it.each([1, 2, 3])('behaves like a sorted map, and its snapshots stay as they were (seed %d)', (seed) => {
    const random = newRandom(seed);
    const set = new OrderedSet<{ id: string; version: number }>();
    const model = new Map<string, number>();
    const snapshots: { taken: OrderedSet<{ id: string; version: number }>; model: [string, number][] }[] = [];
    const sorted = (): [string, number][] => [...model].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let step = 0; step < 6000; step++) {
      const id = `k${random(1500)}`;
      if (random(step < 3000 ? 4 : 2) === 0) {
        set.delete(id);
        model.delete(id);
      } else {
        set.set({ id, version: step });
        model.set(id, step);
      }
      if (random(400) === 0) snapshots.push({ taken: set.snapshot(), model: sorted() });
    }
    expect(Array.from(set.from(''), ({ id, version }) => [id, version])).toEqual(sorted());
    expect(set.size).toBe(model.size);
    for (const { taken, model: then } of snapshots) {
      expect(Array.from(taken.from(''), ({ id, version }) => [id, version])).toEqual(then);
      expect(taken.size).toBe(then.length);
    }
  });

  it('finds, counts and walks ranges', () => {
    const set = new OrderedSet<{ id: string }>();
    for (let i = 0; i < 1000; i++) set.set({ id: String(i).padStart(4, '0') });
    expect(set.get('0500')).toEqual({ id: '0500' });
    expect(set.get('0500x')).toBeUndefined();
    expect(ids(set, '0997x')).toEqual(['0998', '0999']);
    expect([set.count('0100', '0200'), set.count('0990', undefined), set.count('x', undefined)]).toEqual([100, 10, 0]);
    const visited: string[] = [];
    set.forEach('0254x', '0258', ({ id }) => visited.push(id));
    expect(visited).toEqual(['0255', '0256', '0257']);
  });

  it('is empty after everything was deleted, and can be filled again', () => {
    const set = new OrderedSet<{ id: string }>();
    for (let i = 0; i < 600; i++) set.set({ id: `${i}` });
    for (let i = 0; i < 600; i++) set.delete(`${i}`);
    expect([set.size, ids(set), set.count('', undefined), set.get('1')]).toEqual([0, [], 0, undefined]);
    set.set({ id: 'a' });
    expect(ids(set)).toEqual(['a']);
  });

  it('lets a snapshot go its own way', () => {
    const set = new OrderedSet<{ id: string }>();
    set.set({ id: 'a' });
    const copy = set.snapshot();
    copy.set({ id: 'b' });
    set.set({ id: 'c' });
    expect([ids(set), ids(copy)]).toEqual([
      ['a', 'c'],
      ['a', 'b'],
    ]);
  });
});
