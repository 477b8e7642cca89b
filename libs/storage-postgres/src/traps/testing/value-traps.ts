import { StatusError } from '@kubephant/api';
import type { Listed, ListOptions, Store } from '@kubephant/storage';
import {
  failureOf,
  keyOf,
  mustEqual,
  mustHold,
  mustSucceed,
  overriding,
  podOf,
  watching,
  type Trap,
} from '@kubephant/storage/testing';
import { Client } from 'pg';
import type { PostgresArena, PostgresFault } from './arena';

const create = (store: Store, name: string) => store.create(keyOf(name), podOf(name));
const names = ({ items }: Listed): string[] => items.map(({ key }) => key.name);

/** Lists and their pages are ranges of an index, in the order that the database sorts text in. */
const orderOfTheDatabase = (): PostgresFault => ({
  name: "the database's order of text",
  storeOnDatabase: (store, connectionString) =>
    overriding(store, {
      async list(options: ListOptions) {
        const all = await store.list({ resource: options.resource });
        const rows = await namesAfter(connectionString, options.continue ?? '', options.limit ?? 1000);
        const items = rows.map((name) => all.items.find(({ key }) => key.name === name)!);
        const last = rows.length === options.limit ? { continue: rows.at(-1)! } : {};
        return { revision: all.revision, items, ...last } as unknown as Listed<never>;
      },
    }),
});

async function namesAfter(connectionString: string, start: string, limit: number): Promise<string[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const text = `SELECT name COLLATE "default" AS name FROM kubephant.objects
      WHERE name COLLATE "default" > $1 ORDER BY 1 LIMIT $2`;
    return (await client.query<{ name: string }>(text, [start, limit])).rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const everyErrorIsAnOutage = (): PostgresFault => ({
  name: 'errors that are all outages',
  log: (log) =>
    overriding(log, {
      async commit(batch, known) {
        try {
          return await log.commit(batch, known);
        } catch (err) {
          throw new StatusError('ServiceUnavailable', String(err));
        }
      },
    }),
});

const revisionsOf32Bits = (): PostgresFault => ({
  name: 'revisions of 32 bits',
  sql: 'ALTER TABLE objects ADD CHECK (revision::int > 0)',
});

/** A life around a revision: written, paged, watched, decided on, removed, and found again after a restart. */
async function live({ open }: PostgresArena, start: number): Promise<void> {
  const [one, two] = [await open(), await open()];
  const watch = watching(two, { after: start });
  const name = (n: number): string => `at-${start}-${n}`;
  for (const n of [1, 2, 3]) {
    const { revision, object } = await mustSucceed(create(one, name(n)), `revision ${start + n} is refused`);
    mustEqual([revision, object.metadata.resourceVersion], [start + n, String(start + n)], 'the revision');
  }
  const added = [1, 2, 3].map((n) => `ADDED ${name(n)}@${start + n}`);
  mustEqual(await watch.told(3), added, 'what the watch tells');
  const first = await two.list({ resource: 'pods', limit: 2 });
  await one.delete(keyOf(name(3)), { preconditions: { resourceVersion: String(start + 3) } });
  const rest = await mustSucceed(two.list({ resource: 'pods', continue: first.continue! }), 'the token is refused');
  mustEqual([rest.revision, names(rest).includes(name(3))], [start + 3, true], 'the second page');
  const restarted = await open();
  const again = watching(restarted, { after: start });
  mustEqual(await again.told(4), [...added, `DELETED ${name(3)}@${start + 4}`], 'what is told after a restart');
  await Promise.all([watch.stop(), again.stop()]);
}

/** What PostgreSQL makes of text and numbers, on a database that sorts text as English does. */
export const valueTraps: readonly Trap<PostgresArena>[] = [
  {
    id: 'T17',
    title: 'lists and pages are in the order of bytes, whatever the database sorts by',
    evidence: 'kine pgsql.go COLLATE "C", s3-orchestrator#1232',
    naive: orderOfTheDatabase,
    symptom: /order of a list/,
    async run({ open, admin }: PostgresArena): Promise<void> {
      const made = ['b', 'B', 'a', 'a-b', 'a.b', 'ab', 'A', 'Z', '~', '0', 'é', '\u{1F418}', '\uFF5E'];
      const [collated] = await admin.sql(`SELECT 'a' < 'B' COLLATE "default" AS english`);
      mustHold(collated?.['english'] === true, 'the database sorts bytes anyway');
      const store = await open();
      for (const name of made) await create(store, name);
      const bytewise = made.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      for (const reader of [store, await open()]) {
        mustEqual(names(await reader.list({ resource: 'pods' })), bytewise, 'the order of a list');
        let page = await reader.list({ resource: 'pods', limit: 3 });
        const paged = names(page);
        while (page.continue) {
          page = await reader.list({ resource: 'pods', limit: 3, continue: page.continue });
          paged.push(...names(page));
        }
        mustEqual(paged, bytewise, 'the order of pages');
      }
    },
  },
  {
    id: 'T17 (NUL)',
    title: 'a name that PostgreSQL cannot hold is refused alone, with a status, and costs no revision',
    evidence: 'kine pgsql.go \\x00',
    naive: everyErrorIsAnOutage,
    symptom: /who came with it was refused/,
    async run({ open }: PostgresArena): Promise<void> {
      const store = await open();
      const [a, nul, b] = ['a', 'nul\0', 'b'].map((name) => create(store, name));
      const refusal = failureOf(nul!);
      await mustSucceed(Promise.all([a!, b!]), 'who came with it was refused');
      mustHold((await refusal) instanceof StatusError, 'the refusal is no status');
      mustEqual((await create(store, 'c')).revision, 3, 'the next revision');
    },
  },
  {
    id: 'T18',
    title: 'revisions go on past 2^31 and up to where numbers end',
    evidence: 'kine pgsql.go schemaMigrations',
    naive: revisionsOf32Bits,
    symptom: /revision 2147483648 is refused: .*out of range/,
    async run(arena: PostgresArena): Promise<void> {
      for (const start of [2 ** 31 - 2, 2 ** 32 - 2, Number.MAX_SAFE_INTEGER - 100]) {
        await arena.admin.sql(`UPDATE revision SET latest = ${start}, compacted = ${start}`);
        await live(arena, start);
      }
    },
  },
];
