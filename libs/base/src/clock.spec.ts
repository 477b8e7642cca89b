import { systemClock } from './clock';

describe('the clock of the system', () => {
  it('does not take a wait for longer than a timer can count as none', async () => {
    const stop = new AbortController();
    const longest = systemClock.sleep(2 ** 40, stop.signal).then(() => 'slept');
    const moment = systemClock.sleep(5, stop.signal).then(() => 'a moment passed');
    expect(await Promise.race([longest, moment])).toBe('a moment passed');
    stop.abort();
    await longest;
  });
});
