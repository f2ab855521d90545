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

/** What one transaction writes: rows of all kinds, and how far the partitions they came from move. */
final class Batch {
    /**
     * How far a partition moves.
     *
     * @param from offset at which the database must stand, or the partition belongs to another sink now
     * @param to offset of the next record to read
     */
    record Move(long from, long to) {}

    /**
     * A quarantined reading with its place, which identifies it.
     *
     * @param partition of {@code lifelog.readings.quarantined}
     */
    record Quarantined(int partition, long offset, QuarantinedReading reading) {}

    private record AggregateKey(String center, String subject, String metric, String attributes, Object time) {}

    private final List<Reading> readings = new ArrayList<>();
    private final List<Quarantined> quarantined = new ArrayList<>();
    private final Map<WindowSize, Map<AggregateKey, Aggregate>> aggregates = new EnumMap<>(WindowSize.class);
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

    Map<TopicPartition, Move> moves() {
        return moves;
    }

    /** Number of records that were added. */
    int records() {
        return records;
    }
}
