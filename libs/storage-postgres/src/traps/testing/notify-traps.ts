import { newFakeClock } from '@kubephant/base/testing';
import type { Store } from '@kubephant/storage';
import { keyOf, mustEqual, naiveLogs, podOf, watching, type Trap } from '@kubephant/storage/testing';
import { Admin } from './admin';
import type { PostgresArena } from './arena';
import { hears } from './hears';
import { listensInATransaction, oneEventPerNotification } from './naive/readers';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));

const listeners = async ({ admin }: PostgresArena): Promise<readonly unknown[]> => {
  const sessions = await admin.sql(`SELECT pid FROM pg_stat_activity
    WHERE query = 'LISTEN kubephant' AND datname = current_database()`);
  return sessions.map(({ pid }) => pid);
};

/** Notifications are hints: what they miss, repeat or make up changes nothing but the time it takes. */
export const notifyTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'N1',
    title: 'a notification that never arrives delays an event by a second of the clock',
    evidence: 'postgresql.org sql-notify, pgbouncer#655',
    naive: naiveLogs.hintsAreTruth,
    symptom: /never told/,
    async run(arena: PostgresArena): Promise<void> {
      await arena.admin.sql(
        'CREATE FUNCTION pg_notify(text, text) RETURNS void LANGUAGE sql AS $$ SELECT NULL::void $$',
      );
      const clock = newFakeClock();
      const [writer, reader] = [await arena.open(), await arena.open({ clock })];
      const watch = watching(reader, { after: 0 });
      await create(writer, 'a');
      await arena.eventually(
        hears(watch, ['ADDED a@1'], () => clock.advance(1000)),
        'a watcher is never told',
      );
      await watch.stop();
    },
  },
  {
    id: 'N2',
    title: 'notifications that are folded, repeated or made up change nothing',
    evidence: 'postgresql.org sql-notify: identical payloads are folded',
    naive: oneEventPerNotification,
    symptom: /never told/,
    async run(arena: PostgresArena): Promise<void> {
      const [writer, reader] = [await arena.open(), await arena.open()];
      const watch = watching(reader, { after: 0 });
      await Promise.all(['a', 'b', 'c'].map((name) => create(writer, name)));
      await arena.eventually(hears(watch, ['ADDED a@1', 'ADDED b@2', 'ADDED c@3']), 'a watcher is never told');
      for (const payload of ['1', '1', '', 'abc', '-1', '999999', 'NaN', '1e400']) {
        await arena.admin.sql(`NOTIFY kubephant, '${payload}'`);
      }
      await create(writer, 'd');
      await arena.eventually(hears(watch, ['ADDED d@4']), 'a watcher is never told');
      mustEqual(await watch.stop(), [], 'events that nobody made');
    },
  },
  {
    id: 'N3',
    title: 'a listener whose packets are dropped in silence loses nothing, and is replaced',
    evidence: 'node-postgres#3003, #2234, #967',
    naive: naiveLogs.hintsAreTruth,
    symptom: /never told/,
    async run(arena: PostgresArena): Promise<void> {
      const { road, via } = await arena.newRoad();
      const clock = newFakeClock();
      const [writer, reader] = [await arena.open(), await arena.open({ via, clock })];
      await arena.comes(async () => (await listeners(arena)).length === 2);
      const watch = watching(reader, { after: 0 });
      await create(writer, 'a');
      await arena.comes(hears(watch, ['ADDED a@1']));
      const before = await listeners(arena);
      road.fallSilent('listener');
      await create(writer, 'b');
      await arena.eventually(
        hears(watch, ['ADDED b@2'], () => clock.advance(1000)),
        'a watcher is never told',
      );
      await arena.eventually(async () => {
        await clock.advance(1000);
        return (await listeners(arena)).some((pid) => !before.includes(pid));
      }, 'the listener is never replaced');
      await watch.stop();
      road.cut();
    },
  },
  {
    id: 'N4',
    title: 'what happens while nobody listens is read by who comes back',
    evidence: 'postgresql.org sql-listen: no memory',
    naive: naiveLogs.hintsAreTruth,
    symptom: /never told/,
    async run(arena: PostgresArena): Promise<void> {
      const { admin, connectionString } = arena;
      const clock = newFakeClock();
      const [writer, reader] = [await arena.open(), await arena.open({ clock })];
      await arena.comes(async () => (await listeners(arena)).length === 2);
      const watch = watching(reader, { after: 0 });
      await create(writer, 'a');
      await arena.comes(hears(watch, ['ADDED a@1']));
      const url = new URL(connectionString);
      const name = url.pathname.slice(1);
      url.pathname = 'postgres';
      const outside = await Admin.of(url.toString());
      await outside.sql(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin.terminate('listener');
      await create(writer, 'b');
      await outside.sql(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await outside.end();
      await arena.eventually(
        hears(watch, ['ADDED b@2'], () => clock.advance(100)),
        'a watcher is never told',
      );
      await watch.stop();
    },
  },
  {
    id: 'N5',
    title: 'no session is idle in a transaction, which would keep notifications of everybody for ever',
    evidence: 'postgresql.org sql-notify: the queue is 8 GB',
    naive: listensInATransaction,
    symptom: /idle in a transaction/,
    async run(arena: PostgresArena): Promise<void> {
      const { open, admin, comes, eventually } = arena;
      const store = await open({ historyMs: 100 });
      await create(store, 'a');
      await store.list({ resource: 'pods' });
      const idle = `SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state LIKE 'idle in transaction%'`;
      await comes(async () => (await listeners(arena)).length > 0);
      await eventually(async () => (await admin.number(idle)) === 0, 'a session is idle in a transaction');
    },
  },
];
