import { withTestPostgres } from '@kubephant/postgres-embedded/testing';
import type { Store } from '@kubephant/storage';
import { keyOf, podOf, told, trapSuite, until, watching, type Fault } from '@kubephant/storage/testing';
import { migrated } from '../testing';
import { newPostgresArena, type PostgresArena } from './testing/arena';
import { crashTraps, type CrashArena } from './testing/crash-traps';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));

/** The first attempt may meet the connection as it ends, and is then said to be unknown. It was never made. */
const createOnceMore = (store: Store, name: string) => create(store, name).catch(() => create(store, name));

describe('a database that goes away and comes back', () => {
  const postgres = withTestPostgres({ template: migrated });
  let arena: PostgresArena | undefined;
  const newArena = async (fault?: Fault): Promise<PostgresArena> =>
    newPostgresArena(await postgres.newDatabase(), fault);
  const laid = async (): Promise<PostgresArena> => (arena = await newArena());
  afterEach(async () => {
    await arena?.close();
    arena = undefined;
  });

  trapSuite(crashTraps, async (fault): Promise<CrashArena> => ({
    ...(await newArena(fault)),
    crash: () => postgres.crash(),
  }));

  it.each(['listener', 'reader', 'asker', 'writer'])(
    'loses nothing when a %s connection is killed',
    async (purpose) => {
      const { open, admin } = await laid();
      const [writer, reader] = [await open(), await open()];
      const watch = watching(reader, { after: 0 });
      await create(writer, 'before');
      expect(await watch.told(1)).toEqual(['ADDED before@1']);
      await admin.terminate(purpose);
      await createOnceMore(writer, 'after');
      expect(await watch.told(1)).toEqual(['ADDED after@2']);
      await expect(reader.get(keyOf('after'))).resolves.toMatchObject({ revision: 2 });
      await watch.stop();
    },
  );

  it('loses nothing when sessions are ended whenever they are idle', async () => {
    const { open, admin } = await laid();
    await admin.sql(
      "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_session_timeout = 20', current_database()); END $$",
    );
    const [writer, reader] = [await open(), await open()];
    const watch = watching(reader, { after: 0 });
    for (let i = 1; i <= 5; i++) {
      const sessions = `SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'kubephant writer' AND datname = current_database()`;
      while ((await admin.number(sessions)) > 0);
      await createOnceMore(writer, `p${i}`);
      expect(await watch.told(1)).toEqual([`ADDED p${i}@${i}`]);
    }
    await watch.stop();
  });

  it('loses no write that was answered by a crash of the whole server, and the sequence goes on without a gap', async () => {
    const { open } = await laid();
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
  }, 60_000);

  it('is not believed after it has lost commits: revisions go on past what was seen, and watches start over', async () => {
    const { open, admin } = await laid();
    const store = await open();
    for (const name of ['a', 'b', 'c']) await create(store, name);
    const watch = watching(store, { after: 3 });
    await admin.sql(`BEGIN; DELETE FROM objects WHERE revision = 3; DELETE FROM log WHERE revision = 3;
      UPDATE revision SET latest = 2; COMMIT`);
    await expect(store.get(keyOf('c'))).rejects.toMatchObject({ reason: 'NotFound' });
    await expect(watch.ended).rejects.toMatchObject({ reason: 'Expired' });
    const { revision } = await create(store, 'c');
    expect(revision).toBeGreaterThan(1_000_000);
    await expect(watching(store, { after: 3 }).ended).rejects.toMatchObject({ reason: 'Expired' });
  });

  it('is not believed on another timeline to know every revision that was handed out', async () => {
    const { open, admin } = await laid();
    const store = await open();
    await create(store, 'a');
    await admin.sql("UPDATE revision SET timeline = 'before'");
    await admin.terminate('writer');
    const { revision } = await createOnceMore(store, 'b');
    expect(revision).toBeGreaterThan(1_000_000);
    await expect(watching(store, { after: 1 }).ended).rejects.toMatchObject({ reason: 'Expired' });
    expect((await store.list({ resource: 'pods' })).items).toHaveLength(2);
  });
});
