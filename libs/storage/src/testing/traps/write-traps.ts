import { is } from '@kubephant/api';
import type { Store } from '../../store';
import { keyOf, podOf, type TestPod } from '../fixtures';
import type { Arena } from './arena';
import { losersAreErrors, losersTakeRevisions } from './naive/logs';
import { mustEqual, mustHold, type Trap } from './trap';

const times = <T>(count: number, make: (i: number) => Promise<T>): Promise<T>[] =>
  Array.from({ length: count }, (_, i) => make(i));
const failures = (outcomes: readonly PromiseSettledResult<unknown>[]): unknown[] =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
const countUp = (store: Store) =>
  store.guaranteedUpdate<TestPod>(keyOf('one'), (pod) => ({
    to: { ...pod!, spec: { count: (pod?.spec?.count ?? 0) + 1 } },
  }));

export const writeTraps: readonly Trap<Arena>[] = [
  {
    id: 'T7',
    title: 'API servers that remove the same old objects use one revision for each',
    evidence: 'kine#754',
    naive: losersTakeRevisions,
    symptom: /revisions were used/,
    async run(arena: Arena): Promise<void> {
      const stores = [await arena.open(), await arena.open(), await arena.open()];
      for (let i = 0; i < 5; i++) await stores[0]!.create(keyOf(`old${i}`), podOf(`old${i}`));
      for (const store of stores) await store.list({ resource: 'pods' });
      const reaping = stores.flatMap((store) => times(5, (i) => store.delete(keyOf(`old${i}`))));
      for (const failure of failures(await Promise.allSettled(reaping))) {
        mustHold(is('NotFound', failure), `who came second was told ${String(failure)}`);
      }
      const { revision } = await stores[0]!.create(keyOf('new'), podOf('new'));
      mustEqual(revision, 11, 'more revisions were used');
    },
  },
  {
    id: 'T19',
    title: 'who loses a race is told AlreadyExists, or decides again',
    evidence: 'kine#551',
    naive: losersAreErrors,
    symptom: /a loser was told/,
    async run(arena: Arena): Promise<void> {
      const stores = [await arena.open(), await arena.open()];
      const creating = stores.flatMap((store) => times(4, () => store.create(keyOf('one'), podOf('one'))));
      const lost = failures(await Promise.allSettled(creating));
      for (const failure of lost) mustHold(is('AlreadyExists', failure), `a loser was told ${String(failure)}`);
      mustEqual(lost.length, 7, 'losers');
      const refused = failures(await Promise.allSettled(stores.flatMap((store) => times(10, () => countUp(store)))));
      mustEqual(refused.map(String), [], 'a loser was told');
      const { object } = await stores[1]!.get<TestPod>(keyOf('one'));
      mustEqual(object.spec?.count, 20, 'updates that were counted');
    },
  },
];
