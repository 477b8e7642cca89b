import { createHash } from 'node:crypto';
import { DatabaseError, escapeIdentifier, escapeLiteral, type Client } from 'pg';
import { views, type View } from './views';

/** dependent_objects_still_exist and lock_not_available: somebody has built on the view, or is reading it. */
const inUse = ['2BP01', '55P03'];

/**
 * Makes the views of this version and removes those of others, each only if it is not as it should be: that is told by
 * its comment. One that is in use stays as it is until the next start. The caller has the transaction.
 *
 * All are barriers: nothing that their reader writes is asked about rows that they leave out. And all may be read by
 * everyone who may use the schema, so that the API server need not know who that is.
 */
export async function refreshViews(client: Client, wanted: readonly View[] = views): Promise<void> {
  const there = await existing(client);
  const stale = wanted.filter((view) => there.get(view.name) !== commentOf(view));
  const surplus = [...there].filter(([name, comment]) => isOurs(comment) && !wanted.some((view) => view.name === name));
  await client.query("SET LOCAL lock_timeout = '2s'");
  for (const [name] of surplus) await attempt(client, `DROP VIEW ${qualified(name)}`);
  for (const view of stale) await attempt(client, definitionOf(view));
}

async function existing(client: Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; comment: string | null }>(`
    SELECT relname AS name, obj_description(oid, 'pg_class') AS comment
    FROM pg_class WHERE relnamespace = 'kubephant'::regnamespace AND relkind = 'v'`);
  return new Map(rows.map(({ name, comment }) => [name, comment ?? '']));
}

async function attempt(client: Client, sql: string): Promise<void> {
  await client.query('SAVEPOINT view');
  try {
    await client.query(sql);
    await client.query('RELEASE SAVEPOINT view');
  } catch (err) {
    if (!(err instanceof DatabaseError && inUse.includes(err.code ?? ''))) throw err;
    await client.query('ROLLBACK TO SAVEPOINT view');
  }
}

function definitionOf(view: View): string {
  const name = qualified(view.name);
  return `DROP VIEW IF EXISTS ${name};
    CREATE VIEW ${name} WITH (security_barrier) AS ${view.select};
    GRANT SELECT ON ${name} TO PUBLIC;
    COMMENT ON VIEW ${name} IS ${escapeLiteral(commentOf(view))}`;
}

const mark = 'Made by kubephant, definition';
const isOurs = (comment: string): boolean => comment.includes(mark);
const commentOf = ({ comment, select }: View): string =>
  `${comment} ${mark} ${createHash('sha256').update(select).digest('hex').slice(0, 12)}.`;

const qualified = (name: string): string => `kubephant.${escapeIdentifier(name)}`;
