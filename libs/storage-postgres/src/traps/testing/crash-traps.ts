import { failureOf, keyOf, mustHold, naiveLogs, podOf, type Trap } from '@kubephant/storage/testing';
import type { PostgresArena } from './arena';

/** An arena on a server that can be killed, and is there again when that resolves. */
export interface CrashArena extends PostgresArena {
  readonly crash: () => Promise<void>;
}

/** What is left of what was being written when the server was killed. */
export const crashTraps: readonly Trap<CrashArena>[] = [
  {
    id: 'D7',
    title: 'a crash in the middle of a batch leaves all of it or nothing, and nobody is told that it was made',
    evidence: 'a batch is one transaction',
    naive: naiveLogs.oneByOne,
    symptom: /9 of 10 are there/,
    async run({ open, admin, comes, crash }: CrashArena): Promise<void> {
      const store = await open();
      await store.create(keyOf('before'), podOf('before'));
      await admin.stall();
      const batch = [...Array.from({ length: 9 }, (_, i) => `p${i}`), 'slow'];
      const writing = batch.map((name) => failureOf(store.create(keyOf(name), podOf(name))));
      await comes(async () => (await admin.stalled()) > 0);
      await crash();
      const outcomes = await Promise.all(writing);
      const { items } = await (await open()).list({ resource: 'pods', revision: 0 });
      const made = items.length - 1;
      mustHold(made === 0 || made === batch.length, `${made} of ${batch.length} are there`);
      mustHold(!outcomes.includes(undefined), 'somebody was told that it was made');
    },
  },
];
