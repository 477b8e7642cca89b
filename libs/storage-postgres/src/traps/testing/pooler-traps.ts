import type { Store } from '@kubephant/storage';
import { failureOf, keyOf, mustHold, podOf, watching, type Trap } from '@kubephant/storage/testing';
import type { PostgresArena } from './arena';
import { textOf } from './during';
import { hears } from './hears';
import { listensThroughAnything } from './naive/unchecked';

/** An arena with a second way to the database, through a pooler. */
export interface PoolerArena extends PostgresArena {
  readonly pooled: string;
}

/** What a connection pooler before the database can do to a store. */
export const poolerTraps: readonly Trap<PoolerArena>[] = [
  {
    id: 'P1',
    title: 'a pooler of transactions is refused in words, and nobody listens through it in vain',
    evidence: 'pgbouncer#655, k3s#14525',
    naive: listensThroughAnything,
    symptom: /never told/,
    async run({ open, pooled, eventually }: PoolerArena): Promise<void> {
      const writer = await open();
      const opened: Store[] = [];
      const refusal = await failureOf(open({ via: pooled }).then((store) => opened.push(store)));
      for (const store of opened) {
        const watch = watching(store, { after: 0, initialEvents: true });
        await writer.create(keyOf('a'), podOf('a'));
        await eventually(hears(watch, ['ADDED a@1']), 'who listens through a pooler is never told');
      }
      mustHold(/connection pooler such as pgbouncer/.test(textOf(refusal)), `who opens it is told ${textOf(refusal)}`);
      mustHold(refusal instanceof Error && refusal.name === 'UnusableDatabase', 'and waiting is said to be of use');
    },
  },
];
