-- Who may see what. A center's role, and whoever is a member of it, sees the rows of that center through the views and
-- has no right to the tables. Row security of the tables themselves would do the same, but TimescaleDB refuses it where
-- chunks are compressed. The roles are made by roles.sql, since the centers are known to the sink alone.

CREATE TABLE center (
  center text PRIMARY KEY,
  name text NOT NULL,
  zone text NOT NULL
);
COMMENT ON TABLE center IS 'The centers of this installation. Days are days of the zone.';

CREATE FUNCTION sees_all_centers() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(pg_has_role(to_regrole('lifelog_reader'), 'USAGE'), false)
  OR (SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'series'::regclass);
COMMENT ON FUNCTION sees_all_centers IS 'Whether the current user is a member of lifelog_reader, or of the owner of the tables.';

CREATE FUNCTION sees_center(center text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(pg_has_role(to_regrole(quote_ident('lifelog_center_' || replace(center, '-', '_'))), 'USAGE'), false);
COMMENT ON FUNCTION sees_center IS 'Whether the current user is a member of the role of a center.';

CREATE OR REPLACE VIEW v_reading WITH (security_barrier) AS
SELECT s.center, s.subject, d.device, s.metric, s.attributes, r.time, r.end_time, r.value, s.unit,
       flag_codes(r.flags) AS flags, r.received_at, nullif(r.sequence, -1) AS sequence, r.sent_value, r.sent_unit, r.offset_seconds,
       r.priority
FROM reading r JOIN series s USING (series_id) JOIN device d USING (device_id)
WHERE (SELECT sees_all_centers()) OR sees_center(s.center);

CREATE OR REPLACE VIEW v_aggregate_1m WITH (security_barrier) AS
SELECT s.center, s.subject, s.metric, s.attributes, a.time, a.n, a.sum, a.mean, a.min, a.max, a.first, a.last, a.sd, a.bands
FROM aggregate_1m a JOIN series s USING (series_id)
WHERE (SELECT sees_all_centers()) OR sees_center(s.center);

CREATE OR REPLACE VIEW v_aggregate_1h WITH (security_barrier) AS
SELECT s.center, s.subject, s.metric, s.attributes, a.time, a.n, a.sum, a.mean, a.min, a.max, a.first, a.last, a.sd, a.bands
FROM aggregate_1h a JOIN series s USING (series_id)
WHERE (SELECT sees_all_centers()) OR sees_center(s.center);

CREATE OR REPLACE VIEW v_aggregate_1d WITH (security_barrier) AS
SELECT s.center, s.subject, s.metric, s.attributes, a.time, a.n, a.sum, a.mean, a.min, a.max, a.first, a.last, a.sd, a.bands
FROM aggregate_1d a JOIN series s USING (series_id)
WHERE (SELECT sees_all_centers()) OR sees_center(s.center);

CREATE OR REPLACE VIEW v_quarantined WITH (security_barrier) AS
SELECT center, subject, device, vendor, metric, attributes, time, end_time, value, unit, reasons, detail, raw, received_at, quarantined_at,
       released_at, known_value
FROM quarantined
WHERE (SELECT sees_all_centers()) OR sees_center(center);
