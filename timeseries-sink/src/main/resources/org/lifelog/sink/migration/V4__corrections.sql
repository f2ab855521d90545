-- Readings that were corrected or withdrawn, and more of what the judgement notices.

CREATE OR REPLACE FUNCTION flag_codes(flags integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(ARRAY[
  CASE WHEN flags & 1 <> 0 THEN 'outside-usual-range' END,
  CASE WHEN flags & 2 <> 0 THEN 'below-range' END,
  CASE WHEN flags & 4 <> 0 THEN 'above-range' END,
  CASE WHEN flags & 8 <> 0 THEN 'late' END,
  CASE WHEN flags & 16 <> 0 THEN 'time-fault-reported' END,
  CASE WHEN flags & 32 <> 0 THEN 'clock-suspect' END,
  CASE WHEN flags & 64 <> 0 THEN 'probable-duplicate' END,
  CASE WHEN flags & 128 <> 0 THEN 'rate-of-change' END,
  CASE WHEN flags & 256 <> 0 THEN 'frozen' END,
  CASE WHEN flags & 512 <> 0 THEN 'off-grid' END,
  CASE WHEN flags & 1024 <> 0 THEN 'corrected' END,
  CASE WHEN flags & 2048 <> 0 THEN 'derived' END], NULL);

COMMENT ON COLUMN sink_ledger.already_stored IS 'By how many rows fewer the valid readings have added than the streams counted: duplicates that came after the streams had forgotten the first. A withdrawal that found nothing counts -1.';

ALTER TABLE quarantined ADD COLUMN known_value double precision;
COMMENT ON COLUMN quarantined.known_value IS 'The value that was known under the same identity and stays, in the canonical unit of the metric.';

CREATE OR REPLACE VIEW v_quarantined AS
SELECT center, subject, device, vendor, metric, attributes, time, end_time, value, unit, reasons, detail, raw, received_at, quarantined_at,
       released_at, known_value
FROM quarantined;
