import { silent } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { Client } from 'pg';
import { openPostgresStore, type PostgresStoreConfig } from './index';
import { migrate } from './migrate';
import { problemOf } from './session';

describe('opening a store', () => {
  const postgres = withTestPostgres();
  const config = async (): Promise<PostgresStoreConfig> => ({
    connectionString: await postgres.newDatabase(),
    log: silent,
    resources: [],
  });

  it('migrates once when several servers start together', async () => {
    const shared = await config();
    const opened = await Promise.all([1, 2, 3].map(() => openPostgresStore(shared)));
    expect(opened.map(({ store }) => store.revision)).toEqual([0, 0, 0]);
    await Promise.all(opened.map(({ run }) => run(AbortSignal.abort())));
  });

  it('refuses a schema that a newer program has made', async () => {
    const { connectionString } = await config();
    const client = new Client({ connectionString });
    await client.connect();
    await client.query('CREATE SCHEMA kubephant; SET search_path = kubephant');
    await migrate(client, ['SELECT 1', 'SELECT 2']);
    await expect(migrate(client, ['SELECT 1'])).rejects.toThrow('schema version 2 and this program knows 1');
    await client.end();
  });

  it('says what is wrong with a database that cannot be reached', async () => {
    const unreachable = { ...(await config()), connectionString: 'postgresql://nobody@localhost/x?host=/nowhere' };
    await expect(openPostgresStore(unreachable)).rejects.toThrow(/ENOENT/);
  });

  const good = { pid: 1, standby: false, version: 150_000, encoding: 'UTF8', synchronous: 'on' };
  it.each([
    ['a standby', { standby: true }, 'is a standby'],
    ['a pooler', { pid: 2 }, 'connection pooler such as pgbouncer'],
    ['an old server', { version: 130_011 }, 'PostgreSQL 13 is too old'],
    ['another encoding', { encoding: 'SQL_ASCII' }, 'encoded in SQL_ASCII'],
  ])('refuses %s', (_, facts, message) => {
    expect(problemOf({ ...good, ...facts }, 1)).toContain(message);
    expect(problemOf(good, 1)).toBeUndefined();
  });
});
