import { setTimeout as sleep } from 'node:timers/promises';
import {
  Recorder,
  judge,
  runTraffic,
  type Floor,
  type History,
  type Subject,
  type Truth,
  type Verdict,
} from '@kubephant/store-exam';
import { runCompaction, type Compaction } from './compaction';
import { faults, type Fault, type FaultName } from './fault';
import { differences } from './final-list';
import { planOf, type Planned } from './plan';
import { randomOf } from './random';
import type { ApiServer } from './stage/api-server';
import type { Stage } from './stage/stage';
import { namespace } from './stage/truth-table';
import { HttpSubject } from './subject/http-subject';

export interface SeedConfig {
  readonly seed: number;
  /** On the clock of `performance.now()`: faults and traffic have ended by then, if the servers let them. */
  readonly deadline?: number;
  /** How many faults; default: as many as there is time for. One of the two has to be given. */
  readonly count?: number;
  readonly faults: readonly FaultName[];
  readonly floor: Floor;
  /** As of the plan. */
  readonly pace?: number;
  /** Told of every fault and of the throughput. */
  readonly say?: (text: string) => void;
}

export interface SeedReport {
  readonly seed: number;
  readonly injected: ReadonlyMap<FaultName, number>;
  readonly compaction: Compaction;
  /** What went wrong besides the verdict: no recovery, a final list that is not what the database has. */
  readonly problems: readonly string[];
  readonly verdict: Verdict;
  readonly history: History;
  /** Absent when the database could not be asked any more, which is among the problems. */
  readonly truth: Truth | undefined;
}

/** After a fault is healed, how long until every API server takes writes again. Half-open connections take longest. */
const recoveryMs = 30_000;
/** How long a client waits for an answer: shorter than a fault, so that the servers that are well have traffic during it. */
const patienceMs = 2000;
/** Mean pause of a client between two calls: as much traffic as two cores bear with everything else. */
const pauseMs = 10;
/** Traffic alone, before the first fault. */
const startMs = 1000;
/** Not worth a fault any more. */
const tooLateMs = 1500;

/** One seed: a fresh database, traffic through every API server, one fault after the other; then the judgement. */
export async function runSeed(stage: Stage, config: SeedConfig, signal: AbortSignal): Promise<SeedReport> {
  const { seed, floor, say } = config;
  await stage.begin(`exam_${seed}`);
  const recorder = new Recorder();
  const subjects = stage.servers.map(({ name, server }) => new HttpSubject(name, server, namespace));
  const stop = new AbortController();
  const whole = AbortSignal.any([signal, stop.signal]);
  const traffic = runTraffic(
    subjects,
    {
      seed,
      recorder,
      callTimeoutMs: patienceMs,
      pauseMs,
      onThroughput: ({ writesPerSecond, eventsPerSecond, unknownPerSecond }) =>
        say?.(`${writesPerSecond} writes/s, ${eventsPerSecond} events/s, ${unknownPerSecond} unknown/s`),
    },
    stop.signal,
  );
  // Without traffic there is nothing left to do; who awaits it below is told.
  traffic.catch(() => stop.abort());
  const compaction = runCompaction(stage.database, seed, whole);
  try {
    const strikes = new Strikes(stage, config, recorder);
    await strikes.run(whole);
    stop.abort();
    const history = await traffic;
    signal.throwIfAborted();
    const { truth, problems } = await close(stage, subjects);
    return {
      seed,
      injected: strikes.injected,
      compaction: await compaction,
      problems: [...strikes.problems, ...problems],
      verdict: judge(history, truth, { floor }),
      history,
      truth,
    };
  } finally {
    stop.abort();
    for (const subject of subjects) subject.close();
    await Promise.allSettled([traffic, compaction]);
  }
}

/** What really happened, and whether every API server knows it. A cluster that is beyond repair is a finding, too. */
async function close(
  stage: Stage,
  subjects: readonly Subject[],
): Promise<{ readonly truth: Truth | undefined; readonly problems: readonly string[] }> {
  let truth: Truth | undefined;
  try {
    await stage.mend();
    truth = await stage.database.epochs();
    return { truth, problems: await differences(stage, subjects) };
  } catch (err) {
    return { truth, problems: [`in the end: ${textOf(err)}`] };
  }
}

const textOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

/** The faults of one seed. */
class Strikes {
  readonly injected = new Map<FaultName, number>();
  readonly problems: string[] = [];
  readonly #stage: Stage;
  readonly #config: SeedConfig;
  readonly #recorder: Recorder;
  readonly #random: () => number;

  constructor(stage: Stage, config: SeedConfig, recorder: Recorder) {
    this.#stage = stage;
    this.#config = config;
    this.#recorder = recorder;
    this.#random = randomOf(config.seed);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { seed, deadline, count = Infinity, pace = 1, faults: names } = this.#config;
    const lasting = new Map(names.map((name) => [name, faults[name].lastsMs]));
    const plan = planOf({ seed, servers: this.#stage.servers.length, faults: lasting, pace });
    await pause(startMs, signal);
    for (let i = 0; i < count && !signal.aborted; i++) {
      const planned = plan.next().value;
      if (deadline !== undefined && performance.now() + planned.lastsMs + tooLateMs > deadline) break;
      await this.#strike(planned, signal);
      await pause(planned.calmMs, signal);
    }
    if (deadline !== undefined) await pause(deadline - performance.now(), signal);
  }

  async #strike({ fault: name, server: index, lastsMs }: Planned<FaultName>, signal: AbortSignal): Promise<void> {
    const server = this.#stage.servers[index] as ApiServer;
    const fault: Fault = faults[name];
    const target = { stage: this.#stage, server, random: this.#random, now: () => this.#recorder.now() };
    const ended = this.#recorder.fault(`${name} (${server.name})`);
    const beginMs = performance.now();
    try {
      await fault.inject(target);
      await pause(lastsMs, signal);
      await fault.heal?.(target);
      await this.#stage.mend();
      const mendedMs = performance.now();
      await this.#stage.recovered(recoveryMs);
      this.#tell(name, beginMs, mendedMs);
    } catch (err) {
      this.problems.push(`${name}: ${textOf(err)}`);
    } finally {
      ended();
      this.injected.set(name, (this.injected.get(name) ?? 0) + 1);
    }
  }

  #tell(name: FaultName, beginMs: number, mendedMs: number): void {
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    const recovery = seconds(performance.now() - mendedMs);
    this.#config.say?.(`${name}: over after ${seconds(mendedMs - beginMs)} s, full service ${recovery} s later`);
  }
}

/** Ends early, without complaint, when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}
