import { newCase, type Case } from './case';
import { checkEffect } from './checks/effect';
import { checkFailover } from './checks/failover';
import { checkLinearizability } from './checks/linearizability';
import { checkLists } from './checks/lists';
import { checkMeaning } from './checks/meaning';
import { checkRealTime } from './checks/real-time';
import { checkReplay } from './checks/replay';
import { checkThroughput } from './checks/throughput';
import { checkWatchContent } from './checks/watch-content';
import { checkWatchInitial } from './checks/watch-initial';
import { checkWatchOrder } from './checks/watch-order';
import type { Figures, Judge, Violation } from './verdict';

/** What is worst is first. */
const checks: readonly ((exam: Case) => Violation[])[] = [
  checkMeaning,
  checkEffect,
  checkLinearizability,
  checkRealTime,
  checkLists,
  checkWatchOrder,
  checkWatchContent,
  checkWatchInitial,
  checkFailover,
  checkReplay,
];

const atMostPerCheck = 5;

/** Holds a history against the promises of the store, and against what the database really did. */
export const judge: Judge = (history, truth, { floor } = {}) => {
  const exam = newCase(history, truth);
  const all = [...checks.flatMap((check) => check(exam)), ...(floor ? checkThroughput(exam, floor) : [])];
  const violations = [...Map.groupBy(all, ({ check }) => check).values()].flatMap((same) =>
    same.slice(0, atMostPerCheck),
  );
  return { passed: all.length === 0, violations, more: all.length - violations.length, figures: figuresOf(exam) };
};

function figuresOf({ history, calls, watches }: Case): Figures {
  const writes = calls.filter(({ call }) => call.op !== 'get' && call.op !== 'list');
  const run = history.find((record) => record.kind === 'run');
  return {
    calls: calls.length,
    writes: writes.filter(({ outcome }) => outcome.is === 'ok').length,
    unknown: writes.filter(({ outcome }) => outcome.is === 'unknown').length,
    watches: watches.length,
    events: watches.reduce((sum, { events }) => sum + events.length, 0),
    seconds: run ? (run.end - run.begin) / 1000 : 0,
  };
}
