package org.lifelog.local;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.contract.Reason;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.SchemaRegistryConfig;

/**
 * The balance of every center: acknowledged + released = valid + duplicate + quarantined + corrected + withdrawn +
 * erasures, and what is valid and not withdrawn, derived, or quarantined, is in the database or was removed from it, but for
 * readings that the database refused, which are in its quarantine. Acknowledged is what stands in {@code lifelog.readings};
 * released is what came back from quarantine, where its row stays, and so is accounted for twice; the streams' own counts
 * say what became of both; the database is counted row by row.
 */
public record LedgerBalance(Map<String, Row> rows, List<String> gaps) {
    private static final String STREAMS_GROUP = "lifelog-streams";
    private static final String NO_CENTER = "~unknown";
    /** What the streams quarantined, and not what the sink put there because it could not be stored as what it is. */
    private static final String QUARANTINED = "SELECT center, sum(rows)::bigint FROM ("
            + "SELECT center, count(*) AS rows FROM quarantined WHERE source_topic = '" + Topic.QUARANTINED.topicName()
            + "' AND reasons <> ARRAY['" + Reason.REFUSED_BY_STORAGE.code() + "'] GROUP BY center"
            + " UNION ALL SELECT center, quarantined_removed FROM sink_ledger) q GROUP BY center";

    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * One center.
     *
     * @param released taken by the streams once more, after an assignment released it from quarantine
     * @param waiting acknowledged or released, but not yet taken by the streams
     * @param valid found valid by the streams, without those that the sink knew already
     * @param duplicate known to the streams or to the sink already
     * @param corrected took the place of a valid one
     * @param withdrawn took a valid one back
     * @param derived made by the streams of other readings
     * @param erasures asked for a subject to be erased
     * @param removed rows that were in the database, and were erased or were older than the center keeps them
     * @param stored rows in the database
     * @param refused valid ones that the database refused for their content
     * @param storedQuarantined quarantined rows in the database, or removed from it
     */
    public record Row(
            long acknowledged,
            long released,
            long waiting,
            long valid,
            long duplicate,
            long quarantined,
            long corrected,
            long withdrawn,
            long derived,
            long erasures,
            long removed,
            long stored,
            long refused,
            long storedQuarantined) {
        /** Whether all that was acknowledged is where it belongs. */
        public boolean closes() {
            return waiting == 0
                    && acknowledged + released == valid + duplicate + quarantined + corrected + withdrawn + erasures
                    && valid - withdrawn + derived - removed == stored + refused
                    && quarantined == storedQuarantined;
        }
    }

    /** Whether every center's balance closes and no record was passed over. */
    public boolean closes() {
        return gaps.isEmpty() && rows.values().stream().allMatch(Row::closes);
    }

