import type { Case } from '../case';
import type { FaultRecord, Time } from '../history';
import { countUpTo } from '../sorted';
import type { Floor, Violation } from '../verdict';
import { violation } from './finding';

interface Window {
  readonly begin: Time;
  readonly end: Time;
}

/** In each window without a fault, and overall, enough writes were acknowledged and enough events told. */
export function checkThroughput({ history, calls, watches }: Case, floor: Floor): Violation[] {
  const run = history.find((record) => record.kind === 'run');
  if (!run) return [violation('throughput', 'the history does not say when its traffic ran')];
  const faults = history.filter((record) => record.kind === 'fault');
  const writes = ascending(
    calls.flatMap(({ call, outcome, returned }) =>
      outcome.is === 'ok' && call.op !== 'get' && call.op !== 'list' ? [returned] : [],
    ),
  );
  const events = ascending(watches.flatMap((watch) => watch.events.map(({ at }) => at)));
  const judge = (window: Window, share: number): Violation[] => [
    ...tooFew('writes', count(writes, window), { window, perSecond: floor.writesPerSecond * share }),
    ...tooFew('watch events', count(events, window), { window, perSecond: floor.eventsPerSecond * share }),
  ];
  const calm = windowsOf(run, floor.windowMs).filter((window) => isCalm(window, faults, floor.graceMs));
  return [...judge(run, floor.overallShare), ...calm.flatMap((window) => judge(window, 1))];
}

function windowsOf({ begin, end }: Window, windowMs: number): Window[] {
  const count = Math.floor((end - begin) / windowMs);
  return Array.from({ length: count }, (_, i) => ({ begin: begin + i * windowMs, end: begin + (i + 1) * windowMs }));
}

const isCalm = ({ begin, end }: Window, faults: readonly FaultRecord[], graceMs: number): boolean =>
  !faults.some((fault) => fault.begin < end && fault.end + graceMs > begin);

const count = (times: readonly Time[], { begin, end }: Window): number =>
  countUpTo(times, end, Number) - countUpTo(times, begin, Number);

const ascending = (times: readonly Time[]): Time[] => times.toSorted((a, b) => a - b);

function tooFew(
  what: string,
  found: number,
  { window, perSecond }: { readonly window: Window; readonly perSecond: number },
): Violation[] {
  const seconds = (window.end - window.begin) / 1000;
  if (found >= perSecond * seconds) return [];
  const when = `from ${Math.round(window.begin)} to ${Math.round(window.end)} ms`;
  return [violation('throughput', `${found} ${what} ${when}, which is less than ${perSecond} per second`)];
}
