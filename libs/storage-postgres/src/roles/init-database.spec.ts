import { silent, systemClock } from '@kubephant/base';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import {
  keyOf,
  newEnvironment,
  podOf,
  storeSuite,
  until,
  watching,
  type StoreEnvironment,
} from '@kubephant/storage/testing';
import { Client } from 'pg';
import { initDatabase, openPostgresStore, PostgresLog } from '../index';

const apiserver = { name: 'kubephant_apiserver' };
const reader = { name: 'kubephant_reader' };

describe('the roles of a database', () => {
  const postgres = withTestPostgres();
  const clients: Client[] = [];
  const environments: StoreEnvironment[] = [];
  afterEach(async () => {
    for (const environment of environments.splice(0)) await environment.close();
    for (const client of clients.splice(0)) await client.end();
  });

  const urlAs = (connectionString: string, role: string): string => {
    const url = new URL(connectionString);
    url.username = role;
    return url.toString();
  };
  const sqlAs = async (connectionString: string, role?: string) => {
    const client = new Client({
      connectionString: role === undefined ? connectionString : urlAs(connectionString, role),
    });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return async (text: string) => (await client.query<Record<string, unknown>>(text)).rows;
  };
  const newDatabase = async (): Promise<string> => {
    const connectionString = await postgres.newDatabase();
    expect(await initDatabase({ connectionString, apiserver, reader })).toEqual([]);
    return connectionString;
  };
  const storeOn = (connectionString: string, extra: { historyMs?: number } = {}): StoreEnvironment => {
    const environment = newEnvironment((config) =>
      openPostgresStore({
        log: silent,
        ...config,
        ...extra,
        connectionString: urlAs(connectionString, apiserver.name),
      }),
    );
    environments.push(environment);
    return environment;
  };

  storeSuite('the store as the role of the API server', async () => storeOn(await newDatabase()));

  it('let the API server keep house: extend the log, compact it, drop what is compacted, skip what was lost', async () => {
    const connectionString = await newDatabase();
    const environment = storeOn(connectionString, { historyMs: 100 });
    const store = await environment.open();
    const sql = await sqlAs(connectionString, apiserver.name);
    await sql('SET search_path = kubephant');
    await store.create(keyOf('a'), podOf('a'));
    await sql('SELECT lock_revision(), extend_log(0, 10)');
    await sql('UPDATE revision SET latest = (SELECT min(past_last) FROM log_partition), compacted = 1');
    const first = async (): Promise<boolean> => (await sql('SELECT FROM log_partition WHERE first = 1')).length > 0;
    while (await first());
    const [{ latest } = {}] = await sql('SELECT latest FROM revision');
    const config = { connectionString: urlAs(connectionString, apiserver.name), clock: systemClock, log: silent };
    const log = new PostgresLog({ ...config, historyMs: 1000 });
    await log.skipPast(Number(latest) + 1);
    expect(await log.currentRevision()).toBe(Number(latest) + 1_000_001);
    await log.close();
    const watch = watching(store, { after: Number(latest) + 1_000_001 });
    await until(() => store.revision > 1_000_000);
    await store.create(keyOf('b'), podOf('b'));
    expect(await watch.told(1)).toEqual([`ADDED b@${Number(latest) + 1_000_002}`]);
    await watch.stop();
  });

  it.each([
    ['a table elsewhere', 'CREATE TABLE public.mine ()', 'permission denied for schema public'],
    ['a temporary table', 'CREATE TEMPORARY TABLE mine ()', 'permission denied to create temporary tables'],
    ['a schema', 'CREATE SCHEMA mine', 'permission denied for database'],
    ['a role', 'CREATE ROLE mine', 'permission denied to create role'],
    ['a database', 'CREATE DATABASE mine', 'permission denied to create database'],
  ])('forbid both to make %s', async (_, statement, message) => {
    const connectionString = await newDatabase();
    for (const role of [apiserver.name, reader.name]) {
      const sql = await sqlAs(connectionString, role);
      await sql('SET default_transaction_read_only = off');
      await expect(sql(statement)).rejects.toThrow(message);
    }
  });

  it('let the reader read every view and no table, call none of our functions, and take no lock', async () => {
    const connectionString = await newDatabase();
    await storeOn(connectionString).open();
    const sql = await sqlAs(connectionString, reader.name);
    await sql('SET default_transaction_read_only = off');
    const relations = await sql(
      "SELECT relname AS name, relkind AS kind FROM pg_class WHERE relnamespace = 'kubephant'::regnamespace AND relkind IN ('r', 'p', 'v')",
    );
    const readable: unknown[] = [];
    for (const { name } of relations) {
      await sql(`SELECT * FROM kubephant."${String(name)}"`).then(
        () => readable.push(name),
        (err: unknown) => expect(String(err)).toContain('permission denied for table'),
      );
    }
    expect(readable.sort()).toEqual(
      relations
        .filter(({ kind }) => kind === 'v')
        .map(({ name }) => name)
        .sort(),
    );
    expect(readable).toEqual(expect.arrayContaining(['history', 'pods', 'resources', 'secrets']));
    for (const call of ['compact(1)', "keep_house(interval '0')", 'lock_revision()', 'pg_advisory_lock(1802855013)'])
      await expect(sql(`SELECT ${call}`)).rejects.toThrow('permission denied');
  });

  it('take over a database that somebody else has used before', async () => {
    const connectionString = await postgres.newDatabase();
    const before = newEnvironment((config) => openPostgresStore({ log: silent, ...config, connectionString }));
    await (await before.open()).create(keyOf('a'), podOf('a'));
    await before.close();
    await initDatabase({ connectionString, apiserver, reader });
    const store = await storeOn(connectionString).open();
    await expect(store.get(keyOf('a'))).resolves.toMatchObject({ revision: 1 });
    await expect(store.create(keyOf('b'), podOf('b'))).resolves.toMatchObject({ revision: 2 });
    const sql = await sqlAs(connectionString);
    expect(
      await sql(`SELECT DISTINCT relowner::regrole::text AS owner FROM pg_class WHERE relnamespace = 'kubephant'::regnamespace
        UNION SELECT proowner::regrole::text FROM pg_proc WHERE pronamespace = 'kubephant'::regnamespace`),
    ).toEqual([{ owner: apiserver.name }]);
  });

  it('are refused when they may more than they should', async () => {
    const connectionString = await postgres.newDatabase();
    await postgres.query('CREATE ROLE mighty LOGIN SUPERUSER; CREATE ROLE knowing LOGIN IN ROLE pg_read_all_data');
    await expect(initDatabase({ connectionString, apiserver: { name: 'mighty' }, reader })).rejects.toThrow(
      'the role mighty exists and has more than it should: SUPERUSER',
    );
    await expect(initDatabase({ connectionString, apiserver, reader: { name: 'knowing' } })).rejects.toThrow(
      'the role knowing exists and has more than it should: membership of pg_read_all_data',
    );
  });
});

