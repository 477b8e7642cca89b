import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Client } from 'pg';
import { openSession } from '../connection';
import { migrate } from '../migrate';
import { refreshViews } from './refresh';
import { views, type View } from './views';

describe('refreshing the views', () => {
  const postgres = withTestPostgres();
  const clients: Client[] = [];
  let connectionString: string;
  const session = async (): Promise<Client> => {
    const client = await openSession({
      connectionString,
      clock: systemClock,
      log: silent,
      purpose: 'test',
      queryTimeoutMs: 20_000,
    });
    clients.push(client);
    return client;
  };
  const refresh = async (client: Client, wanted: readonly View[]): Promise<void> => {
    await client.query('BEGIN');
    await refreshViews(client, wanted);
    await client.query('COMMIT');
  };
  const named = async (client: Client): Promise<Record<string, unknown>> => {
    const { rows } = await client.query<{ name: string; oid: number }>(
      "SELECT relname AS name, oid::int AS oid FROM pg_class WHERE relnamespace = 'kubephant'::regnamespace AND relkind = 'v'",
    );
    return Object.fromEntries(rows.map(({ name, oid }) => [name, oid]));
  };

  beforeEach(async () => {
    connectionString = await postgres.newDatabase();
    await migrate(await session());
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.end();
  });

  const one: View = { name: 'one', comment: 'One.', select: 'SELECT 1 AS a' };
  const two: View = { name: 'one', comment: 'One.', select: "SELECT 'x' AS b, 2 AS c" };

  it('changes nothing that is as it should be', async () => {
    const client = await session();
    const before = await named(client);
    expect(Object.keys(before)).toHaveLength(views.length);
    await migrate(client);
    expect(await named(client)).toEqual(before);
  });

  it('makes what has changed anew, removes what is no more, and leaves those of others alone', async () => {
    const client = await session();
    await client.query('CREATE VIEW kubephant.theirs AS SELECT 1 AS a');
    await refresh(client, [one]);
    expect(Object.keys(await named(client)).sort()).toEqual(['one', 'theirs']);
    await refresh(client, [two]);
    expect((await client.query('SELECT * FROM kubephant.one')).rows).toEqual([{ b: 'x', c: 2 }]);
  });

  it('keeps what somebody has built on until they have not', async () => {
    const client = await session();
    await refresh(client, [one]);
    await client.query('CREATE SCHEMA theirs; CREATE VIEW theirs.half AS SELECT a FROM kubephant.one');
    await refresh(client, [two]);
    expect((await client.query('SELECT * FROM kubephant.one')).rows).toEqual([{ a: 1 }]);
    await client.query('DROP VIEW theirs.half');
    await refresh(client, [two]);
    expect((await client.query('SELECT * FROM kubephant.one')).rows).toEqual([{ b: 'x', c: 2 }]);
  });

  it('does not wait for somebody who reads for long', async () => {
    const [client, reader] = [await session(), await session()];
    await refresh(client, [one]);
    await reader.query('BEGIN');
    await reader.query('SELECT * FROM kubephant.one');
    await refresh(client, [two]);
    expect((await client.query('SELECT * FROM kubephant.one')).rows).toEqual([{ a: 1 }]);
    await reader.query('COMMIT');
  });
});
