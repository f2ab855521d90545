-- What was stored and is gone: subjects that were erased, and what was older than its center keeps.

ALTER TABLE sink_ledger ALTER COLUMN already_stored SET DEFAULT 0;
ALTER TABLE sink_ledger ADD COLUMN removed bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN sink_ledger.removed IS 'Rows of table reading that were erased, or were older than the center keeps them.';
ALTER TABLE sink_ledger ADD COLUMN quarantined_removed bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN sink_ledger.quarantined_removed IS 'Rows of table quarantined, but for what the database refused, that were erased, or were older than the center keeps them.';

ALTER TABLE center ADD COLUMN readings_from timestamptz NOT NULL DEFAULT '-infinity';
COMMENT ON COLUMN center.readings_from IS 'Readings before it were removed for their age, so windows before it cannot be computed anew and stay as they are.';

CREATE FUNCTION expire(relation regclass, of_center text, before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  oldest timestamptz;
  removed bigint;
BEGIN
  EXECUTE format('SELECT min(l.time) FROM series s CROSS JOIN LATERAL'
    || ' (SELECT r.time FROM %s r WHERE r.series_id = s.series_id ORDER BY r.time LIMIT 1) l WHERE s.center = $1', relation)
    INTO oldest USING of_center;
  IF oldest IS NULL OR oldest >= before THEN
    RETURN NULL;
  END IF;
  EXECUTE format('DELETE FROM %s r USING series s WHERE s.center = $1 AND r.series_id = s.series_id'
    || ' AND r.time >= $2 AND r.time < $3', relation)
    USING of_center, oldest, least(oldest + interval '30 days', before);
  GET DIAGNOSTICS removed = ROW_COUNT;
  IF relation = 'reading'::regclass THEN
    INSERT INTO sink_ledger (center, removed) VALUES (of_center, removed)
    ON CONFLICT (center) DO UPDATE SET removed = sink_ledger.removed + excluded.removed;
  END IF;
  RETURN removed;
END $$;
COMMENT ON FUNCTION expire IS 'Deletes the oldest 30 days of what a center has in a hypertable before a time, and counts them in the ledger. Null where there is nothing left.';

CREATE FUNCTION expire_chunks(relation regclass, before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  until timestamptz;
  removed bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN
    RETURN 0;
  END IF;
  EXECUTE 'SELECT max(range_end) FROM timescaledb_information.chunks'
    || ' WHERE format(''%I.%I'', hypertable_schema, hypertable_name)::regclass = $1 AND range_end <= $2'
    INTO until USING relation, before;
  IF until IS NULL THEN
    RETURN 0;
  END IF;
  CREATE TEMPORARY TABLE IF NOT EXISTS expired (center text, rows bigint) ON COMMIT DROP;
  EXECUTE format('INSERT INTO expired SELECT s.center, count(*) FROM %s r JOIN series s USING (series_id)'
    || ' WHERE r.time < $1 GROUP BY s.center', relation) USING until;
  EXECUTE 'SELECT drop_chunks($1, older_than => $2)' USING relation, until;
  IF relation = 'reading'::regclass THEN
    INSERT INTO sink_ledger (center, removed) SELECT e.center, e.rows FROM expired e
    ON CONFLICT (center) DO UPDATE SET removed = sink_ledger.removed + excluded.removed;
  END IF;
  SELECT coalesce(sum(e.rows), 0) INTO removed FROM expired e;
  RETURN removed;
END $$;
COMMENT ON FUNCTION expire_chunks IS 'Drops the chunks of a hypertable that end before a time, and counts their rows in the ledger.';

CREATE FUNCTION expire_quarantined(of_center text, before timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  removed bigint;
  counted bigint;
BEGIN
  WITH gone AS (
    DELETE FROM quarantined q WHERE q.center = of_center AND q.received_at < before RETURNING q.source_topic, q.reasons)
  SELECT count(*), count(*) FILTER (WHERE source_topic = 'lifelog.readings.quarantined' AND reasons <> '{refused-by-storage}')
  INTO removed, counted FROM gone;
  INSERT INTO sink_ledger (center, quarantined_removed) VALUES (of_center, counted)
  ON CONFLICT (center) DO UPDATE SET quarantined_removed = sink_ledger.quarantined_removed + excluded.quarantined_removed;
  RETURN removed;
END $$;
COMMENT ON FUNCTION expire_quarantined IS 'Deletes what a center has in quarantine of before a time, and counts it in the ledger.';

-- Only the owner of the tables removes.
REVOKE EXECUTE ON FUNCTION expire, expire_chunks, expire_quarantined FROM PUBLIC;
