-- Which device counts where several measure the same amounts at the same time.

ALTER TABLE reading ADD COLUMN priority smallint NOT NULL DEFAULT 0;
COMMENT ON COLUMN reading.priority IS 'Rank of the device when the reading was judged: of amounts over intervals that overlap, those of the higher one count.';

CREATE OR REPLACE VIEW v_reading AS
SELECT s.center, s.subject, d.device, s.metric, s.attributes, r.time, r.end_time, r.value, s.unit,
       flag_codes(r.flags) AS flags, r.received_at, nullif(r.sequence, -1) AS sequence, r.sent_value, r.sent_unit, r.offset_seconds,
       r.priority
FROM reading r JOIN series s USING (series_id) JOIN device d USING (device_id);
