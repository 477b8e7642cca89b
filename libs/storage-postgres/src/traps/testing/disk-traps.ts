import { randomBytes } from 'node:crypto';
import { is } from '@kubephant/api';
import type { Store } from '@kubephant/storage';
import { failureOf, keyOf, mustEqual, mustHold, mustSucceed, podOf, type Trap } from '@kubephant/storage/testing';
import type { PostgresArena } from './arena';
import type { SmallDisk } from './disk';
import { textOf } from './during';
import { mustBeUnavailable } from './must-be-unavailable';
import { errorsAsTheyCome } from './naive/clients';

/** An arena on a server whose disk can be filled. */
export interface DiskArena extends PostgresArena {
  readonly disk: SmallDisk;
}

/** Nothing that can be compressed. */
const large = (name: string) => podOf(name, { data: { noise: randomBytes(60_000).toString('base64') } });

interface Outcomes {
  readonly made: string[];
  readonly refused: Map<string, unknown>;
}

/** Writes until five writes in a row have failed. */
async function writeUntilFull(store: Store): Promise<Outcomes> {
  const outcomes: Outcomes = { made: [], refused: new Map() };
  for (let i = 0, failed = 0; failed < 5; i++) {
    const name = `p${String(i).padStart(5, '0')}`;
    const failure = await failureOf(store.create(keyOf(name), large(name)));
    failed = failure === undefined ? 0 : failed + 1;
    if (failure === undefined) outcomes.made.push(name);
    else outcomes.refused.set(name, failure);
  }
  return outcomes;
}

const namesOf = async (store: Store): Promise<string[]> =>
  (await store.list({ resource: 'pods' })).items.map(({ key }) => key.name);

/** What a server says that has no room, without being short of any. */
export const saidDiskTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'D4 (said)',
    title: 'a server that says that its disk is full is away, and comes back',
    evidence: '53100',
    naive: errorsAsTheyCome,
    symptom: /told error: No space left/,
    async run({ open, admin }: PostgresArena): Promise<void> {
      await admin.onCreation('large', `RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100';`);
      const store = await open();
      const create = (name: string) => store.create(keyOf(name), podOf(name));
      const [large, small] = [create('large'), create('small')];
      small.catch(() => undefined);
      await mustBeUnavailable(store, 'large', large);
      await failureOf(small);
      await admin.sql('DROP TRIGGER on_large ON objects');
      await mustSucceed(create('large'), 'it does not come back');
    },
  },
];

/** What becomes of writes when there is no room for them. */
export const diskTraps: readonly Trap<DiskArena>[] = [
  {
    id: 'D4',
    title: 'a full disk is said to be one: nothing that was answered is lost, nothing that was refused is made',
    evidence: '53100',
    naive: errorsAsTheyCome,
    symptom: /a writer was told error: could not extend file/,
    async run({ open, disk, eventually }: DiskArena): Promise<void> {
      const store = await open();
      await disk.fillUpTo(3 << 20);
      const { made, refused } = await writeUntilFull(store);
      for (const failure of refused.values()) {
        mustHold(is('ServiceUnavailable', failure), `a writer was told ${textOf(failure)}`);
      }
      mustEqual(await namesOf(store), made, 'what is there while the disk is full');
      await disk.empty();
      const after = () => failureOf(store.create(keyOf('z-after'), large('z-after')));
      await eventually(async () => (await after()) === undefined, 'it does not come back');
      mustEqual(await namesOf(await open()), [...made, 'z-after'], 'what is there after a restart');
    },
  },
];
