-- Records that the sink could not store as what they are, because the database refuses them for their content or because
-- they cannot be decoded: they are kept in quarantine too, whatever topic they come from.

ALTER TABLE quarantined ADD COLUMN source_topic text NOT NULL DEFAULT 'lifelog.readings.quarantined';
ALTER TABLE quarantined DROP CONSTRAINT quarantined_pkey;
ALTER TABLE quarantined ADD PRIMARY KEY (source_topic, source_partition, source_offset);
COMMENT ON COLUMN quarantined.source_topic IS 'Topic of the record; another one than lifelog.readings.quarantined where the sink could not store a record of that topic.';
COMMENT ON COLUMN quarantined.raw IS 'The bytes as received, where they could not be decoded; those of the record in Kafka, where the sink could not store it.';

ALTER TABLE sink_ledger ADD COLUMN refused bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN sink_ledger.refused IS 'By how many rows fewer the valid readings have added than the streams counted, because the database refused them for their content; they are in quarantine. A withdrawal that was refused counts -1.';
