import { is } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
import type { Listed, Store } from '../../store';
import { keyOf, podOf } from '../fixtures';
import type { Arena } from './arena';
import { slowAnswerFor, whileLoading } from './layers';
import { tombstonesFirst, twoSnapshots } from './naive/logs';
import {
  lastRevisionLearned,
  newestForAnyRevision,
  revisionOfTheNewestObject,
  revisionOfTheRequest,
} from './naive/stores';
import { failureOf, mustEqual, mustHold, mustSucceed, type Trap } from './trap';

const create = async (store: Store, ...names: string[]): Promise<void> => {
  for (const name of names) await store.create(keyOf(name), podOf(name));
};
const names = ({ items }: Listed): string[] => items.map(({ key }) => key.name);

export const readTraps: readonly Trap<Arena>[] = [
  {
    id: 'T6',
    title: 'the revision does not go back when an older answer comes later',
    evidence: 'kine 0ec37c6, 8002c42',
    naive: lastRevisionLearned,
    symptom: /went back/,
    async run(arena: Arena): Promise<void> {
      const slow = slowAnswerFor('slow');
      const [one, two] = [await arena.open({}, slow.layer), await arena.open()];
      const creating = one.create(keyOf('slow'), podOf('slow'));
      await slow.committed;
      await create(two, 'quick');
      await one.get(keyOf('quick'));
      slow.arrive();
      await creating;
      mustHold(one.revision === 2, `the revision went back to ${one.revision}`);
      await mustSucceed(one.get(keyOf('quick'), 2), 'what was seen before is refused');
    },
  },
  {
    id: 'T9',
    title: 'what was deleted does not come back with compaction and a restart',
    evidence: 'kine#408',
    naive: tombstonesFirst,
    symptom: /came back/,
    async run(arena: Arena): Promise<void> {
      const store = await arena.open();
      await create(store, 'a', 'gone');
      await store.delete(keyOf('gone'));
      await failureOf(store.compact(3));
      const restarted = await arena.open();
      mustEqual(names(await restarted.list({ resource: 'pods', revision: 0 })), ['a'], 'a deleted object came back');
    },
  },
  {
    id: 'T11',
    title: 'a revision that is gone or has not come is refused, not answered with another',
    evidence: 'kine#215, PR#231',
    naive: newestForAnyRevision,
    symptom: /was answered with another/,
    async run(arena: Arena): Promise<void> {
      const clock = newFakeClock();
      const store = await arena.open({ clock });
      await create(store, 'a', 'b', 'c');
      await store.compact(2);
      const gone = await failureOf(store.list({ resource: 'pods', revision: 1, match: 'exact' }));
      mustHold(is('Expired', gone), 'a compacted revision was answered with another');
      const coming = [failureOf(store.list({ resource: 'pods', revision: 99 })), failureOf(store.get(keyOf('a'), 99))];
      await clock.advance(3000);
      for (const refusal of await Promise.all(coming)) {
        mustHold(is('Timeout', refusal), 'a revision of the future was answered with another');
      }
    },
  },
  {
    id: 'T12',
    title: 'a list says the revision that it was read at',
    evidence: 'kine 60bd963',
    naive: revisionOfTheRequest,
    symptom: /says another revision/,
    async run(arena: Arena): Promise<void> {
      const store = await arena.open();
      await create(store, 'a', 'b');
      const listed = await store.list({ resource: 'pods', revision: 1 });
      mustEqual([listed.revision, names(listed)], [2, ['a', 'b']], 'the list says another revision');
    },
  },
  {
    id: 'T14',
    title: 'what is written while the state is being read is not missed',
    evidence: 'kine#391, k8s#49992, #123072',
    naive: twoSnapshots,
    symptom: /is missing/,
    async run(arena: Arena): Promise<void> {
      const writer = await arena.open();
      await create(writer, 'before');
      const reader = await arena.open(
        {},
        whileLoading(() => create(writer, 'meanwhile')),
      );
      await mustSucceed(reader.get(keyOf('meanwhile')), 'an object is missing');
      mustEqual(names(await reader.list({ resource: 'pods' })), ['before', 'meanwhile'], 'an object is missing');
    },
  },
  {
    id: 'T15',
    title: 'a watch from a list works when all objects are older than the history',
    evidence: 'kine#311, PR#312',
    naive: revisionOfTheNewestObject,
    symptom: /refused/,
    async run(arena: Arena): Promise<void> {
      const store = await arena.open();
      await create(store, 'old', 'gone');
      await store.delete(keyOf('gone'));
      await store.compact(3);
      const restarted = await arena.open();
      const { revision } = await restarted.list({ resource: 'pods' });
      const stop = new AbortController();
      const next = restarted.watch({ resource: 'pods', after: revision }, stop.signal)[Symbol.asyncIterator]().next();
      const told = mustSucceed(next, 'the watch is refused');
      await create(store, 'new');
      const { value } = (await told) as { value: readonly { readonly revision: number }[] };
      stop.abort();
      mustEqual(
        value.map((event) => event.revision),
        [4],
        'the watch tells something else',
      );
    },
  },
];
