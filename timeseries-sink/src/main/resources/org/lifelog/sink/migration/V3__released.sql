-- Readings that were quarantined for their device and released by an assignment that covers them. The row stays: it is
-- what became of the reading first, and the ledger counts it.

ALTER TABLE quarantined ADD COLUMN released_at timestamptz;
COMMENT ON COLUMN quarantined.released_at IS 'When an assignment of its device released the reading, which was then judged anew; null while it is quarantined.';
-- A release names a reading, and not the row.
CREATE INDEX ON quarantined (center, device, time) WHERE released_at IS NULL;

CREATE OR REPLACE VIEW v_quarantined AS
SELECT center, subject, device, vendor, metric, attributes, time, end_time, value, unit, reasons, detail, raw, received_at, quarantined_at,
       released_at
FROM quarantined;
