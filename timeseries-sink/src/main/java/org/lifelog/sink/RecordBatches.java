package org.lifelog.sink;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.SubjectKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes batches of records as they are in Kafka. */
final class RecordBatches {
    private static final Logger LOG = LoggerFactory.getLogger(RecordBatches.class);

    private final Deserializer<IndexedRecord> deserializer;

    RecordBatches(Deserializer<IndexedRecord> deserializer) {
        this.deserializer = deserializer;
    }

    /**
     * What records say. Those that cannot be decoded are put aside.
     *
     * @param written where the database stands
     * @throws org.lifelog.registry.SchemaRegistryException where the registry is away
     */
    Batch of(PolledRecords records, Map<TopicPartition, Long> written) {
        Batch batch = empty(records, written);
        for (ConsumerRecord<String, byte[]> record : records.records()) {
            Optional<SubjectKey> erased = erased(record);
            if (erased.isPresent()) {
                batch.erase(record.topic(), erased.get());
                continue;
            }
            Optional<IndexedRecord> value = decode(record);
            if (value.isEmpty()) {
                LOG.error(
                        "Record {} of {}-{} cannot be decoded and is put into quarantine",
                        record.offset(),
                        record.topic(),
                        record.partition());
                batch.addRefused(quarantined(record, RefusedRecord.undecodable(record)), 0);
            } else if (value.get() instanceof Reading reading) {
                batch.add(reading);
            } else if (value.get() instanceof Aggregate aggregate) {
                batch.add(aggregate);
            } else {
                batch.add(quarantined(record, (QuarantinedReading) value.get()));
            }
        }
        return batch;
    }

    /**
     * Puts aside a record that the database refuses.
     *
     * @param single the record
     * @param written where the database stands
     * @throws SQLException the refusal, where it is of a record that was put aside already
     */
    Batch refused(PolledRecords single, Map<TopicPartition, Long> written, SQLException refusal) throws SQLException {
        ConsumerRecord<String, byte[]> record = single.records().get(0);
        IndexedRecord value = decode(record).orElseThrow(() -> refusal);
        String detail = DatabaseFault.detail(refusal);
        LOG.error(
                "Record {} of {}-{} is put into quarantine. {}",
                record.offset(),
                record.topic(),
                record.partition(),
                detail);
        Batch batch = empty(single, written);
        batch.addRefused(
                quarantined(record, RefusedRecord.of(record, value, detail)),
                value instanceof Reading reading ? ReadingTable.rows(reading) : 0);
        return batch;
    }

    private static Batch empty(PolledRecords records, Map<TopicPartition, Long> written) {
        Batch batch = new Batch();
        records.next().forEach((partition, to) -> batch.move(partition, new Batch.Move(written.get(partition), to)));
        return batch;
    }

    private static Batch.Quarantined quarantined(ConsumerRecord<String, byte[]> record, QuarantinedReading reading) {
        return new Batch.Quarantined(new TopicPartition(record.topic(), record.partition()), record.offset(), reading);
    }

    /** The subject that a record without a value erases. */
    private static Optional<SubjectKey> erased(ConsumerRecord<String, byte[]> record) {
        try {
            return record.value() == null ? Optional.of(SubjectKey.parse(record.key())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Empty for what is no record of ours. */
    private Optional<IndexedRecord> decode(ConsumerRecord<String, byte[]> record) {
        try {
            return Optional.ofNullable(deserializer.deserialize(record.topic(), record.value()))
                    .filter(value -> value instanceof Reading
                            || value instanceof Aggregate
                            || value instanceof QuarantinedReading);
        } catch (SerializationException e) {
            return Optional.empty();
        }
    }
}
