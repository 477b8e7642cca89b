import type { Client } from 'pg';
import type { Position } from './facts';

type Finding = (text: string) => void;

/** Where the sequence stands; what is wrong with that by itself is told. Throws when it is nowhere. */
export async function readPosition(client: Client, finding: Finding): Promise<Position & { readonly logEnd: number }> {
  const { rows } = await client.query<{ latest: number; compacted: number; log_end: number; marked: number | null }>(
    'SELECT latest, compacted, log_end, (SELECT max(revision) FROM mark) AS marked FROM revision',
  );
  const [row] = rows;
  if (!row) throw new Error('the table revision has lost its row');
  const { latest, compacted, log_end: logEnd, marked } = row;
  if (compacted > latest) finding(`history is forgotten up to revision ${compacted}, and the newest is ${latest}`);
  if (logEnd <= latest) finding(`the log has room up to revision ${logEnd - 1}, and the newest is ${latest}`);
  if ((marked ?? 0) > latest) finding(`revision ${marked ?? 0} was seen before, and the newest is ${latest}`);
  return { latest, compacted, logEnd };
}

/** Every revision after the compacted one must be in the log, up to the latest, and none after it. */
export async function checkSequence(client: Client, { latest, compacted }: Position, finding: Finding): Promise<void> {
  const { rows } = await client.query<{ first: number; last: number }>(`
    SELECT before + 1 AS first, revision - 1 AS last FROM (
      SELECT revision, lag(revision, 1, ${compacted}::bigint) OVER (ORDER BY revision) AS before FROM (
        SELECT revision FROM log WHERE revision > ${compacted} AND revision <= ${latest}
        UNION ALL SELECT ${latest + 1}
      ) r
    ) s WHERE revision > before + 1`);
  for (const { first, last } of rows)
    finding(
      first === last
        ? `revision ${first} is missing from the log`
        : `revisions ${first} to ${last} are missing from the log`,
    );
  const beyond = await client.query<{ count: number; newest: number }>(
    `SELECT count(*) AS count, max(revision) AS newest FROM log WHERE revision > ${latest}`,
  );
  const [{ count, newest } = { count: 0, newest: 0 }] = beyond.rows;
  if (count > 0) finding(`the log goes on to revision ${newest}, and the newest there is is ${latest}`);
}

interface Partition {
  /** What the store thinks of it. */
  readonly first: number | null;
  readonly past_last: number | null;
  /** What PostgreSQL does. */
  readonly name: string | null;
  readonly bound: string | null;
}

/** The parts of the log follow each other from the compacted revision to the end of the log, and there are no others. */
export async function checkPartitions(
  client: Client,
  { compacted, logEnd }: Position & { readonly logEnd: number },
  finding: Finding,
): Promise<void> {
  const { rows } = await client.query<Partition>(`
    SELECT p.first, p.past_last, c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM log_partition p FULL JOIN (
      SELECT * FROM pg_class WHERE relnamespace = 'kubephant'::regnamespace AND relkind = 'r' AND relname ~ '^log_[0-9]+$'
    ) c ON c.relname = 'log_' || p.first
    ORDER BY p.first`);
  for (const row of rows) for (const problem of problemsOf(row)) finding(problem);
  const known = rows.flatMap(({ first, past_last }) =>
    first === null || past_last === null ? [] : [{ first, past_last }],
  );
  const start = Math.min(known[0]?.first ?? logEnd, compacted + 1);
  let end = start;
  for (const { first, past_last } of [...known, { first: logEnd, past_last: logEnd }]) {
    if (first !== end) finding(`the log has no part for revisions ${end} to ${first - 1}`);
    end = past_last;
  }
}

function problemsOf({ first, past_last: pastLast, name, bound }: Partition): readonly string[] {
  if (first === null || pastLast === null) return [`the table ${name ?? ''} is not known as a part of the log`];
  if (name === null) return [`the part log_${first} of the log is not there`];
  if (bound === null) return [`the part ${name} is not attached to the log`];
  const wanted = `FOR VALUES FROM ('${first}') TO ('${pastLast}')`;
  return bound === wanted ? [] : [`the part ${name} of the log is ${bound}, and should be ${wanted}`];
}
