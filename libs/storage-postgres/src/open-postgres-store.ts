import { newBackoff, systemClock, type Clock, type Logger } from '@kubephant/base';
import { newCachedStore, type CachedStoreConfig, type OpenStore } from '@kubephant/storage';
import { UnusableDatabase } from './errors';
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
  return await open(config, (prepare) => prepare());
}

/**
 * The same, for as long as it takes until there is a database to open. Rejects when waiting is of no use
 * (UnusableDatabase), and with the last failure on abort.
 */
export async function waitForPostgresStore(config: PostgresStoreConfig, signal: AbortSignal): Promise<OpenStore> {
  return await open(config, (prepare) => untilDone(prepare, config, signal));
}

type Work = () => Promise<void>;

async function open(config: PostgresStoreConfig, whenThere: (prepare: Work) => Promise<void>): Promise<OpenStore> {
  const { connectionString, log, clock = systemClock, historyMs = 5 * 60_000 } = config;
  const age = config.metrics?.gauge('kubephant_store_history_seconds', 'Age of the oldest history of changes.');
  const onHistoryAge = age && ((seconds: number) => age.set(seconds));
  const postgres = new PostgresLog({ connectionString, clock, log, historyMs, onHistoryAge });
  const { store, load, run } = newCachedStore(postgres, config);
  try {
    await whenThere(async () => {
      await postgres.migrate();
      await load();
    });
    return { store, run };
  } catch (err) {
    await postgres.close();
    throw err;
  }
}

async function untilDone(
  prepare: Work,
  { log, clock = systemClock }: PostgresStoreConfig,
  signal: AbortSignal,
): Promise<void> {
  const backoff = newBackoff({ initialMs: 100, maxMs: 5000, jitter: 0.3 });
  for (;;) {
    try {
      await prepare();
      return;
    } catch (err) {
      if (err instanceof UnusableDatabase || signal.aborted) throw err;
      log.warn('Cannot open the store in PostgreSQL, will retry', { reason: String(err) });
      await clock.sleep(backoff.next(), signal);
    }
  }
}
