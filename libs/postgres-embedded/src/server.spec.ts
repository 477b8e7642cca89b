import { stat } from 'node:fs/promises';
import { Client } from 'pg';
import { preparePostgres } from './index';
import { withTestPostgres } from './testing';

describe('an embedded server', () => {
  const postgres = withTestPostgres();

  it('sorts text bytewise, speaks UTF-8 and is durable by default', async () => {
    const [row] = await postgres.query(
      "SELECT current_setting('server_encoding') AS encoding, current_setting('synchronous_commit') AS sync, 'a' < 'B' AS lax",
    );
    expect(row).toEqual({ encoding: 'UTF8', sync: 'on', lax: false });
  });

  it('listens on nothing but a socket that only its user can reach', async () => {
    const url = new URL(postgres.server.connectionString);
    const dir = url.searchParams.get('host') ?? '';
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await postgres.query('SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
  });

  it('copies the template for every test that asks', async () => {
    const [one, two] = [await postgres.newDatabase(), await postgres.newDatabase()];
    expect(one).not.toBe(two);
    const client = new Client({ connectionString: one });
    await client.connect();
    await client.query('CREATE TABLE only_here ()');
    await client.end();
  });

  it('keeps what was committed when all of it is killed', async () => {
    await postgres.query('CREATE TABLE kept AS SELECT 42 AS answer');
    await postgres.crash();
    expect(await postgres.query('SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('says so when the path of its socket is too long', async () => {
    await expect(preparePostgres({ dataDir: `/tmp/${'x'.repeat(120)}` })).rejects.toThrow('give a shorter socketDir');
  });
});
