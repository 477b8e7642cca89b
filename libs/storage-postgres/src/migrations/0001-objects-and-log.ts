/** The state, the way back from it, and the sequence: see the README. */
export const objectsAndLog = `
  -- One row: where the sequence of revisions stands. Who moves it holds lock_revision() until the end of the
  -- transaction, and that is what makes commit order revision order.
  CREATE TABLE revision (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    latest bigint NOT NULL,
    compacted bigint NOT NULL,
    log_end bigint NOT NULL,
    timeline text NOT NULL
  ) WITH (fillfactor = 10);
  INSERT INTO revision (latest, compacted, log_end, timeline) VALUES (0, 0, 1, '');
  COMMENT ON TABLE revision IS 'The last revision, the one up to which history has been forgotten, and where the log has room.';

  -- An advisory lock rather than that of the row: it writes nothing, so a batch without a winner costs no flush to disk.
  -- Every statement after it sees what those before it committed.
  CREATE FUNCTION lock_revision() RETURNS void LANGUAGE sql AS 'SELECT pg_advisory_xact_lock(1802855013)';

  CREATE TABLE objects (
    resource text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_revision bigint NOT NULL,
    revision bigint NOT NULL,
    data json NOT NULL,
    PRIMARY KEY (resource, namespace, name)
  ) WITH (fillfactor = 75, autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
  COMMENT ON TABLE objects IS 'The current state. data is what clients get, without metadata.resourceVersion: that is revision.';

  -- The way back: every change with the state before it. The state after it is the next change's state before, or the
  -- current one; so a creation costs a few bytes here, and a selector can be applied to both sides of every change.
  CREATE TABLE log (
    revision bigint NOT NULL,
    resource text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    created_revision bigint NOT NULL,
    deleted boolean NOT NULL,
    previous_revision bigint,
    previous_created_revision bigint,
    previous json,
    final json,
    PRIMARY KEY (revision)
  ) PARTITION BY RANGE (revision);
  CREATE INDEX log_by_previous ON log (previous_revision) WHERE previous_revision IS NOT NULL;
  COMMENT ON TABLE log IS 'The history of changes: previous is the state before, final what a removal reported if that differs.';

  CREATE TABLE log_partition (
    first bigint PRIMARY KEY,
    past_last bigint NOT NULL
  );

  -- When the sequence was where: compaction forgets by time, whichever API server looked at the clock.
  CREATE TABLE mark (
    at timestamptz PRIMARY KEY DEFAULT clock_timestamp(),
    revision bigint NOT NULL
  );

  -- Values above 2 kB are compressed on their way to disk: with lz4, where it was built in, at a fraction of the cost.
  DO $$ BEGIN
    ALTER TABLE objects ALTER COLUMN data SET COMPRESSION lz4;
    ALTER TABLE log ALTER COLUMN previous SET COMPRESSION lz4, ALTER COLUMN final SET COMPRESSION lz4;
  EXCEPTION WHEN OTHERS THEN NULL;
  END $$;

  -- Adds a partition to the end of the log, with room for a revision and for so many more. The caller holds the lock.
  CREATE FUNCTION extend_log(up_to bigint, step bigint) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    start bigint := (SELECT log_end FROM revision);
    stop bigint := greatest(start, up_to) + step;
    partition text := 'log_' || start;
  BEGIN
    -- Made beside the log and attached to it, because creating it inside would lock readers out.
    EXECUTE format('CREATE TABLE %I (LIKE log INCLUDING ALL)', partition);
    EXECUTE format('ALTER TABLE log ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', partition, start, stop);
    INSERT INTO log_partition VALUES (start, stop);
    UPDATE revision SET log_end = stop;
  END $$;

  -- Moves the sequence past a revision that somebody has seen, and forgets all history: for a log that lost commits.
  -- The distance keeps clear of what others may have seen and lost as well. The caller holds the lock.
  CREATE FUNCTION skip_past(known bigint) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    moved bigint;
  BEGIN
    UPDATE revision SET latest = greatest(latest, known) + 1000000, compacted = greatest(latest, known) + 1000000
    RETURNING latest INTO moved;
    PERFORM extend_log(moved, 65536);
    RETURN moved;
  END $$;

  -- For a reader that has seen more than there is.
  CREATE FUNCTION catch_up_with(known bigint) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM lock_revision();
    IF (SELECT latest FROM revision) < known THEN PERFORM skip_past(known); END IF;
  END $$;

  -- Called by every connection that writes: after a failover to a server that may not have had every commit, nothing
  -- that was seen before may be trusted.
  CREATE FUNCTION adopt() RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    here text := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    known revision;
  BEGIN
    PERFORM lock_revision();
    SELECT * INTO known FROM revision;
    IF known.timeline = here THEN RETURN; END IF;
    IF known.timeline <> '' THEN PERFORM skip_past(known.latest); END IF;
    UPDATE revision SET timeline = here;
  END $$;

  -- One batch: checks every expectation, applies what holds, numbers it gap-free in the order given. Returns the last
  -- revision before the batch and, per mutation, whether it won.
  CREATE FUNCTION commit_batch(
    known bigint, resources text[], namespaces text[], names text[], expected bigint[], datas json[], finals json[],
    OUT base bigint, OUT won boolean[]
  ) LANGUAGE plpgsql AS $$
  DECLARE
    winners bigint;
    room bigint;
    nothing text;
  BEGIN
    -- Whoever comes second waits here. An assignment spares the executor that PERFORM would start.
    nothing := pg_advisory_xact_lock(1802855013);
    SELECT latest, log_end INTO base, room FROM revision;
    IF base < known THEN
      base := skip_past(known);
    ELSIF base + cardinality(names) >= room THEN
      PERFORM extend_log(base + cardinality(names), 65536);
    END IF;
    WITH checked AS (
      SELECT i.*, o.revision AS previous_revision, o.created_revision, o.data AS previous,
        coalesce(o.revision, 0) = i.wanted AND (i.data IS NOT NULL OR o.revision IS NOT NULL) AS wins
      FROM unnest(resources, namespaces, names, expected, datas, finals) WITH ORDINALITY
        AS i (resource, namespace, name, wanted, data, final, position)
      LEFT JOIN objects o ON o.resource = i.resource AND o.namespace = i.namespace AND o.name = i.name
    ), winning AS (
      SELECT c.*, base + row_number() OVER (ORDER BY position) AS revision FROM checked c WHERE c.wins
    ), created AS (
      INSERT INTO objects (resource, namespace, name, created_revision, revision, data)
      SELECT resource, namespace, name, revision, revision, data FROM winning WHERE previous_revision IS NULL
    ), updated AS (
      UPDATE objects o SET revision = w.revision, data = w.data FROM winning w
      WHERE o.resource = w.resource AND o.namespace = w.namespace AND o.name = w.name
        AND w.previous_revision IS NOT NULL AND w.data IS NOT NULL
    ), removed AS (
      DELETE FROM objects o USING winning w
      WHERE o.resource = w.resource AND o.namespace = w.namespace AND o.name = w.name AND w.data IS NULL
    ), logged AS (
      INSERT INTO log (revision, resource, namespace, name, created_revision, deleted, previous_revision,
        previous_created_revision, previous, final)
      SELECT revision, resource, namespace, name, coalesce(created_revision, revision), data IS NULL,
        previous_revision, created_revision, previous, final
      FROM winning
    )
    SELECT array_agg(c.wins ORDER BY c.position), count(*) FILTER (WHERE c.wins) INTO won, winners FROM checked c;
    IF winners > 0 THEN
      UPDATE revision SET latest = base + winners;
      nothing := pg_notify('kubephant', (base + winners)::text);
    END IF;
  END $$;

  -- Forgets the history up to a revision: readers are told at once, partitions are dropped by drop_compacted().
  CREATE FUNCTION compact(before bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE revision SET compacted = before WHERE compacted < before AND before <= latest
  $$;

  -- The regular work of one API server at a time: remembers the time, forgets what is older than the history, and makes
  -- the next partition in time, as large as what is written in a minute.
  CREATE FUNCTION keep_house(history interval) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    here bigint;
    minute bigint;
    room bigint;
  BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('kubephant.keep_house')) THEN RETURN; END IF;
    SELECT latest, log_end INTO here, room FROM revision;
    INSERT INTO mark (revision) VALUES (here);
    PERFORM compact((SELECT max(revision) FROM mark WHERE at <= clock_timestamp() - history));
    DELETE FROM mark WHERE revision < (SELECT compacted FROM revision) AND at <= clock_timestamp() - history;
    minute := here - coalesce((SELECT min(revision) FROM mark WHERE at > clock_timestamp() - interval '1 minute'), here);
    minute := greatest(minute, 16384);
    IF here + minute / 2 >= room THEN
      PERFORM lock_revision();
      PERFORM extend_log(room, minute);
    END IF;
  END $$;

  -- Drops one partition that is compacted as a whole; true if there may be more. Gives up rather than keep writers waiting.
  CREATE FUNCTION drop_compacted() RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    oldest bigint := (
      SELECT min(p.first) FROM log_partition p, revision r
      WHERE p.past_last <= r.compacted + 1 AND p.past_last <= r.latest
    );
  BEGIN
    IF oldest IS NULL OR NOT pg_try_advisory_xact_lock(hashtext('kubephant.drop_compacted')) THEN RETURN false; END IF;
    SET LOCAL lock_timeout = '100ms';
    EXECUTE format('DROP TABLE %I', 'log_' || oldest);
    DELETE FROM log_partition WHERE first = oldest;
    RETURN true;
  END $$;
  `;
