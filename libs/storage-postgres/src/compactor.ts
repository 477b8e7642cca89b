import { newBackoff, onAbort } from '@kubephant/base';
import { Connection, type ConnectionConfig } from './connection';

export interface CompactorConfig extends ConnectionConfig {
  readonly historyMs: number;
  /** Told how old the oldest history is that is still kept, in seconds: it grows when compaction does not happen. */
  readonly onHistoryAge?: ((seconds: number) => void) | undefined;
}

const longestIntervalMs = 10_000;

/** Every API server tries, and the database lets one at a time do it; a fault only delays the next turn. */
export async function runCompactor(config: CompactorConfig, signal: AbortSignal): Promise<void> {
  const { clock, log, historyMs } = config;
  const connection = new Connection({ ...config, purpose: 'compactor', queryTimeoutMs: 15_000 });
  const intervalMs = Math.min(longestIntervalMs, historyMs / 5);
  const backoff = newBackoff({ initialMs: 1000, maxMs: longestIntervalMs, jitter: 0.5 });
  // What waits for a database that is away need not wait until it is back.
  using _ = onAbort(signal, () => void connection.close());
  try {
    while (!signal.aborted) {
      try {
        const ageSeconds = await compactOnce(connection, historyMs);
        config.onHistoryAge?.(ageSeconds);
        backoff.reset();
        await clock.sleep(intervalMs, signal);
      } catch (err) {
        log.warn('Cannot compact the history, will retry', { reason: String(err) });
        await clock.sleep(backoff.next(), signal);
      }
    }
  } finally {
    await connection.close();
  }
}

async function compactOnce(connection: Connection, historyMs: number): Promise<number> {
  await connection.query({ text: "SELECT keep_house($1 * interval '1 ms')", values: [historyMs] });
  for (let more = true; more;) {
    const { rows } = await connection.query<{ more: boolean }>({ text: 'SELECT drop_compacted() AS more' });
    more = rows[0]?.more ?? false;
  }
  const age = 'SELECT coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0)::float8 AS seconds FROM mark';
  const { rows } = await connection.query<{ seconds: number }>({ text: age });
  return rows[0]?.seconds ?? 0;
}
