import { is } from '@kubephant/api';
import type { Store } from '@kubephant/storage';
import {
  failureOf,
  keyOf,
  mustEqual,
  mustHold,
  mustSucceed,
  podOf,
  watching,
  type Trap,
} from '@kubephant/storage/testing';
import { Admin } from './admin';
import type { PostgresArena, PostgresFault } from './arena';
import { textOf } from './during';
import { anyServer } from './naive/unchecked';
import type { Pair } from './pair';
import { socketOf } from './road';

/** An arena on the primary of a pair. */
export interface PairArena extends PostgresArena {
  readonly pair: Pair;
}

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));
const names = async (store: Store): Promise<string[]> =>
  (await store.list({ resource: 'pods' })).items.map(({ key }) => key.name);

const goesOnWhereItIs = (): PostgresFault => ({
  name: 'a sequence that goes on where the log is',
  sql: `CREATE OR REPLACE FUNCTION adopt() RETURNS void LANGUAGE sql AS '';
    CREATE OR REPLACE FUNCTION skip_past(known bigint) RETURNS bigint LANGUAGE sql AS 'SELECT latest FROM revision'`,
});

/** Waits until the standby has everything that the primary has. */
async function caughtUp({ admin, pair, comes }: PairArena): Promise<void> {
  const standby = await Admin.of(pair.standby);
  const [position] = await admin.sql('SELECT pg_current_wal_lsn()::text AS at');
  const there = `SELECT (pg_last_wal_replay_lsn() >= '${String(position?.['at'])}')::int`;
  await comes(async () => (await standby.number(there)) === 1);
  await standby.end();
}

/** What a second server beside the primary can do to a store. */
export const standbyTraps: readonly Trap<PairArena>[] = [
  {
    id: 'T21',
    title: 'a standby is refused in words, and nobody reads from it what is old',
    evidence: 'kine#565',
    naive: anyServer,
    symptom: /read from a standby/,
    async run(arena: PairArena): Promise<void> {
      const { open, pair } = arena;
      const writer = await open();
      await create(writer, 'before');
      await caughtUp(arena);
      const standby = await Admin.of(pair.standby);
      await standby.sql('SELECT pg_wal_replay_pause()');
      await standby.end();
      await create(writer, 'after');
      const opened: Store[] = [];
      const refusal = await failureOf(open({ via: pair.standby }).then((store) => opened.push(store)));
      for (const store of opened) mustEqual(await names(store), ['after', 'before'], 'what is read from a standby');
      mustHold(textOf(refusal).includes('is a standby'), `who opens one is told ${textOf(refusal)}`);
    },
  },
  {
    id: 'F1',
    title: 'after a failover that lost commits no revision means two things, and everybody sees one state',
    evidence: 'an asynchronous standby can lose acknowledged writes',
    naive: goesOnWhereItIs,
    symptom: /means two things/,
    async run(arena: PairArena): Promise<void> {
      const { open, newRoad, pair, eventually } = arena;
      const [here, there] = [await newRoad(), await newRoad()];
      // One API server sees what will be lost, the other one does not.
      const [knowing, ignorant] = [await open({ via: here.via }), await open({ via: there.via })];
      await create(knowing, 'kept');
      mustEqual(await names(ignorant), ['kept'], 'what was there before');
      await caughtUp(arena);
      await pair.stopStandby();
      there.road.fallSilent();
      const watch = watching(knowing, { after: 0 });
      for (const name of ['lost1', 'lost2']) await create(knowing, name);
      mustEqual(await watch.told(3), ['ADDED kept@1', 'ADDED lost1@2', 'ADDED lost2@3'], 'what was seen');
      await pair.failOver();
      for (const { road } of [here, there]) road.leadTo(socketOf(pair.standby));
      const attempt = async (): Promise<boolean> => {
        const failure = await failureOf(create(ignorant, 'new'));
        return failure === undefined || is('AlreadyExists', failure);
      };
      await eventually(attempt, 'the new primary takes no writes');
      const { revision } = await ignorant.get(keyOf('new'));
      mustHold(revision > 3, `revision ${revision} means two things`);
      const lost = await failureOf(knowing.get(keyOf('lost2')));
      mustHold(is('NotFound', lost), `who asks for what was lost is told ${textOf(lost)}`);
      mustHold(is('Expired', await failureOf(watch.ended)), 'a watch that has seen what was lost goes on');
      for (const store of [knowing, ignorant]) {
        mustEqual(await names(store), ['kept', 'new'], 'the state');
        const late = await failureOf(watching(store, { after: 3 }).ended);
        mustHold(is('Expired', late), 'a watch starts at a revision that was lost');
      }
      mustEqual((await mustSucceed(create(knowing, 'last'), 'a write')).revision, revision + 1, 'the next revision');
    },
  },
];
