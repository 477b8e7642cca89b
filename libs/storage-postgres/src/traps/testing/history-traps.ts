import { systemClock, untilAborted } from '@kubephant/base';
import { keyOf, mustEqual, mustSucceed, overriding, podOf, type Trap } from '@kubephant/storage/testing';
import type { Store } from '@kubephant/storage';
import { Admin } from './admin';
import type { PostgresArena, PostgresFault } from './arena';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));

const everybodyKeepsHouse = (): PostgresFault => ({
  name: 'a compaction by everybody at once',
  sql: `CREATE OR REPLACE FUNCTION keep_house(history interval) RETURNS void LANGUAGE sql AS
    'INSERT INTO mark (revision) SELECT latest FROM revision'`,
});

const compactsUntilItFails = (): PostgresFault => ({
  name: 'a compaction that ends with its first error',
  log: (log) =>
    overriding(log, {
      async run(signal, wake) {
        try {
          while (!signal.aborted) {
            await log.compact(await log.currentRevision());
            await systemClock.sleep(10, signal);
          }
        } catch {
          // Nobody starts it again.
        }
        await untilAborted(signal);
        await log.run(signal, wake);
      },
    }),
});

const dropsWithPatience = (): PostgresFault => ({
  name: 'a drop that waits for its lock',
  sql: `CREATE OR REPLACE FUNCTION drop_compacted() RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE oldest bigint := (SELECT min(p.first) FROM log_partition p, revision r WHERE p.past_last <= r.compacted + 1);
    BEGIN
      IF oldest IS NULL THEN RETURN false; END IF;
      EXECUTE format('DROP TABLE %I', 'log_' || oldest);
      DELETE FROM log_partition WHERE first = oldest;
      RETURN true;
    END $$`,
});

/** How history is forgotten. */
export const historyTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'T7 (house)',
    title: 'one API server at a time keeps house, and the others do not wait for it',
    evidence: 'kine#754',
    naive: everybodyKeepsHouse,
    symptom: /marks of the second/,
    async run({ admin, connectionString }: PostgresArena): Promise<void> {
      const first = await Admin.of(connectionString);
      const marks = () => admin.number('SELECT count(*) FROM mark');
      const keepHouse = "SELECT keep_house(interval '5 minutes')";
      try {
        await first.sql('BEGIN');
        await first.sql(keepHouse);
        const before = await marks();
        await mustSucceed(admin.sql(`SET LOCAL lock_timeout = '5s'; ${keepHouse}`), 'the second waits for the first');
        mustEqual((await marks()) - before, 0, 'marks of the second');
      } finally {
        await first.end();
      }
    },
  },
  {
    id: 'T8',
    title: 'compaction goes on after the database has refused it',
    evidence: 'kine#489, PR#414, k3s#10619, k3s#2004',
    naive: compactsUntilItFails,
    symptom: /history is kept for ever/,
    async run({ open, admin, comes, eventually }: PostgresArena): Promise<void> {
      const [found] = await admin.sql("SELECT pg_get_functiondef('compact(bigint)'::regprocedure) AS definition");
      await admin.sql(`CREATE SEQUENCE tries;
        CREATE OR REPLACE FUNCTION compact(before bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
          PERFORM nextval('kubephant.tries'); RAISE EXCEPTION 'canceling statement due to lock timeout'; END $$`);
      const store = await open({ historyMs: 50 });
      for (const name of ['a', 'b', 'c']) await create(store, name);
      await comes(async () => (await admin.sql('SELECT FROM tries WHERE is_called')).length > 0);
      await admin.sql(String(found?.['definition']));
      const compacted = () => admin.number('SELECT compacted FROM revision');
      await eventually(async () => (await compacted()) === 3, 'history is kept for ever');
    },
  },
  {
    id: 'D1',
    title: 'somebody who is idle in a transaction holds up compaction, and nobody else',
    evidence: 'DROP TABLE waits, and everybody waits behind it',
    naive: dropsWithPatience,
    symptom: /writes wait/,
    async run({ open, admin, connectionString, comes, eventually }: PostgresArena): Promise<void> {
      const store = await open({ historyMs: 50 });
      await create(store, 'a');
      const idle = await Admin.of(connectionString);
      await idle.sql('BEGIN; SELECT count(*) FROM log');
      try {
        await admin.sql('SELECT lock_revision(), extend_log(0, 10)');
        await admin.sql('UPDATE revision SET latest = (SELECT min(past_last) FROM log_partition), compacted = 1');
        const dropping = `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE a.datname = current_database() AND a.application_name = 'kubephant compactor' AND NOT l.granted`;
        await comes(async () => (await admin.sql(dropping)).length > 0);
        let written = false;
        void create(store, 'b').then(() => (written = true));
        await eventually(() => written, 'writes wait for somebody who is idle');
      } finally {
        await idle.end();
      }
      const oldest = () => admin.number('SELECT min(first) FROM log_partition');
      await eventually(async () => (await oldest()) > 1, 'what was in use is never dropped');
    },
  },
];
