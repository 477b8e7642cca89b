import { is } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
import type { Store } from '@kubephant/storage';
import {
  failureOf,
  keyOf,
  mustEqual,
  mustHold,
  mustSucceed,
  naiveLogs,
  podOf,
  type Trap,
} from '@kubephant/storage/testing';
import { Client } from 'pg';
import type { PostgresArena } from './arena';
import { during, textOf } from './during';
import { mustBeUnavailable } from './must-be-unavailable';
import { errorsAsTheyCome, manyRoundTrips } from './naive/clients';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));

/** Takes every connection that the server has left. */
async function takeAll(connectionString: string): Promise<Client[]> {
  const taken: Client[] = [];
  for (;;) {
    const client = new Client({ connectionString });
    client.on('error', () => undefined);
    try {
      await client.connect();
    } catch {
      return taken;
    }
    taken.push(client);
  }
}

/** What becomes of a write when something happens to the database on the way. */
export const writeFaultTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'T19 (answer lost)',
    title: 'a write that was made, and whose answer was lost, is said to be unknown',
    evidence: 'kine#551',
    naive: naiveLogs.retriesEverything,
    symptom: /the writer was told .*already exists/,
    async run({ open, admin, newRoad, comes }: PostgresArena): Promise<void> {
      const { road, via } = await newRoad();
      const store = await open({ via });
      await create(store, 'before');
      await admin.stall();
      const outcome = failureOf(create(store, 'slow'));
      await comes(async () => (await admin.stalled()) > 0);
      road.fallSilent('writer');
      await admin.free();
      const made = () => admin.number("SELECT count(*) FROM objects WHERE name = 'slow'");
      await comes(async () => (await made()) === 1);
      road.cut();
      const failure = await outcome;
      mustHold(is('Timeout', failure), `the writer was told ${textOf(failure)}`);
      await mustSucceed(store.get(keyOf('slow')), 'what was made is not there');
    },
  },
  {
    id: 'T19 (question lost)',
    title: 'a write whose connection ends on the way is said to be unknown, and not tried again',
    evidence: 'kine#551',
    naive: naiveLogs.retriesEverything,
    symptom: /tried again in silence/,
    async run({ open, admin, comes }: PostgresArena): Promise<void> {
      const store = await open();
      await create(store, 'a');
      await admin.lockRevision();
      const outcome = failureOf(create(store, 'b'));
      await comes(async () => (await admin.waitingForRevision()) > 0);
      await admin.terminate('writer');
      await admin.free();
      const failure = await outcome;
      mustHold(failure !== undefined, 'the write was tried again in silence');
      mustHold(is('Timeout', failure), `the writer was told ${textOf(failure)}`);
      mustHold(is('NotFound', await failureOf(store.get(keyOf('b')))), 'it was made after all');
      mustEqual((await create(store, 'b')).revision, 2, 'the next revision');
    },
  },
  {
    id: 'T19 (transient)',
    title: 'what PostgreSQL rolled back because somebody was in the way is tried again',
    evidence: 'kine#551',
    naive: errorsAsTheyCome,
    symptom: /a write was refused: .*could not serialize/,
    async run({ open, admin }: PostgresArena): Promise<void> {
      await admin.sql('CREATE SEQUENCE tries');
      const once = (code: string) => `IF nextval('kubephant.tries') % 2 = 1 THEN
        RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '${code}'; END IF;`;
      await admin.onCreation('torn', once('40001'));
      await admin.onCreation('deadlocked', once('40P01'));
      const store = await open();
      for (const [i, name] of ['torn', 'deadlocked'].entries()) {
        const { revision } = await mustSucceed(create(store, name), 'a write was refused');
        mustEqual(revision, i + 1, 'the revision');
      }
    },
  },
  {
    id: 'D2',
    title: 'a statement that takes too long was not made, and may come again',
    evidence: 'statement_timeout, 57014',
    naive: errorsAsTheyCome,
    symptom: /told error: canceling statement/,
    async run({ open, admin, comes }: PostgresArena): Promise<void> {
      const store = await open();
      await create(store, 'a');
      await admin.lockRevision();
      const writing = create(store, 'b');
      writing.catch(() => undefined);
      await comes(async () => (await admin.waitingForRevision()) > 0);
      await admin.cancelWrites();
      await mustBeUnavailable(store, 'b', writing);
      await admin.free();
      mustEqual((await create(store, 'b')).revision, 2, 'the next revision');
    },
  },
  {
    id: 'D3',
    title: 'a server that has no connection left is away, and comes back',
    evidence: 'max_connections, 53300',
    naive: errorsAsTheyCome,
    symptom: /told error: sorry, too many clients/,
    async run({ open, admin, connectionString, comes, eventually }: PostgresArena): Promise<void> {
      const clock = newFakeClock();
      const store = await open({ clock });
      await create(store, 'a');
      const taken = await takeAll(connectionString);
      try {
        await admin.terminate('writer');
        await comes(async () => {
          taken.push(...(await takeAll(connectionString)));
          return (
            (await admin.sql("SELECT FROM pg_stat_activity WHERE application_name = 'kubephant writer'")).length === 0
          );
        });
        const writing = create(store, 'b');
        await during(() => clock.advance(1000), failureOf(writing));
        await mustBeUnavailable(store, 'b', writing);
      } finally {
        await Promise.all(taken.map((client) => client.end()));
      }
      await eventually(async () => {
        const attempt = failureOf(create(store, 'b'));
        await clock.advance(2000);
        return (await attempt) === undefined;
      }, 'it does not come back');
    },
  },
  {
    id: 'D5',
    title: 'a client that dies without a word takes no lock with it',
    evidence: 'an advisory lock is held until TCP gives up',
    naive: manyRoundTrips,
    symptom: /everybody waits for a dead client/,
    async run({ open, admin, newRoad, comes, eventually }: PostgresArena): Promise<void> {
      const { road, via } = await newRoad();
      const [dying, living] = [await open({ via }), await open()];
      await admin.stall();
      const dead = failureOf(create(dying, 'slow'));
      await comes(async () => (await admin.stalled()) > 0);
      road.fallSilent();
      await admin.free();
      let written = false;
      void create(living, 'a').then(
        () => (written = true),
        () => undefined,
      );
      await eventually(() => written, 'everybody waits for a dead client').finally(() => road.cut());
      await dead;
    },
  },
];
