import type { BatchResult, CommitLog, Mutation, Revision } from '@kubephant/storage';
import { overriding } from '@kubephant/storage/testing';
import { Client } from 'pg';
import type { PostgresFault } from '../arena';

const call = `SELECT base, won FROM commit_batch($1, $2, $3, $4, $5, $6::text[]::json[], $7::text[]::json[])`;

const textOf = (value: Mutation['value']): string | null =>
  value === undefined ? null : Buffer.from(value as string).toString();

async function send(client: Client, batch: readonly Mutation[], known: Revision): Promise<BatchResult> {
  const { rows } = await client.query<{ base: string; won: boolean[] }>(call, [
    known,
    batch.map(({ key }) => key.resource),
    batch.map(({ key }) => key.namespace),
    batch.map(({ key }) => key.name),
    batch.map(({ expected }) => expected),
    batch.map(({ value }) => textOf(value)),
    batch.map(({ final }) => textOf(final)),
  ]);
  return { base: Number(rows[0]!.base), won: rows[0]!.won };
}

async function inSession<T>(connectionString: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SET search_path = kubephant, pg_catalog');
    return await use(client);
  } finally {
    (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}

const writingWith =
  (write: (client: Client, batch: readonly Mutation[], known: Revision) => Promise<BatchResult>) =>
  (log: CommitLog, connectionString: string): CommitLog =>
    overriding(log, {
      commit: (batch, known) => inSession(connectionString, (client) => write(client, batch, known)),
    });

/** Whatever PostgreSQL says is what the client gets. */
export const errorsAsTheyCome = (): PostgresFault => ({
  name: 'errors as they come',
  onDatabase: writingWith(send),
});

/** Begin, lock, write, commit: four messages, and between any two of them the client can die. */
export const manyRoundTrips = (): PostgresFault => ({
  name: 'transactions of many messages',
  onDatabase: writingWith(async (client, batch, known) => {
    await client.query('BEGIN');
    await client.query('SELECT lock_revision()');
    const result = await send(client, batch, known);
    await client.query('COMMIT');
    return result;
  }),
});
