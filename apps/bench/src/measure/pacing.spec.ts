import { newFakeClock } from '@kubephant/base/testing';
import { pace, sends } from './pacing';

describe('pace', () => {
  it('sends each when it is due, also while none is answered', async () => {
    const clock = newFakeClock();
    const answers = Array.from({ length: 20 }, () => Promise.withResolvers<undefined>());
    const sentMs: number[] = [];
    let done = false;
    const pacing = pace({ perSecond: 10, seconds: 2 }, clock, (i) => {
      sentMs.push(clock.now());
      return answers[i]?.promise ?? Promise.resolve();
    }).then(() => (done = true));
    await clock.advance(2000);
    expect(sentMs).toEqual(answers.map((_, i) => i * 100));
    expect(done).toBe(false);
    answers.forEach(({ resolve }) => resolve(undefined));
    await pacing;
    expect(done).toBe(true);
  });

  it('makes up for the time in which it could not send', async () => {
    const clock = newFakeClock();
    let count = 0;
    const late = { ...clock, sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms < 100 ? 100 : ms, signal) };
    const pacing = pace({ perSecond: 1000, seconds: 1 }, late, async () => (count += 1));
    await clock.advance(500);
    expect(count).toBe(501);
    await clock.advance(600);
    await pacing;
    expect(count).toBe(1000);
  });

  it('rejects with the first failure once all are answered', async () => {
    const clock = newFakeClock();
    let answered = 0;
    const pacing = pace({ perSecond: 100, seconds: 0.03 }, clock, async (i) => {
      answered += 1;
      if (i > 0) throw new Error(`number ${i}`);
    });
    const outcome = expect(pacing).rejects.toThrow('number 1');
    await clock.advance(100);
    await outcome;
    expect(answered).toBe(3);
  });

  it('sends at least one', () => expect(sends({ perSecond: 0.1, seconds: 1 })).toBe(1));
});
