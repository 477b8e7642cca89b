/**
 * When each change was made, and a checksum of each state: of the current one beside it, of both sides of a change in the
 * log. Every state is stored only once, so without them nobody could tell one that was changed by hand or by a bad disk.
 * What was written before this migration has neither.
 */
export const timeAndChecksums = `
  ALTER TABLE log ADD COLUMN at timestamptz, ADD COLUMN checksum bigint, ADD COLUMN previous_checksum bigint;
  ALTER TABLE objects ADD COLUMN checksum bigint;
  COMMENT ON COLUMN log.at IS 'When the batch had its turn: never before an earlier revision, as far as the clock goes.';
  COMMENT ON COLUMN log.checksum IS 'Of the state after the change; null when it removed the object.';
  COMMENT ON COLUMN objects.checksum IS 'hashtextextended(data::text, 0), as of the write.';

  -- One batch: checks every expectation, applies what holds, numbers it gap-free in the order given. Returns the last
  -- revision before the batch and, per mutation, whether it won.
  CREATE OR REPLACE FUNCTION commit_batch(
    known bigint, resources text[], namespaces text[], names text[], expected bigint[], datas json[], finals json[],
    OUT base bigint, OUT won boolean[]
  ) LANGUAGE plpgsql AS $$
  DECLARE
    winners bigint;
    room bigint;
    nothing text;
    moment timestamptz;
  BEGIN
    -- Whoever comes second waits here. An assignment spares the executor that PERFORM would start.
    nothing := pg_advisory_xact_lock(1802855013);
    moment := clock_timestamp();
    SELECT latest, log_end INTO base, room FROM revision;
    IF base < known THEN
      base := skip_past(known);
    ELSIF base + cardinality(names) >= room THEN
      PERFORM extend_log(base + cardinality(names), 65536);
    END IF;
    WITH checked AS (
      SELECT i.*, o.revision AS previous_revision, o.created_revision, o.data AS previous,
        o.checksum AS previous_checksum,
        coalesce(o.revision, 0) = i.wanted AND (i.data IS NOT NULL OR o.revision IS NOT NULL) AS wins
      FROM unnest(resources, namespaces, names, expected, datas, finals) WITH ORDINALITY
        AS i (resource, namespace, name, wanted, data, final, position)
      LEFT JOIN objects o ON o.resource = i.resource AND o.namespace = i.namespace AND o.name = i.name
    ), winning AS (
      SELECT c.*, base + row_number() OVER (ORDER BY position) AS revision,
        hashtextextended(c.data::text COLLATE "C", 0) AS checksum
      FROM checked c WHERE c.wins
    ), created AS (
      INSERT INTO objects (resource, namespace, name, created_revision, revision, data, checksum)
      SELECT resource, namespace, name, revision, revision, data, checksum FROM winning WHERE previous_revision IS NULL
    ), updated AS (
      UPDATE objects o SET revision = w.revision, data = w.data, checksum = w.checksum FROM winning w
      WHERE o.resource = w.resource AND o.namespace = w.namespace AND o.name = w.name
        AND w.previous_revision IS NOT NULL AND w.data IS NOT NULL
    ), removed AS (
      DELETE FROM objects o USING winning w
      WHERE o.resource = w.resource AND o.namespace = w.namespace AND o.name = w.name AND w.data IS NULL
    ), logged AS (
      INSERT INTO log (revision, resource, namespace, name, created_revision, deleted, previous_revision,
        previous_created_revision, previous, final, at, checksum, previous_checksum)
      SELECT revision, resource, namespace, name, coalesce(created_revision, revision), data IS NULL,
        previous_revision, created_revision, previous, final, moment, checksum, previous_checksum
      FROM winning
    )
    SELECT array_agg(c.wins ORDER BY c.position), count(*) FILTER (WHERE c.wins) INTO won, winners FROM checked c;
    IF winners > 0 THEN
      UPDATE revision SET latest = base + winners;
      nothing := pg_notify('kubephant', (base + winners)::text);
    END IF;
  END $$;
`;
