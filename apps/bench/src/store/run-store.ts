import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newGroup, newLogger } from '@kubephant/base';
import { startPostgres } from '@kubephant/postgres-embedded';
import type { Store } from '@kubephant/storage';
import { openPostgresStore } from '@kubephant/storage-postgres';
import type { BenchPod } from './payload';
import { createRate, listAll, listNothing, updateRate, watchLatency, type Figure } from './scenarios';

export interface StoreBenchOptions {
  readonly seconds: number;
}

/** Measures the store alone, over a fresh embedded PostgreSQL with durable settings that is gone afterwards. */
export async function runStoreBench({ seconds }: StoreBenchOptions, say: (text: string) => void): Promise<void> {
  const print = (figures: readonly Figure[]): void => figures.forEach((figure) => say(lineOf(figure)));
  const dataDir = await mkdtemp(join(tmpdir(), 'kpg-bench-'));
  const group = newGroup();
  const postgres = await startPostgres({ dataDir }, new AbortController().signal);
  const log = newLogger({
    component: 'bench',
    verbosity: 0,
    format: 'text',
    write: (line) => process.stderr.write(line),
  });
  const fields = (obj: object): Record<string, string> => ({ 'spec.nodeName': (obj as BenchPod).spec.nodeName });
  const open = async (): Promise<Store> => {
    const resources = [{ resource: 'pods', fields, indexed: ['spec.nodeName'] }];
    const { store, run } = await openPostgresStore({ connectionString: postgres.connectionString, log, resources });
    group.go('store', run);
    return store;
  };
  try {
    const store = await open();
    for (const writers of [1, 8, 64]) print(await createRate(store, writers, seconds));
    for (const writers of [1, 64]) print(await updateRate(store, writers, seconds));
    print(await listAll(store, 10_000, 4000));
    print(await listNothing(store, 100_000));
    const opening = performance.now();
    const second = await open();
    print([{ what: 'start with all of these', value: performance.now() - opening, unit: 'ms' }]);
    print(await watchLatency(store, second, 500));
  } finally {
    group.stop();
    await group.wait();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const lineOf = ({ what, value, unit }: Figure): string =>
  `${what.padEnd(52)} ${value.toFixed(value < 100 ? 2 : 0).padStart(10)} ${unit}`;
