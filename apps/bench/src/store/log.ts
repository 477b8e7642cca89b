import { newLogger } from '@kubephant/base';
import { PostgresLog } from '@kubephant/storage-postgres';
import { machineClock } from '../measure/machine';

export const log = newLogger({
  component: 'bench',
  verbosity: 0,
  format: 'text',
  write: (line) => void process.stderr.write(line),
});

/** Works on a database's log itself, without a store. */
export async function withLog<R>(connectionString: string, work: (log: PostgresLog) => Promise<R>): Promise<R> {
  const postgres = new PostgresLog({ connectionString, clock: machineClock, log, historyMs: 300_000 });
  try {
    return await work(postgres);
  } finally {
    await postgres.close();
  }
}
