import { podTransitions, type PodEvent, type PodState } from '../podworkers/pod-state';
import { goDuration, newRetryBackoff } from './backoff';

describe('retry back-off', () => {
  it('doubles from 10 seconds to 5 minutes, and forgets after 10 quiet minutes', () => {
    const backoff = newRetryBackoff();
    let failedMs = 0;
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      waits.push(backoff.remainingMs('k', failedMs, failedMs) / 1000);
      backoff.next('k', failedMs);
      failedMs += 60_000;
    }
    expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
    expect(backoff.remainingMs('k', failedMs, failedMs + 100_000)).toBe(200_000);
    expect(backoff.remainingMs('k', failedMs + 600_001, failedMs + 600_001)).toBe(0);
    backoff.forget('k');
    expect(backoff.remainingMs('k', failedMs, failedMs)).toBe(0);
  });

  it.each([
    [10_000, '10s'],
    [80_000, '1m20s'],
    [300_000, '5m0s'],
    [1234, '1.234s'],
    [3_600_000, '1h0m0s'],
  ])('%i ms is written %s', (ms, text) => {
    expect(goDuration(ms)).toBe(text);
  });
});

describe('pod states', () => {
  it('lead to the end and never back', () => {
    const order: PodState[] = ['syncing', 'terminating', 'terminated', 'finished'];
    for (const [state, events] of Object.entries(podTransitions)) {
      for (const next of Object.values(events)) {
        expect(order.indexOf(next) - order.indexOf(state as PodState)).toBeGreaterThanOrEqual(0);
      }
    }
    const path: PodEvent[] = ['deleted', 'stopped', 'cleaned'];
    expect(path.reduce<PodState>((state, event) => podTransitions[state][event], 'syncing')).toBe('finished');
  });
});
