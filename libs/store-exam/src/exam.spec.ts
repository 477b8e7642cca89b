import { formatHistory, parseHistory } from './history';
import { judge } from './judge';
import { bugs, withBug } from './testing/bugs';
import { sit } from './testing/exam-room';
import { rough } from './testing/rough';
import type { Floor } from './verdict';

/** Per second of the clock of the exam room. */
const floor: Floor = { windowMs: 500, writesPerSecond: 100, eventsPerSecond: 500, graceMs: 0, overallShare: 1 };

describe('a store without a fault', () => {
  it.each([1, 2, 3, 4])('passes with seed %d', async (seed) => {
    const { history, truth } = await sit({ seed });
    expect(judge(history, truth, { floor })).toMatchObject({ passed: true, violations: [], more: 0 });
    expect(judge(history)).toMatchObject({ passed: true, violations: [] });
    const ends = history.flatMap((record) => (record.kind === 'watch' ? [record.end.reason ?? record.end.is] : []));
    expect(new Set(ends)).toEqual(new Set(['stopped', 'Expired']));
  });

  it.each([1, 2, 3, 4])('passes behind a bad network with seed %d', async (seed) => {
    const { history, truth } = await sit({ seed, wrap: (server, clock) => rough(server, clock, seed) });
    const verdict = judge(history, truth);
    expect(verdict.violations).toEqual([]);
    expect(verdict.figures.unknown).toBeGreaterThan(20);
    expect(judge(history).violations).toEqual([]);
  });

  it.each([1, 2, 3])('passes a failover that lost the last writes with seed %d', async (seed) => {
    const { history, truth } = await sit({ seed, lost: 12 });
    expect(judge(history, truth).violations).toEqual([]);
    const [before, after] = truth;
    expect(before!.changes.at(-1)!.revision).toBe(after!.survived! + 12);
    expect(after!.changes.length).toBeGreaterThan(100);
    const tailUnknown = [{ ...before!, changes: before!.changes.slice(0, -12), tailUnknown: true } as const, after!];
    expect(judge(history, tailUnknown).violations).toEqual([]);
  });

  it('leaves a history that can be read again', async () => {
    const { history } = await sit({ forMs: 200 });
    expect(parseHistory(formatHistory(history))).toEqual(history);
  });
});

describe('a store with a bug', () => {
  it.each(bugs)('is found out: $name → $caughtBy', async (bug) => {
    const { lost = 0 } = bug;
    const { history, truth } = await sit({ seed: 7, forMs: 1500, lost, wrap: (server) => withBug(bug, server, 7) });
    const { passed, violations } = judge(history, truth, { floor });
    expect(passed).toBe(false);
    expect(violations.map(({ check }) => check)).toContain(bug.caughtBy);
  });
});
