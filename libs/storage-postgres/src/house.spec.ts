import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import { silent, systemClock } from '@kubephant/base';
import type { Client } from 'pg';
import { closeSession, openSession } from './connection';
import { migrated } from './testing';

describe('keeping house', () => {
  const postgres = withTestPostgres({ template: migrated });
  const clients: Client[] = [];
  let connectionString: string;
  const session = async (): Promise<Client> => {
    const client = await openSession({
      ...{ connectionString, clock: systemClock, log: silent },
      ...{ purpose: 'test', queryTimeoutMs: 20_000 },
    });
    clients.push(client);
    return client;
  };
  const write = (client: Client, name: string) =>
    client.query(
      `SELECT commit_batch(0, '{pods}', '{default}', $1, '{0}', array['{"metadata":{}}'::json], array[null::json])`,
      [[name]],
    );
  const endOfLog = async (client: Client): Promise<number> =>
    (await client.query<{ log_end: number }>('SELECT log_end FROM revision')).rows[0]?.log_end ?? 0;
  const keepHouse = (client: Client) => client.query("SELECT keep_house('5 minutes')");

  beforeEach(async () => {
    connectionString = await postgres.newDatabase();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await closeSession(client);
  });

  it('makes room and forgets without waiting in a circle with a batch', async () => {
    const [writer, keeper, watcher] = [await session(), await session(), await session()];
    for (const name of ['a', 'b']) await write(writer, name);
    await writer.query("INSERT INTO mark (at, revision) VALUES (clock_timestamp() - interval '1 hour', 1)");
    await writer.query('UPDATE revision SET latest = log_end - 10');
    const room = await endOfLog(writer);
    await writer.query('BEGIN; SELECT lock_revision()');
    const kept = keepHouse(keeper).then(() => true);
    kept.catch(() => undefined);
    const waiting = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'SELECT keep_house%'`;
    while ((await watcher.query(waiting)).rowCount === 0);
    await write(writer, 'c');
    await writer.query('COMMIT');
    await expect(kept).resolves.toBe(true);
    expect((await writer.query('SELECT compacted FROM revision')).rows).toEqual([{ compacted: 1 }]);
    expect(await endOfLog(writer)).toBeGreaterThan(room);
  });

  it('keeps one mark of what is older than the history, also when nothing is written', async () => {
    const keeper = await session();
    await write(keeper, 'a');
    await keeper.query(`
      INSERT INTO mark (at, revision) SELECT clock_timestamp() - n * interval '1 minute', 1 FROM generate_series(1, 60) n`);
    await keepHouse(keeper);
    const { rows } = await keeper.query(
      "SELECT count(*) AS old FROM mark WHERE at < clock_timestamp() - interval '5 minutes'",
    );
    expect(rows).toEqual([{ old: 1 }]);
  });
});
