import { newFakeClock } from '@kubephant/base/testing';
import { newExpectations } from './expectations';

describe('expectations', () => {
  it('wait for every creation', () => {
    const expectations = newExpectations(newFakeClock());
    expect(expectations.satisfied('k')).toBe(true);
    expectations.expectCreations('k', 2);
    expectations.creationObserved('k');
    expect(expectations.satisfied('k')).toBe(false);
    expectations.creationObserved('k');
    expect(expectations.satisfied('k')).toBe(true);
  });

  it('count the deletion of one object once', () => {
    const expectations = newExpectations(newFakeClock());
    expectations.expectDeletions('k', ['a', 'b']);
    for (const uid of ['a', 'a', 'other']) expectations.deletionObserved('k', uid);
    expect(expectations.satisfied('k')).toBe(false);
    expectations.deletionObserved('k', 'b');
    expect(expectations.satisfied('k')).toBe(true);
  });

  it('are given up after five minutes, and with their owner', async () => {
    const clock = newFakeClock();
    const expectations = newExpectations(clock);
    expectations.expectCreations('k', 1);
    expectations.expectCreations('gone', 1);
    expectations.forget('gone');
    expect(expectations.satisfied('gone')).toBe(true);
    await clock.advance(5 * 60 * 1000);
    expect(expectations.satisfied('k')).toBe(false);
    await clock.advance(1);
    expect(expectations.satisfied('k')).toBe(true);
  });
});
