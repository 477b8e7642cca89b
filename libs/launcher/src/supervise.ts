import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, type Logger } from '@kubephant/base';
import { enterSupervisor, guardianSpec, openProcessTable, runSupervisor, type ProcessSpec } from './supervisor';

/** Supervises the programs that `up` wrote down in the data directory, until aborted. */
export async function supervise(
  dataDir: string,
  command: readonly string[],
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  const specs = JSON.parse(await readFile(join(dataDir, 'config', 'processes.json'), 'utf8')) as ProcessSpec[];
  const table = openProcessTable(join(dataDir, 'run'));
  const { pid } = globalThis.process;
  await enterSupervisor(table, pid);
  const deps = { table, clock: systemClock, log, logDirectory: join(dataDir, 'logs') };
  await runSupervisor(deps, [...specs, guardianSpec(command)], signal);
}
