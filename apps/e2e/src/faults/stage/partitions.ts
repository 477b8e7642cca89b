import type { Postgres } from './postgres';

/** Revisions in a partition of the log: a compaction every 150 ms then finds one to drop every few seconds at most. */
const step = 300;

/**
 * Ends the partition that the store has begun right behind what it holds, and has those that follow made small, so that
 * compaction drops partitions all the time instead of once in 65,536 changes.
 */
const sql = `
  BEGIN;
  SET LOCAL search_path = kubephant, pg_catalog;
  SELECT lock_revision();
  DO $$
  DECLARE
    partition record;
    stop bigint := (SELECT latest + 1 FROM revision);
  BEGIN
    SELECT * INTO STRICT partition FROM log_partition ORDER BY first DESC LIMIT 1;
    EXECUTE format('ALTER TABLE log DETACH PARTITION %I', 'log_' || partition.first);
    EXECUTE format('ALTER TABLE log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
      'log_' || partition.first, partition.first, stop);
    UPDATE log_partition SET past_last = stop WHERE first = partition.first;
    UPDATE revision SET log_end = stop;
  END $$;
  ALTER FUNCTION extend_log(bigint, bigint) RENAME TO extend_log_as_asked;
  CREATE FUNCTION extend_log(up_to bigint, step bigint) RETURNS void LANGUAGE sql
    AS 'SELECT kubephant.extend_log_as_asked(up_to, least(step, ${step}))';
  COMMIT;
`;

export async function smallPartitions(postgres: Postgres, database: string): Promise<void> {
  await postgres.query(sql, [], database);
}
