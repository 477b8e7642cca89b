import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { abortable } from '@kubephant/base';
import { rowsOf, type Run } from './figure';
import { heading, linesOf, type Outcome } from './table';

/** A thing to measure. `open` makes what it needs; what it made is gone after the last run. */
export interface Scenario<Bench> {
  readonly name: string;
  readonly description: string;
  open(bench: Bench): Promise<Opened>;
}

export interface Opened extends AsyncDisposable {
  run(): Promise<Run>;
}

export interface BenchOptions {
  /** Names of scenarios; absent: all. */
  readonly scenario?: readonly string[];
  readonly runs: number;
  readonly seconds: number;
  /** A file for all figures of all runs. */
  readonly json?: string;
}

/** Where the lines go, and what ends the bench early: nothing of it stays behind then either. */
export interface Console {
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/** Rejects names that are not there, and says which are. */
export function choose<S extends { readonly name: string }>(
  all: readonly S[],
  names?: readonly string[],
): readonly S[] {
  const known = all.map(({ name }) => name);
  const unknown = names?.filter((name) => !known.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`no scenario ${unknown.join(', ')}; there are ${known.join(', ')}`);
  return names ? all.filter(({ name }) => names.includes(name)) : all;
}

/** Measures one scenario after the other and prints each as soon as it is known. */
export async function measureAll<Bench>(
  scenarios: readonly Scenario<Bench>[],
  bench: Bench,
  { runs, json }: BenchOptions,
  { say, signal }: Console,
): Promise<void> {
  const outcomes: (Outcome & { readonly runs: readonly Run[]; readonly load: number })[] = [];
  const startMs = performance.now();
  say(heading);
  for (const scenario of scenarios) {
    const done = await measure(await abortable(scenario.open(bench), signal), runs, signal);
    const { name, description } = scenario;
    const limit = done.at(-1)?.limit;
    const outcome = { name, description, rows: rowsOf(done), ...(limit && { limit }), runs: done, load: loadNow() };
    outcomes.push(outcome);
    linesOf(outcome).forEach(say);
  }
  const seconds = (performance.now() - startMs) / 1000;
  say(`${seconds.toFixed(0)} s for medians of ${runs}; load average at the end ${loadNow().toFixed(1)}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ seconds, outcomes }, undefined, 2)}\n`);
}

const loadNow = (): number => loadavg()[0] ?? NaN;

async function measure(scenario: Opened, runs: number, signal: AbortSignal): Promise<Run[]> {
  await using opened = scenario;
  const done: Run[] = [];
  for (let i = 0; i < runs; i++) done.push(await abortable(opened.run(), signal));
  return done;
}
