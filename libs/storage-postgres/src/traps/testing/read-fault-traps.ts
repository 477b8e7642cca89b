import { is } from '@kubephant/api';
import { newFakeClock } from '@kubephant/base/testing';
import type { Store } from '@kubephant/storage';
import {
  failureOf,
  keyOf,
  mustEqual,
  mustHold,
  overriding,
  podOf,
  type Layer,
  type Trap,
} from '@kubephant/storage/testing';
import type { PostgresArena } from './arena';
import { during, textOf } from './during';
import { endsWithItsLease, halfASnapshot } from './naive/readers';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));

/** Something happens after the first page of the state has been read. */
const midway =
  (happens: () => Promise<unknown>): Layer =>
  (log) =>
    overriding(log, {
      snapshot: (use) =>
        log.snapshot(({ objects, ...snapshot }) => {
          const read = async function* () {
            let first = true;
            for await (const page of objects) {
              yield page;
              if (first) await happens();
              first = false;
            }
          };
          return use({ ...snapshot, objects: read() });
        }),
    });

/** What becomes of reading and running when something happens to the database. */
export const readFaultTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'D6',
    title: 'a restart in the middle of reading the state leaves nobody with half of it',
    evidence: 'a cursor that ends early looks like one that ends',
    naive: halfASnapshot,
    symptom: /objects of 60/,
    async run({ open, admin }: PostgresArena): Promise<void> {
      const writer = await open();
      await Promise.all(Array.from({ length: 60 }, (_, i) => create(writer, `p${i}`)));
      const interrupted: Store[] = [];
      await failureOf(
        open(
          {},
          midway(() => admin.terminate('snapshot')),
        ).then((store) => interrupted.push(store)),
      );
      for (const store of [...interrupted, await open()]) {
        const { items } = await store.list({ resource: 'pods', revision: 0 });
        mustEqual(items.length, 60, 'objects of 60');
      }
    },
  },
  {
    id: 'T20',
    title: 'a database that says nothing for minutes ends no API server: reads fail, and go on',
    evidence: 'k3s#2615, #4598',
    naive: endsWithItsLease,
    symptom: /has ended: .*leaderelection lost/,
    async run({ open, newRoad, ended, eventually }: PostgresArena): Promise<void> {
      const { road, via } = await newRoad();
      const clock = newFakeClock();
      const store = await open({ via, clock });
      await create(store, 'a');
      road.fallSilent();
      const failure = await during(() => clock.advance(10_000), failureOf(store.get(keyOf('a'))));
      mustHold(is('ServiceUnavailable', failure), `the reader was told ${textOf(failure)}`);
      mustEqual((await store.list({ resource: 'pods', revision: 0 })).items.length, 1, 'older state');
      road.cut();
      const written = async (): Promise<boolean> => {
        const attempt = failureOf(create(store, 'b'));
        await clock.advance(2000);
        return (await attempt) === undefined;
      };
      const late = await failureOf(eventually(written, 'it does not come back'));
      mustEqual(ended, [], 'the loop of the API server has ended');
      mustEqual(late, undefined, 'it does not come back');
    },
  },
];
