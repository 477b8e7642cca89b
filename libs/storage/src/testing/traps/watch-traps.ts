import { is } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
import type { Store, StoreEvent } from '../../store';
import { keyOf, opened, podOf, watching } from '../fixtures';
import type { Arena } from './arena';
import { bookmarksBesideTheQueue, droppingQueue, eventsBeforeTheError } from './naive/stores';
import { failureOf, mustEqual, mustHold, mustSucceed, type Trap } from './trap';

const create = async (store: Store, ...names: string[]): Promise<void> => {
  for (const name of names) await store.create(keyOf(name), podOf(name));
};

/** Reads until an object was seen. */
async function readUntil(events: AsyncIterator<readonly StoreEvent[]>, revision: number): Promise<StoreEvent[]> {
  const read: StoreEvent[] = [];
  while (!read.some((event) => event.type !== 'BOOKMARK' && event.revision === revision)) {
    const { value, done } = await events.next();
    if (done) return read;
    read.push(...value);
  }
  return read;
}

function mustNotOvertake(events: readonly StoreEvent[]): void {
  let vouched = 0;
  for (const { type, revision } of events) {
    if (type === 'BOOKMARK') vouched = revision;
    else mustHold(revision > vouched, `the bookmark ${vouched} has overtaken the event ${revision}`);
  }
}

export const watchTraps: readonly Trap<Arena>[] = [
  {
    id: 'T5',
    title: 'a bookmark comes after the events that it vouches for',
    evidence: 'kine#731, b71c7b0, 3d4e697, c40fead; etcd#15220',
    naive: bookmarksBesideTheQueue,
    symptom: /bookmark \d+ has overtaken the event/,
    async run(arena: Arena): Promise<void> {
      const clock = newFakeClock();
      const store = await arena.open({ clock });
      const stop = new AbortController();
      await create(store, 'first');
      const events = opened(store.watch({ resource: 'pods', bookmarks: true, after: 1 }, stop.signal));
      const reading = readUntil(events, 3);
      await create(store, 'a');
      await clock.advance(60_000);
      await create(store, 'b');
      mustNotOvertake(await reading);
      stop.abort();
    },
  },
  {
    id: 'T10',
    title: 'a watch from before the history is refused before its first event, and one at its very edge works',
    evidence: 'kine PR#238, PR#747, 2fbb4bf',
    naive: eventsBeforeTheError,
    symptom: /told events/,
    async run(arena: Arena): Promise<void> {
      const store = await arena.open();
      await create(store, 'a', 'b', 'c', 'd');
      await store.compact(3);
      const { signal } = new AbortController();
      const before = opened(store.watch({ resource: 'pods', after: 2 }, signal)).next();
      mustHold(is('Expired', await failureOf(before)), 'a watch from before the history told events');
      const at = watching(store, { after: 3 });
      mustEqual(await mustSucceed(at.told(1), 'the watch at the edge is refused'), ['ADDED d@4'], 'it tells');
      await at.stop();
      const negative = opened(store.watch({ resource: 'pods', after: -1 }, signal)).next();
      mustHold(is('BadRequest', await failureOf(negative)), 'a negative revision was taken');
    },
  },
  {
    id: 'T16',
    title: 'a reader that is too slow is told so, and loses no event without knowing',
    evidence: 'kine PR#238',
    naive: droppingQueue,
    symptom: /events were dropped/,
    async run(arena: Arena): Promise<void> {
      const store = await arena.open({ queue: { events: 20 } });
      await create(store, 'first');
      const stop = new AbortController();
      const slow = opened(store.watch({ resource: 'pods', after: 1 }, stop.signal));
      const waiting = slow.next();
      await create(store, 'second');
      await waiting;
      const quick = watching(store, { after: 2 });
      for (let i = 0; i < 30; i++) {
        await create(store, `p${i}`);
        await quick.take(1);
      }
      await quick.stop();
      const next = await slow.next().catch((err: unknown) => err);
      stop.abort();
      if (is('Expired', next)) return;
      const { value } = next as IteratorYieldResult<readonly StoreEvent[]>;
      mustHold(value.length === 30, 'events were dropped');
    },
  },
];
