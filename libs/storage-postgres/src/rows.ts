import type { LogPage, LogRecord, StoreKey, UndoRecord } from '@kubephant/storage';

export interface KeyColumns {
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

export const keyOf = ({ resource, namespace, name }: KeyColumns): StoreKey => ({ resource, namespace, name });

/** A record of the log with the log's own position; no record when there is none to read. */
export interface LogColumns extends KeyColumns {
  readonly latest: number;
  readonly compacted: number;
  readonly revision: number | null;
  readonly created_revision: number;
  readonly deleted: boolean;
  readonly value: string | null;
}

/**
 * The state after a change is the state before the next change of that object, which is younger and therefore still
 * there, or else the current state. Everything in one statement, so that it is one moment.
 */
export const readLog = `
  WITH page AS (SELECT * FROM log WHERE revision > $1 AND revision <= $3 ORDER BY revision LIMIT $2)
  SELECT r.latest, r.compacted, l.revision, l.resource, l.namespace, l.name, l.created_revision, l.deleted, l.value
  FROM revision r LEFT JOIN (
    SELECT p.*, CASE WHEN p.deleted THEN p.final ELSE coalesce(n.previous, o.data) END AS value
    FROM page p
    LEFT JOIN log n ON n.previous_revision = p.revision
    LEFT JOIN objects o ON o.resource = p.resource AND o.namespace = p.namespace AND o.name = p.name
      AND o.revision = p.revision
  ) l ON true
  ORDER BY l.revision`;

export function pageOf(rows: readonly LogColumns[]): LogPage {
  const [first] = rows;
  if (!first) throw new Error('the table revision has lost its row');
  return { head: first.latest, compacted: first.compacted, records: rows.flatMap(recordOf) };
}

function recordOf(row: LogColumns): LogRecord[] {
  if (row.revision === null) return [];
  const { revision, created_revision: createdRevision, deleted, value } = row;
  if (!deleted && value === null) throw new Error(`the state of revision ${revision} is missing`);
  return [{ revision, key: keyOf(row), createdRevision, deleted, ...(value !== null && { value }) }];
}

/** A row of the log as the way back. */
export interface UndoColumns extends KeyColumns {
  readonly revision: number;
  readonly previous_revision: number | null;
  readonly previous_created_revision: number | null;
  readonly previous: string | null;
  readonly final: string | null;
}

export const undoColumns =
  'revision, resource, namespace, name, previous_revision, previous_created_revision, previous, final';

export function undoRecord(row: UndoColumns): UndoRecord {
  const { revision, previous, previous_revision, previous_created_revision, final } = row;
  const before = previous !== null && {
    revision: previous_revision ?? 0,
    createdRevision: previous_created_revision ?? 0,
    value: previous,
  };
  return { key: keyOf(row), revision, ...(before && { previous: before }), ...(final !== null && { final }) };
}

/** The first change of every key of a resource in a part of the log that may have been forgotten. One moment again. */
export const readBetween = `
  SELECT r.compacted, l.*
  FROM revision r LEFT JOIN (
    SELECT DISTINCT ON (namespace, name) ${undoColumns} FROM log WHERE resource = $1 AND revision > $2 AND revision <= $3
    ORDER BY namespace, name, revision
  ) l ON true`;

export type BetweenColumns = { readonly compacted: number } & (UndoColumns | { readonly revision: null });

export function undoBetween(rows: readonly BetweenColumns[], from: number): readonly UndoRecord[] | undefined {
  if (rows.some(({ compacted }) => compacted > from)) return undefined;
  return rows.flatMap((row) => (row.revision === null ? [] : [undoRecord(row)]));
}
