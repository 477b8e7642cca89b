import type { LogSnapshot, ObjectRow, UndoRecord } from '@kubephant/storage';
import type { Client, QueryResultRow } from 'pg';
import { keyOf, type KeyColumns } from './rows';

interface ObjectColumns extends KeyColumns {
  readonly revision: number;
  readonly created_revision: number;
  readonly data: string;
}

interface UndoColumns extends KeyColumns {
  readonly revision: number;
  readonly previous_revision: number | null;
  readonly previous_created_revision: number | null;
  readonly previous: string | null;
  readonly final: string | null;
}

const pageSize = 1000;

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
    objects: pages(client, 'SELECT * FROM objects ORDER BY resource, namespace, name', objectRow),
    history: pages(client, `SELECT * FROM log WHERE revision > ${compacted} ORDER BY revision DESC`, undoRecord),
  });
  await client.query('COMMIT');
  return result;
}

async function* pages<R extends QueryResultRow, T>(
  client: Client,
  sql: string,
  map: (row: R) => T,
): AsyncGenerator<T[]> {
  await client.query(`DECLARE page NO SCROLL CURSOR FOR ${sql}`);
  try {
    for (;;) {
      const { rows } = await client.query<R>(`FETCH ${pageSize} FROM page`);
      if (rows.length === 0) return;
      yield rows.map(map);
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

function undoRecord(row: UndoColumns): UndoRecord {
  const { revision, previous, previous_revision, previous_created_revision, final } = row;
  const before = previous !== null && {
    revision: previous_revision ?? 0,
    createdRevision: previous_created_revision ?? 0,
    value: previous,
  };
  return { key: keyOf(row), revision, ...(before && { previous: before }), ...(final !== null && { final }) };
}
