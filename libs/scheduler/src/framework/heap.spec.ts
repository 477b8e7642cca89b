import { newKeyedHeap } from './heap';

/** Numbers that look random and are the same every time. */
function newNumbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648);
}

describe('a keyed heap', () => {
  it('gives the first of what is in it, whatever was added, replaced and deleted before', () => {
    const next = newNumbers(7);
    const heap = newKeyedHeap<number>((a, b) => a < b);
    const model = new Map<string, number>();
    for (let i = 0; i < 5000; i++) {
      const key = String(next() % 300);
      const what = next() % 10;
      if (what < 6) {
        const value = next() * 300 + Number(key);
        heap.set(key, value);
        model.set(key, value);
      } else if (what < 8) {
        heap.delete(key);
        model.delete(key);
      } else {
        const [first] = [...model].sort(([, a], [, b]) => a - b);
        expect(heap.pop()).toBe(first?.[1]);
        if (first) model.delete(first[0]);
      }
      expect(heap.size).toBe(model.size);
    }
  });

  it('is empty at its end', () => {
    const heap = newKeyedHeap<number>((a, b) => a < b);
    heap.set('a', 1);
    heap.set('a', 2);
    expect([heap.pop(), heap.pop(), heap.size]).toEqual([2, undefined, 0]);
  });
});
