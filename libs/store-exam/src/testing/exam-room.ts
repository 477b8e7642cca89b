import type { Clock } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { openCachedStore } from '@kubephant/storage';
import { newEnvironment } from '@kubephant/storage/testing';
import type { History } from '../history';
import { Recorder } from '../recorder';
import type { Subject } from '../subject';
import type { TrafficOptions } from '../traffic/options';
import { runTraffic } from '../traffic/run-traffic';
import type { Truth } from '../truth';
import { Chronicle } from './chronicle';
import { distant } from './distant';
import { FailingLog } from './failing-log';
import { StoreSubject } from './store-subject';

export interface Sitting {
  readonly history: History;
  readonly truth: Truth;
}

export interface SittingOptions extends Partial<TrafficOptions> {
  /** How long the traffic runs, on a clock of its own. */
  readonly forMs?: number;
  /** Puts something between the traffic and a server. */
  readonly wrap?: (server: Subject, clock: Clock) => Subject;
  /** Half-way the database fails over and loses so many changes. */
  readonly lost?: number;
}

const start = 1000;
/** What is kept of the history, and how often the rest is forgotten. */
const kept = 60;
const compactMs = 150;

/** Traffic against two stores on one log in memory, with compaction, and the truth as the log has it. */
export async function sit({ forMs = 2000, wrap, lost = 0, ...options }: SittingOptions = {}): Promise<Sitting> {
  const log = new FailingLog(start);
  const chronicle = new Chronicle(log, start);
  const clock = newFakeClock();
  const environment = newEnvironment((config) => openCachedStore(log, config));
  const stores = [await environment.open({ clock, bookmarkMs: 50 }), await environment.open({ clock, bookmarkMs: 50 })];
  const stop = new AbortController();
  const recorder = new Recorder(ticking(() => clock.now()));
  const subjects = stores.map((store, i) => {
    const server = new StoreSubject(`server-${i}`, store);
    return distant(wrap?.(server, clock) ?? server, clock, options.seed ?? 1);
  });
  const traffic = { seed: 1, clock, recorder, watchMs: 500, callTimeoutMs: 1000, settleMs: 3000, ...options };
  const step = async (count: number): Promise<void> => {
    await clock.advance(1);
    if (clock.now() >= forMs) stop.abort();
    await chronicle.write();
    if (lost > 0 && count === forMs >> 1) await chronicle.failOver(lost, recorder.now());
    if (count % compactMs === 0) await log.compact(Math.max(start, (await log.currentRevision()) - kept));
  };
  const history = await drive(runTraffic(subjects, traffic, stop.signal), step);
  await chronicle.write();
  await environment.close();
  return { history, truth: chronicle.truth };
}

/** Does steps until the work is done. */
async function drive<T>(work: Promise<T>, step: (count: number) => Promise<void>): Promise<T> {
  const done = new AbortController();
  const watched = work.finally(() => done.abort());
  watched.catch(() => undefined);
  for (let count = 1; !done.signal.aborted; count++) await step(count);
  return await watched;
}

/** Never the same time twice, so that what came after something else is later. */
function ticking(now: () => number): () => number {
  let last = 0;
  return () => (last = Math.max(now(), last + 1e-6));
}
