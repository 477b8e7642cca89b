/**
 * A timeline is a number that every cluster of PostgreSQL counts for itself: a database that was dumped and restored
 * elsewhere is on timeline 1 again, without the last commits of the one that it came from. The cluster's own identifier
 * tells them apart. Sessions that find nothing new take no lock.
 */
export const identity = `
  CREATE FUNCTION whereabouts() RETURNS text LANGUAGE sql AS $$
    SELECT system_identifier || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) FROM pg_control_system()
  $$;
  UPDATE revision SET timeline = whereabouts() WHERE timeline <> '';
  COMMENT ON COLUMN revision.timeline IS 'Which cluster of PostgreSQL, and which of its timelines, the last revision was seen on.';

  -- Called by every session that reads or writes the log: after a failover to a server that may not have had every
  -- commit, nothing that was seen before may be trusted.
  CREATE OR REPLACE FUNCTION adopt() RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    here text := whereabouts();
    known revision;
  BEGIN
    IF (SELECT timeline FROM revision) = here THEN RETURN; END IF;
    PERFORM lock_revision();
    SELECT * INTO known FROM revision;
    IF known.timeline = here THEN RETURN; END IF;
    IF known.timeline <> '' THEN PERFORM skip_past(known.latest); END IF;
    UPDATE revision SET timeline = here;
  END $$;
`;
