/**
 * Batches take lock_revision() first and then the row that compact() writes. keep_house() went the other way round
 * whenever it compacted and had to make room, and stood in a circle with whoever wrote, for the second that PostgreSQL
 * takes to find that out: so room first. And of the marks that are older than the history one is enough.
 */
export const house = `
  -- The regular work of one API server at a time: makes the next partition in time, as large as what is written in a
  -- minute, remembers the time, and forgets what is older than the history.
  CREATE OR REPLACE FUNCTION keep_house(history interval) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    here bigint;
    minute bigint;
    room bigint;
    past timestamptz := clock_timestamp() - history;
  BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtext('kubephant.keep_house')) THEN RETURN; END IF;
    SELECT latest, log_end INTO here, room FROM revision;
    minute := here - coalesce((SELECT min(revision) FROM mark WHERE at > clock_timestamp() - interval '1 minute'), here);
    minute := greatest(minute, 16384);
    IF here + minute / 2 >= room THEN
      PERFORM lock_revision();
      PERFORM extend_log(room, minute);
    END IF;
    INSERT INTO mark (revision) VALUES (here);
    PERFORM compact((SELECT max(revision) FROM mark WHERE at <= past));
    DELETE FROM mark WHERE at < (SELECT max(at) FROM mark WHERE at <= past);
  END $$;
`;
