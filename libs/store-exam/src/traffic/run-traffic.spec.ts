import { newFakeClock } from '@kubephant/base/testing';
import { sit } from '../testing/exam-room';
import type { Throughput } from './options';
import { runTraffic } from './run-traffic';

describe('traffic', () => {
  it('is of every kind, and tells how much it is', async () => {
    const told: Throughput[] = [];
    const { history } = await sit({ onThroughput: (throughput) => told.push(throughput) });
    const calls = history.flatMap((record) => (record.kind === 'call' ? [record.call] : []));
    const watches = history.flatMap((record) => (record.kind === 'watch' ? [record] : []));
    const updates = calls.filter(({ op }) => op === 'update');
    const optimistic = updates.filter((call) => 'expected' in call);
    expect(new Set(calls.map(({ op }) => op))).toEqual(new Set(['create', 'update', 'delete', 'get', 'list']));
    expect(optimistic.length / updates.length).toBeGreaterThan(0.85);
    expect(calls.some((call) => call.op === 'list' && call.first !== undefined)).toBe(true);
    expect(watches.some(({ request }) => request.selector !== undefined)).toBe(true);
    expect(watches.some(({ request }) => request.initialEvents)).toBe(true);
    expect(watches.some(({ follows, request }) => follows !== undefined && request.bookmarks)).toBe(true);
    expect(watches.some(({ end }) => end.reason === 'Expired')).toBe(true);
    expect(told.length).toBeGreaterThanOrEqual(1);
    expect(told[0]?.writesPerSecond).toBeGreaterThan(100);
    expect(told[0]?.eventsPerSecond).toBeGreaterThan(500);
  });

  it('ends for a fault of its own, and leaves nothing running', async () => {
    const clock = newFakeClock();
    const running = runTraffic([], { seed: 1, clock }, new AbortController().signal);
    await expect(running).rejects.toThrow(/failed/);
    expect(clock.sleepers).toBe(0);
  });
});
