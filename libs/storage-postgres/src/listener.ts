import { newBackoff } from '@kubephant/base';
import type { Revision } from '@kubephant/storage';
import type { Client } from 'pg';
import { adopt, closeSession, openSession, type ConnectionConfig } from './connection';

const pingMs = 5000;

/**
 * Keeps one session that listens, of its own because a pool would lose what it is told. Every notification is a hint, and
 * so is every new session: whatever was said in between was not heard.
 */
export async function runListener(
  config: ConnectionConfig,
  wake: (revision?: Revision) => void,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = config;
  const backoff = newBackoff({ initialMs: 20, maxMs: 2000, jitter: 0.5 });
  while (!signal.aborted) {
    try {
      await listen(config, () => backoff.reset(), wake, signal);
    } catch (err) {
      // Reading goes on by the clock meanwhile; only promptness is lost.
      log.warn('Not listening to PostgreSQL, will retry', { reason: String(err) });
      await clock.sleep(backoff.next(), signal);
    }
  }
}

async function listen(
  config: ConnectionConfig,
  onListening: () => void,
  wake: (revision?: Revision) => void,
  signal: AbortSignal,
): Promise<void> {
  const client = await openSession({ ...config, purpose: 'listener', queryTimeoutMs: pingMs, onSession: adopt });
  const lost = new AbortController();
  client.on('notification', ({ payload }) => wake(Number(payload) || undefined));
  client.once('end', () => lost.abort());
  try {
    await client.query('LISTEN kubephant');
    onListening();
    wake();
    await ping(client, config, AbortSignal.any([signal, lost.signal]));
    if (!signal.aborted) throw new Error('the connection was closed');
  } finally {
    await closeSession(client);
  }
}

/** A connection that died without a word is only found out by talking. */
async function ping(client: Client, { clock }: ConnectionConfig, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(pingMs, signal);
    if (signal.aborted) return;
    await client.query('SELECT 1');
  }
}
