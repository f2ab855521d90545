package org.lifelog.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;

/** What one transaction writes: rows of all kinds, and how far the partitions they came from move. */
final class Batch {
    /**
     * How far a partition moves.
     *
     * @param from offset at which the database must stand, or the partition belongs to another sink now
     * @param to offset of the next record to read
     */
    record Move(long from, long to) {}

    /** A quarantined reading with its place, which identifies it. */
    record Quarantined(TopicPartition source, long offset, QuarantinedReading reading) {}

    private record AggregateKey(String center, String subject, String metric, String attributes, Object time) {}

    private final List<Reading> readings = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private final List<Erasures.Erasure> erasures = new ArrayList<>();
    private final Map<WindowSize, Map<AggregateKey, Aggregate>> aggregates = new EnumMap<>(WindowSize.class);
    private final Map<String, Long> refused = new HashMap<>();
    private final Map<TopicPartition, Move> moves = new HashMap<>();
    private int records;

    void add(Reading reading) {
        readings.add(reading);
        records++;
    }

    void add(Quarantined reading) {
        quarantined.add(reading);
        records++;
    }

    /**
     * What cannot be stored as what it is.
     *
     * @param rows how many rows of readings the streams have counted for it
     */
    void addRefused(Quarantined kept, long rows) {
        add(kept);
        if (rows != 0) {
            refused.merge(kept.reading().getCenter(), rows, Long::sum);
        }
    }

    /** Of several states of one window the newest stays. */
    void add(Aggregate aggregate) {
        aggregates
                .computeIfAbsent(aggregate.getWindow(), size -> new HashMap<>())
                .merge(
                        new AggregateKey(
                                aggregate.getCenter(),
                                aggregate.getSubject(),
                                aggregate.getMetric(),
                                aggregate.getAttributes(),
                                aggregate.getTime()),
                        aggregate,
                        (one, other) -> one.getVersion() > other.getVersion() ? one : other);
        records++;
    }

    /** Drops what came of a subject before now from a topic, of which all is to be erased. */
    void erase(String topic, SubjectKey subject) {
        long dropped = 0;
        if (topic.equals(Topic.VALID.topicName())) {
            dropped = readings.stream()
                    .filter(reading -> isOf(subject, reading.getCenter(), reading.getSubject()))
                    .mapToLong(ReadingTable::rows)
                    .sum();
            readings.removeIf(reading -> isOf(subject, reading.getCenter(), reading.getSubject()));
        } else if (topic.equals(Topic.AGGREGATES.topicName())) {
            aggregates
                    .values()
                    .forEach(windows -> windows.keySet().removeIf(key -> isOf(subject, key.center(), key.subject())));
        }
        for (Quarantined one : List.copyOf(quarantined)) {
            if (one.source().topic().equals(topic)
                    && isOf(subject, one.reading().getCenter(), one.reading().getSubject())) {
                quarantined.remove(one);
                dropped += QuarantineTable.isCounted(one) ? 1 : 0;
            }
        }
        erasures.add(new Erasures.Erasure(topic, subject, dropped));
        records++;
    }

    private static boolean isOf(SubjectKey subject, String center, String name) {
        return subject.center().equals(center) && subject.name().equals(name);
    }

    void move(TopicPartition partition, Move move) {
        moves.put(partition, move);
    }

    List<Reading> readings() {
        return readings;
    }

    List<Quarantined> quarantined() {
        return quarantined;
    }

    Collection<Aggregate> aggregates(WindowSize size) {
        return aggregates.getOrDefault(size, Map.of()).values();
    }

    List<Erasures.Erasure> erasures() {
        return erasures;
    }

    /** Rows of readings that are missing because they were refused, by center. */
    Map<String, Long> refused() {
        return refused;
    }

    Map<TopicPartition, Move> moves() {
        return moves;
    }

    /** Number of records that were added. */
    int records() {
        return records;
    }
}
