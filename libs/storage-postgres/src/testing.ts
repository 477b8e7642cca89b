import { silent, systemClock } from '@kubephant/base';
import { PostgresLog } from './postgres-log';

/** For the `template` of `withTestPostgres`: makes of an empty database what an API server makes of it. */
export async function migrated(connectionString: string): Promise<void> {
  const log = new PostgresLog({ connectionString, clock: systemClock, log: silent, historyMs: 300_000 });
  await log.migrate();
}
