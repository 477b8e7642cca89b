import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { keyOf } from '@kubephant/storage/testing';
import type { Client } from 'pg';
import { closeSession, openSession } from './connection';
import { UnusableDatabase } from './errors';
import { PostgresLog } from './index';
import { migrate } from './migrate';
import { migrations } from './migrations';

describe('migrations', () => {
  const postgres = withTestPostgres();
  const clients: Client[] = [];
  let connectionString: string;
  const config = () => ({ connectionString, clock: systemClock, log: silent });
  const session = async (): Promise<Client> => {
    const client = await openSession({ ...config(), purpose: 'test', queryTimeoutMs: 20_000 });
    clients.push(client);
    return client;
  };
  const versions = async (client: Client): Promise<readonly number[]> =>
    (await client.query<{ version: number }>('SELECT version FROM migration ORDER BY version')).rows.map(
      ({ version }) => version,
    );
  const all = migrations.map((_, i) => i + 1);
  const first = migrations.slice(0, 1);

  beforeEach(async () => {
    connectionString = await postgres.newDatabase();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await closeSession(client);
  });

  it('are made once when many servers start at the same time', async () => {
    const many = await Promise.all(Array.from({ length: 8 }, session));
    await Promise.all(many.map((client) => migrate(client)));
    expect(await versions(many[0]!)).toEqual(all);
  });

  it('leave nothing of themselves when killed in the middle, and are made by the next', async () => {
    const [victim, blocker, next] = [await session(), await session(), await session()];
    await migrate(victim, first);
    await blocker.query('BEGIN; LOCK TABLE log IN ACCESS SHARE MODE');
    const killed = migrate(victim, [...first, 'CREATE TABLE half ()', ...migrations.slice(1)]);
    killed.catch(() => undefined);
    const waiting =
      "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%ALTER TABLE log%'";
    let pid: number | undefined;
    while (pid === undefined) pid = (await next.query<{ pid: number }>(waiting)).rows[0]?.pid;
    await next.query('SELECT pg_terminate_backend($1)', [pid]);
    await expect(killed).rejects.toThrow();
    await blocker.query('COMMIT');
    expect(await versions(next)).toEqual([1]);
    expect((await next.query("SELECT to_regclass('half') AS half")).rows).toEqual([{ half: null }]);
    await migrate(next);
    expect(await versions(next)).toEqual(all);
  });

  it('of two programs that start at the same time leave the newer version, and refuse the older or come after it', async () => {
    const [older, newer] = [await session(), await session()];
    const [old] = await Promise.allSettled([migrate(older, first), migrate(newer)]);
    expect(old.status === 'fulfilled' || old.reason instanceof UnusableDatabase).toBe(true);
    expect(await versions(newer)).toEqual(all);
    await expect(migrate(older, first)).rejects.toBeInstanceOf(UnusableDatabase);
  });

  it('let an older program that is running write on', async () => {
    await migrate(await session(), first);
    const log = new PostgresLog({ ...config(), historyMs: 1000 });
    const write = (name: string, expected: number) =>
      log.commit([{ key: keyOf(name), expected, value: `{"kind":"Pod","metadata":{"name":"${name}"}}` }], expected);
    await write('a', 0);
    expect((await log.read(0, 10)).records).toHaveLength(1);
    const client = await session();
    await migrate(client);
    await write('b', 0);
    await write('a', 1);
    expect((await log.read(0, 10)).records.map(({ revision, key }) => [revision, key.name])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ]);
    expect((await client.query('SELECT revision, at IS NULL AS timeless FROM log ORDER BY revision')).rows).toEqual([
      { revision: 1, timeless: true },
      { revision: 2, timeless: false },
      { revision: 3, timeless: false },
    ]);
    await log.close();
  });
});
