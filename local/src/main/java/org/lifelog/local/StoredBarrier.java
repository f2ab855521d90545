package org.lifelog.local;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.lifelog.contract.Topic;
import org.lifelog.sink.Recomputation;

/**
 * Waits until the sink has stored what the streams had found valid when it is asked. An aggregate is committed with the
 * readings that it was made of, or after them.
 */
final class StoredBarrier implements Recomputation.Barrier, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Connection connection;
    private final Duration longest;

    /**
     * Connects.
     *
     * @param longest how long it waits at most
     */
    StoredBarrier(String kafka, ServiceCredentials.Database database, Duration longest) {
        this.longest = longest;
        try {
            connection = DriverManager.getConnection(database.url(), database.username(), database.password());
        } catch (SQLException e) {
            throw new UserException("The database does not answer: SQLSTATE " + e.getSQLState() + ".", e);
        }
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        kafka,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        IsolationLevel.READ_COMMITTED.toString()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    @Override
    public void await() {
        long deadline = System.nanoTime() + longest.toNanos();
        try {
            Map<TopicPartition, Long> ends = ends();
            while (!stored(ends)) {
                if (System.nanoTime() > deadline) {
                    throw new UserException("The sink is behind or down: after " + longest
                            + " it has not stored what was there at the beginning.");
                }
            }
        } catch (KafkaException e) {
            throw new UserException("Kafka does not answer: " + e.getMessage(), e);
        } catch (SQLException e) {
            throw new UserException("The database does not answer: SQLSTATE " + e.getSQLState() + ".", e);
        }
    }

    private Map<TopicPartition, Long> ends() {
        return consumer.endOffsets(consumer.partitionsFor(Topic.VALID.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList());
    }

    /** At the end of a partition there may be marks of transactions, which nobody stores. */
    private boolean stored(Map<TopicPartition, Long> ends) throws SQLException {
        Map<TopicPartition, Long> behind = new HashMap<>();
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            long next = next(end.getKey());
            if (next < end.getValue()) {
                behind.put(end.getKey(), next);
            }
        }
        consumer.assign(behind.keySet());
        behind.forEach(consumer::seek);
        while (behind.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            if (!consumer.poll(POLL).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private long next(TopicPartition partition) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT next_offset FROM sink_offset WHERE topic = ? AND partition = ?")) {
            statement.setString(1, partition.topic());
            statement.setInt(2, partition.partition());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
        try {
            connection.close();
        } catch (SQLException e) {
            throw new UserException("The connection to the database could not be closed.", e);
        }
    }
}