    /**
     * Takes the balance now. What is on its way while it is taken makes it not close; take it again then.
     *
     * @throws UserException where Kafka or the database is away
     */
    public static LedgerBalance take(ServiceCredentials credentials) {
        try (Admin admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, credentials.kafka()));
                KafkaConsumer<String, byte[]> consumer = consumer(credentials);
                KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer()) {
            deserializer.configure(
                    Map.of(
                            SchemaRegistryConfig.URL,
                            credentials.registry(),
                            SchemaRegistryConfig.SPECIFIC_READER,
                            true),
                    false);
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(STREAMS_GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<String, LedgerEntry> entries = new HashMap<>();
            List<TopicPartition> ledger = partitions(consumer, Topic.LEDGER);
            read(
                    consumer,
                    consumer.beginningOffsets(ledger),
                    record -> entries.put(
                            record.key(), (LedgerEntry) deserializer.deserialize(record.topic(), record.value())));
            Map<TopicPartition, Long> next = next(consumer, Topic.READINGS, committed);
            Map<String, Long> waiting = waiting(consumer, next);
            Map<String, Long> waitingReleased = waiting(consumer, next(consumer, Topic.RELEASED, committed));
            return new LedgerBalance(rows(credentials, entries, waiting, waitingReleased), gaps(entries, next));
        } catch (ExecutionException | KafkaException e) {
            throw new UserException("Kafka does not answer at " + credentials.kafka() + ". Is the service up?", e);
        } catch (SQLException e) {
            throw new UserException("The database does not answer: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted", e);
        }
    }

    private static KafkaConsumer<String, byte[]> consumer(ServiceCredentials credentials) {
        return new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, credentials.kafka(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic topic) {
        return consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    /** Where the streams stand in each partition of a topic. */
    private static Map<TopicPartition, Long> next(
            KafkaConsumer<?, ?> consumer, Topic topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<TopicPartition, Long> next = new HashMap<>(consumer.beginningOffsets(partitions(consumer, topic)));
        next.replaceAll((partition, beginning) -> committed.get(partition) == null
                ? beginning
                : committed.get(partition).offset());
        return next;
    }

    /** How many records of each center the streams have yet to take. */
    private static Map<String, Long> waiting(KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> next) {
        Map<String, Long> waiting = new HashMap<>();
        read(consumer, next, record -> waiting.merge(center(record.key()), 1L, Long::sum));
        return waiting;
    }

    /** Reads everything from the given offsets to the end as it is now. */
    private static void read(
            KafkaConsumer<String, byte[]> consumer,
            Map<TopicPartition, Long> from,
            Consumer<ConsumerRecord<String, byte[]>> reader) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(from.keySet());
        consumer.assign(from.keySet());
        from.forEach(consumer::seek);
        Set<TopicPartition> open = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        open.addAll(from.keySet());
        while (true) {
            open.removeIf(partition -> consumer.position(partition) >= ends.get(partition));
            if (open.isEmpty()) {
                return;
            }
            consumer.poll(POLL).forEach(reader);
        }
    }

    private static String center(String key) {
        try {
            return SubjectKey.parse(key).center();
        } catch (IllegalArgumentException e) {
            return NO_CENTER;
        }
    }

    /**
     * The gateway's records lie without gaps from offset 0, so the counts of a partition, without what came from the topic
     * of released readings, must add up to its offset.
     */
    private static List<String> gaps(Map<String, LedgerEntry> entries, Map<TopicPartition, Long> next) {
        List<String> gaps = new ArrayList<>();
        next.forEach((partition, offset) -> {
            long received = entries.values().stream()
                    .filter(entry -> entry.getPartition() == partition.partition())
                    .mapToLong(entry -> entry.getReceived() - entry.getReleased())
                    .sum();
            if (received != offset) {
                gaps.add("partition " + partition + ": the streams stand at " + offset + " but account for " + received
                        + " records");
            }
        });
        return gaps;
    }

    private static Map<String, Row> rows(
            ServiceCredentials credentials,
            Map<String, LedgerEntry> entries,
            Map<String, Long> waiting,
            Map<String, Long> waitingReleased)
            throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                credentials.database().url(),
                credentials.database().username(),
                credentials.database().password())) {
            Map<String, Long> stored = counts(
                    connection, "SELECT center, count(*) FROM reading JOIN series USING (series_id) GROUP BY center");
            Map<String, Long> already = counts(connection, "SELECT center, already_stored FROM sink_ledger");
            Map<String, Long> removed = counts(connection, "SELECT center, removed FROM sink_ledger");
            Map<String, Long> refused = counts(connection, "SELECT center, refused FROM sink_ledger");
            Map<String, Long> quarantined = counts(connection, QUARANTINED);
            Set<String> centers = new TreeSet<>(credentials.gateway().centers().keySet());
            // What names no configured center is counted together by the streams, so it is here.
            Map<String, Long> quarantinedByCenter = new HashMap<>();
            quarantined.forEach((center, count) ->
                    quarantinedByCenter.merge(centers.contains(center) ? center : NO_CENTER, count, Long::sum));
            entries.values().forEach(entry -> centers.add(entry.getCenter()));
            Map<String, Row> rows = new TreeMap<>();
            for (String center : centers) {
                rows.put(
                        center,
                        row(
                                entries.values().stream()
                                        .filter(entry -> entry.getCenter().equals(center))
                                        .toList(),
                                waiting.getOrDefault(center, 0L),
                                waitingReleased.getOrDefault(center, 0L),
                                stored.getOrDefault(center, 0L),
                                already.getOrDefault(center, 0L),
                                removed.getOrDefault(center, 0L),
                                refused.getOrDefault(center, 0L),
                                quarantinedByCenter.getOrDefault(center, 0L)));
            }
            return rows;
        }
    }

    private static Row row(
            List<LedgerEntry> entries,
            long waiting,
            long waitingReleased,
            long stored,
            long already,
            long removed,
            long refused,
            long quarantined) {
        long received = entries.stream().mapToLong(LedgerEntry::getReceived).sum();
        long released = entries.stream().mapToLong(LedgerEntry::getReleased).sum();
        return new Row(
                received - released + waiting,
                released + waitingReleased,
                waiting + waitingReleased,
                entries.stream().mapToLong(LedgerEntry::getValid).sum() - already,
                entries.stream().mapToLong(LedgerEntry::getDuplicate).sum() + already,
                entries.stream().mapToLong(LedgerEntry::getQuarantined).sum(),
                entries.stream().mapToLong(LedgerEntry::getCorrected).sum(),
                entries.stream().mapToLong(LedgerEntry::getWithdrawn).sum(),
                entries.stream().mapToLong(LedgerEntry::getDerived).sum(),
                entries.stream().mapToLong(LedgerEntry::getErasures).sum(),
                removed,
                stored,
                refused,
                quarantined);
    }

    private static Map<String, Long> counts(Connection connection, String sql) throws SQLException {
        Map<String, Long> counts = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counts.put(rows.getString(1), rows.getLong(2));
            }
        }
        return counts;
    }
}
