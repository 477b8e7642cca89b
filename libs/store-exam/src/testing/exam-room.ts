import type { Clock } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { MemoryLog, openCachedStore, type LogRecord } from '@kubephant/storage';
import { newEnvironment } from '@kubephant/storage/testing';
import type { History } from '../history';
import { Recorder } from '../recorder';
import type { Subject } from '../subject';
import { runTraffic } from '../traffic/run-traffic';
import type { TrafficOptions } from '../traffic/options';
import type { TruthChange, Truth } from '../truth';
import { distant } from './distant';
import { stateOf, StoreSubject } from './store-subject';

export interface Sitting {
  readonly history: History;
  readonly truth: Truth;
}

export interface SittingOptions extends Partial<TrafficOptions> {
  /** How long the traffic runs, on a clock of its own. */
  readonly forMs?: number;
  /** Puts something between the traffic and a server. */
  readonly wrap?: (server: Subject, clock: Clock) => Subject;
}

const start = 1000;

/** Traffic against two stores on one log in memory, with compaction, and the truth as the log has it. */
export async function sit({
  forMs = 3000,
  wrap = (server) => server,
  ...options
}: SittingOptions = {}): Promise<Sitting> {
  const log = new MemoryLog(start);
  const clock = newFakeClock();
  const environment = newEnvironment((config) => openCachedStore(log, config));
  const stores = [await environment.open({ clock, bookmarkMs: 50 }), await environment.open({ clock, bookmarkMs: 50 })];
  const changes: TruthChange[] = [];
  const record = async (): Promise<void> => {
    const { records } = await log.read(changes.at(-1)?.revision ?? start, 10_000);
    changes.push(...records.map(changeOf));
  };
  const stop = new AbortController();
  const recorder = new Recorder(ticking(() => clock.now()));
  const subjects = stores.map((store, i) =>
    distant(wrap(new StoreSubject(`server-${i}`, store), clock), clock, options.seed ?? 1),
  );
  const traffic = { seed: 1, clock, recorder, watchMs: 500, callTimeoutMs: 1000, settleMs: 3000, ...options };
  const running = drive(runTraffic(subjects, traffic, stop.signal), async (step) => {
    await clock.advance(1);
    if (clock.now() >= forMs) stop.abort();
    await record();
    if (step % 150 === 149) await stores[0]?.compact(Math.max(start, stores[0].revision - 60));
  });
  const history = await running;
  await record();
  await environment.close();
  return { history, truth: [{ start, state: [], changes }] };
}

/** Does steps until the work is done. */
async function drive<T>(work: Promise<T>, step: (count: number) => Promise<void>): Promise<T> {
  const done = new AbortController();
  const watched = work.finally(() => done.abort());
  watched.catch(() => undefined);
  for (let count = 0; !done.signal.aborted; count++) await step(count);
  return await watched;
}

/** Never the same time twice, so that what came after something else is later. */
function ticking(now: () => number): () => number {
  let last = 0;
  return () => (last = Math.max(now(), last + 1e-6));
}

function changeOf({ revision, key, deleted, value }: LogRecord): TruthChange {
  if (deleted || value === undefined) return { revision, key: key.name, deleted: true };
  return { revision, key: key.name, deleted: false, ...stateOf(JSON.parse(value.toString()) as never) };
}
