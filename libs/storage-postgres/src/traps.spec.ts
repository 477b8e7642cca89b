import { silent } from '@kubephant/base';
import { newFakeClock } from '@kubephant/base/testing';
import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { CachedStoreConfig, Store } from '@kubephant/storage';
import { keyOf, newEnvironment, podOf, told, until, watching, type StoreEnvironment } from '@kubephant/storage/testing';
import { Client } from 'pg';
import { openPostgresStore } from './index';

interface Extra extends Partial<CachedStoreConfig> {
  readonly historyMs?: number;
}

describe('what made other SQL-backed stores lose events', () => {
  const postgres = withTestPostgres();
  let connectionString: string;
  let environment: StoreEnvironment;
  let admin: Client;

  beforeEach(async () => {
    connectionString = await postgres.newDatabase();
    environment = newEnvironment((config) => openPostgresStore({ log: silent, ...config, connectionString }));
    admin = new Client({ connectionString });
    admin.on('error', () => undefined);
    await admin.connect();
  });
  afterEach(async () => {
    await environment.close();
    await admin.end();
  });

  const open = (config: Extra = {}): Promise<Store> => environment.open(config);
  const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));
  const sql = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    await admin.query('SET search_path = kubephant, pg_catalog');
    return (await admin.query<Record<string, unknown>>(text)).rows;
  };
  const terminate = (purpose: string) =>
    sql(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'kubephant ${purpose}' AND datname = current_database()`);

  it('a notification that never arrives delays an event by a second at most', async () => {
    await open();
    await sql('CREATE FUNCTION kubephant.pg_notify(text, text) RETURNS void LANGUAGE sql AS $$ SELECT NULL::void $$');
    const writer = await open();
    const clock = newFakeClock();
    const reader = await open({ clock });
    const watch = watching(reader, { after: 0 });
    await create(writer, 'a');
    const event = watch.told(1);
    await until(() => clock.sleepers > 0);
    await clock.advance(1000);
    await expect(event).resolves.toEqual(['ADDED a@1']);
    await watch.stop();
  });

  it.each(['listener', 'reader', 'writer'])('a killed %s connection loses nothing', async (purpose) => {
    const [writer, reader] = [await open(), await open()];
    const watch = watching(reader, { after: 0 });
    await create(writer, 'before');
    expect(await watch.told(1)).toEqual(['ADDED before@1']);
    await terminate(purpose);
    await create(writer, 'after').catch(() => create(writer, 'after'));
    expect(await watch.told(1)).toEqual(['ADDED after@2']);
    await expect(reader.get(keyOf('after'))).resolves.toMatchObject({ revision: 2 });
    await watch.stop();
  });

  it('a write whose connection is lost on the way is reported as unknown, and not tried again', async () => {
    const store = await open();
    await create(store, 'a');
    await sql('SELECT pg_advisory_lock(1802855013)');
    const writing = create(store, 'b');
    writing.catch(() => undefined);
    const blocked =
      "SELECT FROM pg_stat_activity WHERE application_name = 'kubephant writer' AND wait_event_type = 'Lock'";
    while ((await sql(blocked)).length === 0);
    await terminate('writer');
    await expect(writing).rejects.toMatchObject({
      reason: 'Timeout',
      code: 504,
      message: expect.stringContaining('the outcome of the write is unknown') as string,
    });
    await sql('SELECT pg_advisory_unlock_all()');
    await expect(store.get(keyOf('b'))).rejects.toMatchObject({ reason: 'NotFound' });
    await expect(create(store, 'b')).resolves.toMatchObject({ revision: 2 });
  });

  it('what PostgreSQL refuses fails alone, and leaves no gap in the sequence', async () => {
    const store = await open();
    const names = ['a', 'nul\0', 'b'];
    const outcomes = await Promise.allSettled(names.map((name) => create(store, name)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { reason: 'InternalError' } });
    await expect(create(store, 'c')).resolves.toMatchObject({ revision: 3 });
  });

  it('history is forgotten by time, the state is not, and old watches are told', async () => {
    const store = await open({ historyMs: 100 });
    for (const name of ['a', 'b', 'c']) await create(store, name);
    const compacted = async (): Promise<number> =>
      Number((await sql('SELECT compacted FROM revision'))[0]?.['compacted']);
    while ((await compacted()) < 3);
    const restarted = await open();
    expect((await restarted.list({ resource: 'pods' })).items).toHaveLength(3);
    await expect(watching(restarted, { after: 2 }).ended).rejects.toMatchObject({ reason: 'Expired' });
    const watch = watching(restarted, { after: 3 });
    await create(store, 'd');
    expect(await watch.told(1)).toEqual(['ADDED d@4']);
    await watch.stop();
  });

  it('partitions of the log that are compacted as a whole are dropped', async () => {
    const store = await open({ historyMs: 100 });
    await create(store, 'a');
    await sql('SELECT lock_revision(), extend_log(0, 10)');
    const moved =
      'UPDATE revision SET latest = (SELECT min(past_last) FROM log_partition), compacted = 1 RETURNING latest';
    const latest = Number((await sql(moved))[0]?.['latest']);
    const oldest = async (): Promise<unknown> =>
      (await sql('SELECT min(first) AS oldest FROM log_partition'))[0]?.['oldest'];
    while ((await oldest()) === '1');
    expect(await sql("SELECT to_regclass('log_1') AS gone")).toEqual([{ gone: null }]);
    await expect(create(store, 'b')).resolves.toMatchObject({ revision: latest + 1 });
  });

  it('a log that has lost commits is moved past what was seen, and watches start over', async () => {
    const store = await open();
    for (const name of ['a', 'b', 'c']) await create(store, name);
    const watch = watching(store, { after: 3 });
    await sql('DELETE FROM objects WHERE revision = 3');
    await sql('DELETE FROM log WHERE revision = 3');
    await sql('UPDATE revision SET latest = 2');
    await expect(watch.ended).rejects.toMatchObject({ reason: 'Expired' });
    await expect(store.get(keyOf('c'))).rejects.toMatchObject({ reason: 'NotFound' });
    const { revision } = await create(store, 'c');
    expect(revision).toBeGreaterThan(1_000_000);
    await expect(watching(store, { after: 3 }).ended).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('a promoted standby is not trusted to know every revision that was handed out', async () => {
    const store = await open();
    await create(store, 'a');
    await sql("UPDATE revision SET timeline = 'before'");
    await terminate('writer');
    const { revision } = await create(store, 'b').catch(() => create(store, 'b'));
    expect(revision).toBeGreaterThan(1_000_000);
    await expect(watching(store, { after: 1 }).ended).rejects.toMatchObject({ reason: 'Expired' });
    expect((await store.list({ resource: 'pods' })).items).toHaveLength(2);
  });

  it('a crash of the whole server loses no write that was answered, and the sequence goes on without a gap', async () => {
    const [writer, reader] = [await open(), await open()];
    const watch = watching(reader, { after: 0 });
    const answered: number[] = [];
    let crashed = false;
    const writing = Array.from({ length: 8 }, async (_, w) => {
      for (let i = 0; !crashed || i < 20; i++) {
        await create(writer, `w${w}-${i}`).then(
          ({ revision }) => answered.push(revision),
          (err: unknown) =>
            expect(err).toMatchObject({ reason: expect.stringMatching(/Timeout|ServiceUnavailable/) as string }),
        );
      }
    });
    await until(() => answered.length > 50);
    await postgres.crash();
    crashed = true;
    await Promise.all(writing);
    await create(writer, 'last');
    const seen: string[] = [];
    while (!seen.at(-1)?.includes('last')) seen.push(...(await watch.take(1)).map(told));
    const revisions = seen.map((line) => Number(line.split('@')[1]));
    expect(revisions).toEqual(Array.from({ length: revisions.length }, (_, i) => i + 1));
    for (const revision of answered) expect(revisions).toContain(revision);
    expect((await reader.list({ resource: 'pods' })).items).toHaveLength(revisions.length);
    await watch.stop();
  }, 30_000);
});
