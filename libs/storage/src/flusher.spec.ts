import { Flusher, type Timing } from './flusher';
import type { Watcher } from './watcher';

/** Time that passes when the test says so, and while watchers are being woken. */
function newTiming() {
  let nowMs = 0;
  const due: { readonly atMs: number; work(): void }[] = [];
  const timing: Timing = {
    now: () => nowMs,
    later: (ms, work) => void due.push({ atMs: nowMs + ms, work }),
  };
  const spend = (ms: number): void => void (nowMs += ms);
  const pass = (ms: number): void => {
    const end = nowMs + ms;
    for (;;) {
      const next = due.sort((a, b) => a.atMs - b.atMs)[0];
      if (!next || next.atMs > end) break;
      due.shift();
      nowMs = Math.max(nowMs, next.atMs);
      next.work();
    }
    nowMs = Math.max(nowMs, end);
  };
  return { timing, spend, pass };
}

describe('waking watchers', () => {
  const setUp = (costMs: number) => {
    const { timing, spend, pass } = newTiming();
    const woken: number[] = [];
    const watcher = {
      wake() {
        woken.push(timing.now());
        spend(costMs);
      },
    } as unknown as Watcher;
    const flusher = new Flusher(timing, 0);
    const change = (): void => {
      flusher.touch(watcher);
      flusher.flush();
    };
    return { change, pass, woken };
  };

  it('happens at once in peace, and gathers for as long as the last time took', () => {
    const { change, pass, woken } = setUp(10);
    change();
    expect(woken).toEqual([0]);
    change();
    pass(0);
    change();
    pass(9);
    expect(woken).toEqual([0]);
    pass(1);
    expect(woken).toEqual([0, 20]);
    pass(100);
    change();
    expect(woken).toEqual([0, 20, 130]);
  });

  it('is never put off for a few', () => {
    const { timing } = newTiming();
    const flusher = new Flusher(timing, 2);
    const woken: string[] = [];
    const watchers = ['a', 'b', 'c'].map((name) => ({ wake: () => void woken.push(name) }) as unknown as Watcher);
    const change = (...touched: readonly number[]): void => {
      for (const i of touched) flusher.touch(watchers[i] as Watcher);
      flusher.flush();
    };
    change(0, 1, 2);
    change(0, 1);
    change(2);
    expect(woken.join('')).toBe('abcabc');
    change(0, 1, 2);
    expect(woken).toHaveLength(6);
  });

  it('is never put off for long, and nothing is left behind', () => {
    const { change, pass, woken } = setUp(400);
    change();
    change();
    pass(0);
    pass(50);
    expect(woken).toEqual([0, 450]);
    pass(1000);
    expect(woken).toHaveLength(2);
  });
});
