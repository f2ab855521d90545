package org.lifelog.sink;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Reason;
import org.lifelog.contract.SubjectKey;

/**
 * A record that cannot be stored as what it is, in the form in which quarantine keeps it: its bytes as they are in Kafka,
 * and so much of its fields as a database is sure to take.
 */
final class RefusedRecord {
    /** So that two of them in one index stay below what a page can hold. */
    private static final int LONGEST_TEXT = 200;

    private static final int NO_CHARACTER = 0xFFFD;
    /** Where the times of PostgreSQL begin, a little later. They end after those of Avro. */
    private static final Instant EARLIEST_TIME = Instant.parse("-4700-01-01T00:00:00Z");

    private static final String NO_CENTER = "~unknown";

    private RefusedRecord() {}

    /** A record that is nothing known. */
    static QuarantinedReading undecodable(ConsumerRecord<String, byte[]> record) {
        QuarantinedReading.Builder kept = builder(record)
                .setCenter(NO_CENTER)
                .setReceivedAt(Instant.ofEpochMilli(record.timestamp()))
                .setReasons(List.of(Reason.REFUSED_BY_STORAGE.code()))
                .setDetail("The record cannot be decoded.");
        try {
            SubjectKey key = SubjectKey.parse(record.key());
            kept.setCenter(storable(key.center())).setSubject(storable(key.name()));
        } catch (IllegalArgumentException e) {
            return kept.build();
        }
        return kept.build();
    }

    /**
     * A record that the database refuses.
     *
     * @param value its content
     * @param detail why, without values
     */
    static QuarantinedReading of(ConsumerRecord<String, byte[]> record, IndexedRecord value, String detail) {
        QuarantinedReading.Builder kept = builder(record)
                .setReasons(List.of(Reason.REFUSED_BY_STORAGE.code()))
                .setDetail(detail);
        if (value instanceof Reading reading) {
            return kept.setCenter(storable(reading.getCenter()))
                    .setSubject(storable(reading.getSubject()))
                    .setDevice(storable(reading.getDevice()))
                    .setVendor(storable(reading.getVendor()))
                    .setReading(storable(reading))
                    .setReceivedAt(storable(reading.getReceivedAt(), record))
                    .build();
        }
        if (value instanceof Aggregate aggregate) {
            return kept.setCenter(storable(aggregate.getCenter()))
                    .setSubject(storable(aggregate.getSubject()))
                    .setReceivedAt(Instant.ofEpochMilli(record.timestamp()))
                    .build();
        }
        QuarantinedReading quarantined = (QuarantinedReading) value;
        return kept.setCenter(storable(quarantined.getCenter()))
                .setSubject(storable(quarantined.getSubject()))
                .setDevice(storable(quarantined.getDevice()))
                .setVendor(storable(quarantined.getVendor()))
                .setReading(storable(quarantined.getReading()))
                .setReasons(reasons(quarantined))
                .setReceivedAt(storable(quarantined.getReceivedAt(), record))
                .build();
    }

    private static QuarantinedReading.Builder builder(ConsumerRecord<String, byte[]> record) {
        return QuarantinedReading.newBuilder()
                .setRaw(record.value() == null ? null : ByteBuffer.wrap(record.value()))
                .setQuarantinedAt(Instant.now());
    }

    /** What was quarantined before keeps its reasons; the release of a reading is none. */
    private static List<String> reasons(QuarantinedReading quarantined) {
        List<String> reasons = new ArrayList<>();
        if (quarantined.getReleasedAt() == null) {
            quarantined.getReasons().forEach(reason -> reasons.add(storable(reason)));
        }
        reasons.add(Reason.REFUSED_BY_STORAGE.code());
        return reasons;
    }

    private static Reading storable(Reading reading) {
        if (reading == null || !storable(reading.getTime()) || !storable(reading.getEnd())) {
            return null;
        }
        return Reading.newBuilder(reading)
                .setMetric(storable(reading.getMetric()))
                .setAttributes(storable(reading.getAttributes()))
                .setUnit(storable(reading.getUnit()))
                .build();
    }

    private static String storable(String text) {
        return text == null
                ? null
                : text.codePoints()
                        .limit(LONGEST_TEXT)
                        .map(character -> character == 0 ? NO_CHARACTER : character)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
    }

    private static boolean storable(Instant time) {
        return time == null || time.isAfter(EARLIEST_TIME);
    }

    private static Instant storable(Instant time, ConsumerRecord<String, byte[]> record) {
        return storable(time) ? time : Instant.ofEpochMilli(record.timestamp());
    }
}