describe('whoever makes the roles', () => {
  const postgres = withTestPostgres({ port: 15_931 });

  it('need not be a superuser, is told what that means, and leaves no membership behind', async () => {
    await postgres.query("CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'dba'");
    const connectionString = 'postgresql://dba:dba@127.0.0.1:15931/postgres';
    const passwords = { apiserver: 'one two', reader: "it's" };
    const config = {
      connectionString,
      database: 'cluster',
      apiserver: { ...apiserver, password: passwords.apiserver },
      reader: { ...reader, password: passwords.reader },
    };
    for (const _ of [1, 2]) {
      expect(await initDatabase(config)).toEqual([expect.stringContaining('only a superuser can keep')]);
    }
    const urlOf = (name: string, password: string): string =>
      `postgresql://${name}:${encodeURIComponent(password)}@127.0.0.1:15931/cluster`;
    const { run } = await openPostgresStore({
      connectionString: urlOf(apiserver.name, passwords.apiserver),
      log: silent,
      resources: [],
    });
    await run(AbortSignal.abort());
    const client = new Client({ connectionString: urlOf(reader.name, passwords.reader) });
    await client.connect();
    expect((await client.query('SELECT count(*)::int AS pods FROM pods')).rows).toEqual([{ pods: 0 }]);
    await client.end();
    expect(
      await postgres.query(
        "SELECT inherit_option OR set_option AS acts FROM pg_auth_members WHERE member = 'dba'::regrole AND (inherit_option OR set_option)",
      ),
    ).toEqual([]);
  });

  it('never sends a password, so that it is in no log of the server', async () => {
    const [row] = await postgres.query("SELECT rolpassword AS kept FROM pg_authid WHERE rolname = 'kubephant_reader'");
    expect(row?.['kept']).toMatch(/^SCRAM-SHA-256\$4096:[^$]+\$[^:]+:[^:]+$/);
    await expect(
      initDatabase({
        connectionString: 'postgresql://dba:dba@127.0.0.1:15931/cluster',
        apiserver,
        reader: { ...reader, password: 'pässword' },
      }),
    ).rejects.toThrow('printable ASCII');
  });
});
