package org.lifelog.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroDeserializer;

/** What comes into {@code lifelog.readings} after this was made. */
public final class ReadingsTopic implements AutoCloseable {
    private static final List<TopicPartition> PARTITIONS = IntStream.range(0, RunningGateway.PARTITIONS)
            .mapToObj(partition -> new TopicPartition(Topic.READINGS.topicName(), partition))
            .toList();

    private final KafkaConsumer<String, IndexedRecord> consumer;
    private final List<ConsumerRecord<String, IndexedRecord>> read = new ArrayList<>();

    public ReadingsTopic(String kafka) {
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(
                Map.of("schema.registry.url", Infrastructure.registryUrl(), "specific.avro.reader", true), false);
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka, "max.partition.fetch.bytes", 16 << 20),
                new StringDeserializer(),
                deserializer);
        consumer.assign(PARTITIONS);
        skip();
    }

    /** Leaves out what has come in so far. */
    public void skip() {
        read.clear();
        consumer.seekToEnd(PARTITIONS);
        PARTITIONS.forEach(consumer::position);
    }

    /** Goes back to the beginning of the topic. */
    public void rewind() {
        read.clear();
        consumer.seekToBeginning(PARTITIONS);
    }

    /** The next records, in the order of each key; fails where there are fewer or more. */
    public List<ConsumerRecord<String, IndexedRecord>> take(int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            return read.size() >= count;
        });
        assertThat(read).hasSize(count);
        assertNothingMore();
        List<ConsumerRecord<String, IndexedRecord>> taken = List.copyOf(read);
        read.clear();
        taken.forEach(record -> assertThat(record.partition())
                .as("partition of %s", record.key())
                .isEqualTo(Utils.toPositive(Utils.murmur2(Utils.utf8(record.key()))) % RunningGateway.PARTITIONS));
        return taken;
    }

    public List<Reading> takeReadings(int count) {
        return take(count).stream().map(record -> (Reading) record.value()).toList();
    }

    /** All readings up to the present end of the topic, in the order of each key. */
    public List<Reading> takeAll() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(PARTITIONS);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
        List<Reading> taken =
                read.stream().map(record -> (Reading) record.value()).toList();
        read.clear();
        return taken;
    }

    /** Goes through all records up to the present end of the topic, and keeps none. */
    public void forEach(Consumer<ConsumerRecord<String, IndexedRecord>> action) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(PARTITIONS);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(action);
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
    }

    public ConsumerRecord<String, IndexedRecord> takeOne() {
        return take(1).get(0);
    }

    public QuarantinedReading takeQuarantined() {
        return (QuarantinedReading) takeOne().value();
    }

    /** Right only after what was sent has been answered. */
    public void assertNothingMore() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        PARTITIONS.forEach(partition -> positions.put(partition, consumer.position(partition)));
        assertThat(consumer.endOffsets(PARTITIONS)).isEqualTo(positions);
    }

    public static byte[] raw(QuarantinedReading quarantined) {
        return Utils.toArray(quarantined.getRaw());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
