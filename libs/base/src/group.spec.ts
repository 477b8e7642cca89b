import { newGroup } from './group';
import { untilAborted } from './abort';
import { newFakeClock } from './testing';

describe('group', () => {
  it('aborts the other loops when one fails, and rethrows with its name', async () => {
    const group = newGroup();
    let stopped = false;
    group.go('steady', async (signal) => {
      await untilAborted(signal);
      stopped = true;
    });
    group.go('broken', () => Promise.reject(new Error('no disk')));
    await expect(group.wait()).rejects.toThrow('broken failed: no disk');
    expect(stopped).toBe(true);
  });

  it('joins every loop when its parent stops, and does not call that a failure', async () => {
    const parent = new AbortController();
    const group = newGroup(parent.signal);
    group.go('loop', async (signal) => {
      await untilAborted(signal);
      throw new Error('interrupted');
    });
    parent.abort();
    await expect(group.wait()).resolves.toBeUndefined();
  });

  it('waits for loops that were added while it waits', async () => {
    const group = newGroup();
    const done: string[] = [];
    group.go('outer', async () => {
      group.go('inner', async () => {
        await Promise.resolve();
        done.push('inner');
      });
      done.push('outer');
    });
    await group.wait();
    expect(done).toEqual(['outer', 'inner']);
  });
});

describe('fake clock', () => {
  it('wakes sleepers in the order of their deadlines', async () => {
    const clock = newFakeClock();
    const woken: number[] = [];
    const { signal } = new AbortController();
    const sleeps = [30, 10, 20].map((ms) => clock.sleep(ms, signal).then(() => woken.push(ms)));
    await clock.advance(25);
    expect(woken).toEqual([10, 20]);
    await clock.advance(5);
    await Promise.all(sleeps);
    expect(woken).toEqual([10, 20, 30]);
  });
});
