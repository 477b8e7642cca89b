import { is } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
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
import type { Store } from '@kubephant/storage';
import type { PostgresArena } from './arena';
import { hears } from './hears';
import { gapsFilled, gapsIgnored, gapsSkipped, noPrimaryKey, plainSequence } from './naive/sequence';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));

/** One transaction stops between its insert and its commit; another one comes; somebody reads all the time. */
async function outOfOrder({ open, admin, comes, eventually }: PostgresArena): Promise<void> {
  const clock = newFakeClock();
  const [one, two, reader] = [await open(), await open(), await open({ clock })];
  const watch = watching(reader, { after: 0 });
  await admin.stall();
  const slow = create(one, 'slow');
  slow.catch(() => undefined);
  await comes(async () => (await admin.stalled()) > 0);
  const seen: string[] = [];
  const collecting = (async () => {
    while (seen.length < 2) seen.push(...(await watch.told(1)));
  })();
  collecting.catch(() => undefined);
  const quick = create(two, 'quick');
  await comes(async () => {
    await clock.advance(1000);
    return seen.length > 0 || (await admin.waitingForRevision()) > 0;
  });
  await admin.free();
  await quick;
  await mustSucceed(slow, 'the slow write was refused');
  await comes(async () => {
    await clock.advance(1000);
    return seen.length > 0;
  });
  await eventually(async () => {
    await clock.advance(1000);
    return seen.length === 2;
  }, 'an event was lost');
  mustEqual(seen, ['ADDED slow@1', 'ADDED quick@2'], 'the order of events');
  await watch.stop();
}

/** How revisions are given out, and in which order they are seen. */
export const orderTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'T1',
    title: 'transactions that overlap are seen in the order of their revisions, all of them',
    evidence: 'kine#676, #3',
    naive: gapsIgnored,
    symptom: /an event was lost/,
    run: outOfOrder,
  },
  {
    id: 'T2',
    title: 'a transaction that fails leaves no gap, and nobody waits for it',
    evidence: 'kine#754, PR#759, #82, #71',
    naive: plainSequence,
    symptom: /stands still/,
    async run({ open, admin, eventually }: PostgresArena): Promise<void> {
      await admin.onCreation('refused', `RAISE EXCEPTION 'not this one';`);
      const [writer, reader] = [await open(), await open()];
      const watch = watching(reader, { after: 0 });
      await create(writer, 'before');
      await failureOf(create(writer, 'refused'));
      await failureOf(create(writer, 'after'));
      await eventually(hears(watch, ['ADDED before@1', 'ADDED after@2']), 'the watch stands still');
      await watch.stop();
    },
  },
  {
    id: 'T3',
    title: 'a transaction may take as long as it likes, and is not skipped',
    evidence: 'kine#676, canSkipRevision',
    naive: gapsSkipped,
    symptom: /an event was lost/,
    run: outOfOrder,
  },
  {
    id: 'T4',
    title: 'nobody writes into the place of somebody who is slow',
    evidence: 'kine PR#226, k3s#8708',
    naive: gapsFilled,
    symptom: /the slow write was refused: .*duplicate key/,
    run: outOfOrder,
  },
  {
    id: 'T13',
    title: 'one of two creations of a name wins, also right after its deletion',
    evidence: 'kine#504',
    naive: noPrimaryKey,
    symptom: /creations that won/,
    async run({ open, admin, comes }: PostgresArena): Promise<void> {
      const [one, two] = [await open(), await open()];
      await create(one, 'slow');
      await one.delete(keyOf('slow'));
      await two.list({ resource: 'pods' });
      await admin.stall();
      const creating = Promise.allSettled([one, two].map((store) => create(store, 'slow')));
      await comes(async () => (await admin.stalled()) + (await admin.waitingForRevision()) === 2);
      await admin.free();
      const lost = (await creating).flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
      );
      mustEqual(2 - lost.length, 1, 'creations that won');
      mustHold(is('AlreadyExists', lost[0]), `the loser was told ${String(lost[0])}`);
    },
  },
];
