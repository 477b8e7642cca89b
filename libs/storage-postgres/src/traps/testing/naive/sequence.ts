import type { CommitLog, LogRecord } from '@kubephant/storage';
import { overriding } from '@kubephant/storage/testing';
import { Client } from 'pg';
import type { PostgresFault } from '../arena';

/** Revisions from a sequence, taken row by row, by as many at once as like. */
const sequence = `
  CREATE SEQUENCE ids;
  CREATE OR REPLACE FUNCTION commit_batch(
    known bigint, resources text[], namespaces text[], names text[], expected bigint[], datas json[], finals json[],
    OUT base bigint, OUT won boolean[]
  ) LANGUAGE plpgsql AS $$
  DECLARE
    id bigint;
    was objects;
  BEGIN
    FOR i IN 1 .. cardinality(names) LOOP
      id := nextval('ids');
      base := coalesce(base, id - 1);
      SELECT * INTO was FROM objects o
        WHERE o.resource = resources[i] AND o.namespace = namespaces[i] AND o.name = names[i];
      won[i] := coalesce(was.revision, 0) = expected[i];
      CONTINUE WHEN NOT won[i];
      IF was.revision IS NOT NULL THEN
        DELETE FROM objects o WHERE o.resource = was.resource AND o.namespace = was.namespace AND o.name = was.name;
      END IF;
      IF datas[i] IS NOT NULL THEN
        INSERT INTO objects (resource, namespace, name, created_revision, revision, data)
        VALUES (resources[i], namespaces[i], names[i], coalesce(was.created_revision, id), id, datas[i]);
      END IF;
      INSERT INTO log (revision, resource, namespace, name, created_revision, deleted, previous_revision,
        previous_created_revision, previous, final)
      VALUES (id, resources[i], namespaces[i], names[i], coalesce(was.created_revision, id), datas[i] IS NULL,
        was.revision, was.created_revision, was.data, finals[i]);
      UPDATE revision SET latest = greatest(latest, id);
      PERFORM pg_notify('kubephant', id::text);
    END LOOP;
  END $$;
  SELECT extend_log(0, 1000);
`;

const gap = '{"kind":"Gap","apiVersion":"v1","metadata":{"name":"gap"}}';
const gapAt = (revision: number): LogRecord => ({
  revision,
  key: { resource: 'gaps', namespace: '', name: `gap${revision}` },
  createdRevision: revision,
  deleted: false,
  value: gap,
});

/** What a reader does where the next revision is missing: passes it over, or stops there for now. */
type OnGap = (revision: number) => Promise<'pass' | 'stop'>;

const reading = (log: CommitLog, onGap: OnGap): CommitLog =>
  overriding(log, {
    async read(after, limit) {
      const page = await log.read(after, limit);
      const records: LogRecord[] = [];
      for (const record of page.records) {
        for (let next = after + records.length + 1; next < record.revision; next++) {
          if ((await onGap(next)) === 'stop') return { ...page, records, head: next - 1 };
          records.push(gapAt(next));
        }
        records.push(record);
      }
      return { ...page, records, head: records.at(-1)?.revision ?? after };
    },
  });

export const plainSequence = (): PostgresFault => ({ name: 'a sequence that everybody waits for', sql: sequence });

export const gapsIgnored = (): PostgresFault => ({
  name: 'a sequence whose gaps nobody looks at',
  sql: sequence,
  log: (log) => reading(log, async () => 'pass'),
});

/** A gap that is still there at the third look is taken for one of a transaction that failed. */
export const gapsSkipped = (): PostgresFault => ({
  name: 'a sequence whose gaps are skipped after a time',
  sql: sequence,
  log(log) {
    const looks = new Map<number, number>();
    return reading(log, async (revision) => {
      looks.set(revision, (looks.get(revision) ?? 0) + 1);
      return (looks.get(revision) ?? 0) > 2 ? 'pass' : 'stop';
    });
  },
});

/** A gap is filled with a row of its own, so that it will always be one. */
export const gapsFilled = (): PostgresFault => ({
  name: 'a sequence whose gaps are filled',
  sql: sequence,
  onDatabase: (log, connectionString) =>
    reading(log, async (revision) => {
      await fill(connectionString, revision);
      return 'pass';
    }),
});

async function fill(connectionString: string, revision: number): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  const { key } = gapAt(revision);
  const columns = [key.resource, key.namespace, key.name, revision];
  const into = 'resource, namespace, name, created_revision, revision';
  try {
    await client.query(`INSERT INTO kubephant.objects (${into}, data) VALUES ($1, $2, $3, $4, $4, $5)`, [
      ...columns,
      gap,
    ]);
    await client.query(`INSERT INTO kubephant.log (${into}, deleted) VALUES ($1, $2, $3, $4, $4, false)`, columns);
  } finally {
    await client.end();
  }
}

/** Nothing but the check before the write keeps a name from being used twice. */
export const noPrimaryKey = (): PostgresFault => ({
  name: 'a unique key that is not the name',
  sql: `${sequence} ALTER TABLE objects DROP CONSTRAINT objects_pkey`,
  log: (log) => reading(log, async () => 'pass'),
});
