import { PageSize, type LogSnapshot, type ObjectRow, type Value } from '@kubephant/storage';
import type { Client, QueryResultRow } from 'pg';
import { keyOf, undoColumns, undoRecord, type KeyColumns } from './rows';

interface ObjectColumns extends KeyColumns {
  readonly revision: number;
  readonly created_revision: number;
  readonly data: string;
}

/** The state and the way back from it, in one transaction that sees one moment. */
export async function readSnapshot<T>(client: Client, use: (snapshot: LogSnapshot) => Promise<T>): Promise<T> {
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ latest: number; compacted: number }>('SELECT latest, compacted FROM revision');
  const [position] = rows;
  if (!position) throw new Error('the table revision has lost its row');
  const { latest: revision, compacted } = position;
  const result = await use({
    revision,
    compacted,
    objects: pages(
      client,
      'SELECT resource, namespace, name, revision, created_revision, data FROM objects ORDER BY resource, namespace, name',
      objectRow,
      ({ value }) => value,
    ),
    history: pages(
      client,
      `SELECT ${undoColumns} FROM log WHERE revision > ${compacted} ORDER BY revision DESC`,
      undoRecord,
      ({ previous }) => previous?.value,
    ),
  });
  await client.query('COMMIT');
  return result;
}

async function* pages<R extends QueryResultRow, T>(
  client: Client,
  sql: string,
  map: (row: R) => T,
  valueOf: (mapped: T) => Value | undefined,
): AsyncGenerator<T[]> {
  const size = new PageSize();
  await client.query(`DECLARE page NO SCROLL CURSOR FOR ${sql}`);
  try {
    for (;;) {
      const { rows } = await client.query<R>(`FETCH ${size.rows} FROM page`);
      if (rows.length === 0) return;
      const page = rows.map(map);
      size.learn(
        page.length,
        page.reduce((bytes, row) => bytes + (valueOf(row)?.length ?? 0), 0),
      );
      yield page;
    }
  } finally {
    await client.query('CLOSE page');
  }
}

const objectRow = (row: ObjectColumns): ObjectRow => ({
  key: keyOf(row),
  revision: row.revision,
  createdRevision: row.created_revision,
  value: row.data,
});
