-- The database of the lifelog service. Narrow rows over series_id: one subject's trend is a short index range.

CREATE TABLE series (
  series_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  center text NOT NULL,
  subject text NOT NULL,
  metric text NOT NULL,
  attributes text NOT NULL,
  unit text NOT NULL,
  UNIQUE (center, subject, metric, attributes)
);
COMMENT ON TABLE series IS 'Names of the series: one metric of one subject with one set of attributes.';
COMMENT ON COLUMN series.unit IS 'UCUM code of the canonical unit of all values of the series.';

CREATE TABLE device (
  device_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  center text NOT NULL,
  device text NOT NULL,
  UNIQUE (center, device)
);
COMMENT ON TABLE device IS 'Codes of the devices that measured.';

CREATE TABLE reading (
  series_id bigint NOT NULL,
  time timestamptz NOT NULL,
  device_id integer NOT NULL,
  sequence bigint NOT NULL DEFAULT -1,
  value double precision NOT NULL,
  end_time timestamptz,
  received_at timestamptz NOT NULL,
  sent_value double precision,
  sent_unit text,
  offset_seconds integer,
  flags integer NOT NULL DEFAULT 0,
  -- With the device: two devices of one person may measure in the same instant.
  PRIMARY KEY (series_id, time, device_id, sequence)
);
COMMENT ON TABLE reading IS 'Valid readings in the canonical unit.';
COMMENT ON COLUMN reading.sequence IS 'The device''s own number of the reading; -1 where it has none.';
COMMENT ON COLUMN reading.sent_value IS 'The value as sent, where it was converted.';
COMMENT ON COLUMN reading.offset_seconds IS 'The sender''s offset from UTC in seconds, where known.';
COMMENT ON COLUMN reading.flags IS 'Bits in the order of v_reading.flags.';

CREATE TABLE aggregate_1m (
  series_id bigint NOT NULL,
  time timestamptz NOT NULL,
  n bigint NOT NULL,
  sum double precision NOT NULL,
  mean double precision NOT NULL,
  min double precision NOT NULL,
  max double precision NOT NULL,
  first double precision NOT NULL,
  last double precision NOT NULL,
  sd double precision,
  bands bigint[],
  version bigint NOT NULL,
  PRIMARY KEY (series_id, time)
);
COMMENT ON TABLE aggregate_1m IS 'Summaries over minutes; time is the start of the window.';
COMMENT ON COLUMN aggregate_1m.bands IS 'Number of readings in each band of the catalogue, lowest first; null without bands.';
COMMENT ON COLUMN aggregate_1m.version IS 'Grows with each update; the largest bigint where the window was computed from stored readings.';
CREATE TABLE aggregate_1h (LIKE aggregate_1m INCLUDING ALL);
COMMENT ON TABLE aggregate_1h IS 'Summaries over hours of the center''s clock; time is the start of the window.';
CREATE TABLE aggregate_1d (LIKE aggregate_1m INCLUDING ALL);
COMMENT ON TABLE aggregate_1d IS 'Summaries over days of the center''s zone; time is the start of the window.';

CREATE TABLE quarantined (
  source_partition integer NOT NULL,
  source_offset bigint NOT NULL,
  center text NOT NULL,
  subject text,
  device text,
  vendor text,
  metric text,
  attributes text,
  time timestamptz,
  end_time timestamptz,
  value double precision,
  unit text,
  reasons text[] NOT NULL,
  detail text,
  raw bytea,
  received_at timestamptz NOT NULL,
  quarantined_at timestamptz NOT NULL,
  PRIMARY KEY (source_partition, source_offset)
);
CREATE INDEX ON quarantined (center, subject, received_at);
COMMENT ON TABLE quarantined IS 'Readings that were accepted but not believed, as sent, with the reasons.';

CREATE TABLE sink_offset (
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (topic, partition)
);
COMMENT ON TABLE sink_offset IS 'How far the sink is in Kafka; changed in the same transaction as the rows.';

CREATE TABLE sink_ledger (
  center text PRIMARY KEY,
  already_stored bigint NOT NULL
);
COMMENT ON TABLE sink_ledger IS 'Valid readings that were in the database already: duplicates that came after the streams had forgotten the first.';

CREATE TABLE audit (
  audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  username text NOT NULL,
  center text NOT NULL,
  subject text NOT NULL,
  action text NOT NULL,
  detail text NOT NULL DEFAULT '',
  remote_address text NOT NULL
);
COMMENT ON TABLE audit IS 'Who read whose data, what, when and from where. Append only.';

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION flag_codes(flags integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(ARRAY[
  CASE WHEN flags & 1 <> 0 THEN 'outside-usual-range' END,
  CASE WHEN flags & 2 <> 0 THEN 'below-range' END,
  CASE WHEN flags & 4 <> 0 THEN 'above-range' END,
  CASE WHEN flags & 8 <> 0 THEN 'late' END], NULL);

CREATE VIEW v_reading AS
SELECT s.center, s.subject, d.device, s.metric, s.attributes, r.time, r.end_time, r.value, s.unit,
       flag_codes(r.flags) AS flags, r.received_at, nullif(r.sequence, -1) AS sequence, r.sent_value, r.sent_unit, r.offset_seconds
FROM reading r JOIN series s USING (series_id) JOIN device d USING (device_id);

CREATE VIEW v_aggregate_1m AS
SELECT s.center, s.subject, s.metric, s.attributes, a.time, a.n, a.sum, a.mean, a.min, a.max, a.first, a.last, a.sd, a.bands
FROM aggregate_1m a JOIN series s USING (series_id);
CREATE VIEW v_aggregate_1h AS
SELECT s.center, s.subject, s.metric, s.attributes, a.time, a.n, a.sum, a.mean, a.min, a.max, a.first, a.last, a.sd, a.bands
FROM aggregate_1h a JOIN series s USING (series_id);
CREATE VIEW v_aggregate_1d AS
SELECT s.center, s.subject, s.metric, s.attributes, a.time, a.n, a.sum, a.mean, a.min, a.max, a.first, a.last, a.sd, a.bands
FROM aggregate_1d a JOIN series s USING (series_id);
CREATE VIEW v_quarantined AS
SELECT center, subject, device, vendor, metric, attributes, time, end_time, value, unit, reasons, detail, raw, received_at, quarantined_at
FROM quarantined;
