import { systemClock, type Clock, type Logger } from '@kubephant/base';
import { openCachedStore, type CachedStoreConfig, type OpenStore } from '@kubephant/storage';
import { PostgresLog } from './postgres-log';

export interface PostgresStoreConfig extends CachedStoreConfig {
  /** As libpq's; a secret. Must lead to the primary, and not through a pooler. */
  readonly connectionString: string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** How long changes are remembered. Default: 5 minutes. */
  readonly historyMs?: number;
}

/** Migrates the database if needed and reads the state; rejects when the database cannot be a store's. */
export async function openPostgresStore(config: PostgresStoreConfig): Promise<OpenStore> {
  const { connectionString, log, clock = systemClock, historyMs = 5 * 60_000 } = config;
  const age = config.metrics?.gauge('kubephant_store_history_seconds', 'Age of the oldest history of changes.');
  const onHistoryAge = age && ((seconds: number) => age.set(seconds));
  const postgres = new PostgresLog({ connectionString, clock, log, historyMs, onHistoryAge });
  try {
    await postgres.migrate();
    return await openCachedStore(postgres, config);
  } catch (err) {
    await postgres.close();
    throw err;
  }
}
