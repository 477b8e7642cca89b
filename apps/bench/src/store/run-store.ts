import { choose, measureAll, type BenchOptions, type Console } from '../measure/bench';
import { startDatabase } from './database';
import { listScenarios } from './list-scenarios';
import { watchScenarios } from './watch-scenarios';
import { writeScenarios } from './write-scenarios';

export const storeScenarios = [...writeScenarios, ...watchScenarios, ...listScenarios];

/** Measures the store alone, over an embedded PostgreSQL with durable settings that is gone afterwards. */
export async function runStoreBench(options: BenchOptions, console: Console): Promise<void> {
  const chosen = choose(storeScenarios, options.scenario);
  await using database = await startDatabase(console.signal);
  await measureAll(chosen, { database, seconds: options.seconds }, options, console);
}
