package org.lifelog.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;

/** The topics in real Kafka, as tests write and read them. Tests share them, each with centers of its own. */
final class StreamsTopics {
    private static final Centers CENTERS = Centers.load(Catalogue.load());

    private StreamsTopics() {}

    static void apply() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Infrastructure.kafka()))) {
            new Topics(admin, new SchemaRegistryClient(Infrastructure.registryUrl()), CENTERS).apply(2, (short) 1);
        }
    }

    /** Sends readings as the gateway does. */
    static void send(List<Reading> readings) {
        produce(readings.stream()
                .map(reading -> new ProducerRecord<String, IndexedRecord>(
                        Topic.READINGS.topicName(),
                        SubjectKey.of(reading.getCenter(), reading.getSubject()).toString(),
                        reading))
                .toList());
    }

    /** Registers a device, or changes it. */
    static void register(Device device) {
        produce(List.of(new ProducerRecord<>(
                Topic.DEVICES.topicName(), DeviceKey.of(device).toString(), device)));
    }

    /** Writes what is no Device to the topic of the devices. */
    static void poison(String key) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", Infrastructure.kafka()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topic.DEVICES.topicName(), key, new byte[] {0, 1, 2}));
        }
    }

    private static void produce(List<ProducerRecord<String, IndexedRecord>> records) {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(Map.of(SchemaRegistryConfig.URL, Infrastructure.registryUrl()), false);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", Infrastructure.kafka());
        try (KafkaProducer<String, IndexedRecord> producer =
                new KafkaProducer<>(properties, new StringSerializer(), serializer)) {
            records.forEach(producer::send);
        }
    }

    /** The valid readings of a center so far. */
    static List<Reading> valid(String center) {
        return read(Topic.VALID).stream()
                .map(Reading.class::cast)
                .filter(reading -> reading.getCenter().equals(center))
                .toList();
    }

    /** What was quarantined of a center so far, and released. */
    static List<QuarantinedReading> quarantined(String center) {
        return read(Topic.QUARANTINED).stream()
                .map(QuarantinedReading.class::cast)
                .filter(quarantined -> quarantined.getCenter().equals(center))
                .toList();
    }

    /** The newest counts of a center, over all partitions. */
    static LedgerEntry ledger(String center) {
        Map<Integer, LedgerEntry> newest = new HashMap<>();
        read(Topic.LEDGER).stream()
                .map(LedgerEntry.class::cast)
                .filter(entry -> entry.getCenter().equals(center))
                .forEach(entry -> newest.put(entry.getPartition(), entry));
        return newest.values().stream()
                .reduce(
                        new LedgerEntry(center, 0, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L),
                        (one, other) -> new LedgerEntry(
                                center,
                                0,
                                one.getReceived() + other.getReceived(),
                                one.getValid() + other.getValid(),
                                one.getDuplicate() + other.getDuplicate(),
                                one.getQuarantined() + other.getQuarantined(),
                                one.getReleased() + other.getReleased(),
                                one.getCorrected() + other.getCorrected(),
                                one.getWithdrawn() + other.getWithdrawn(),
                                one.getDerived() + other.getDerived(),
                                one.getErasures() + other.getErasures()));
    }

    /** All committed records of a topic. */
    static List<IndexedRecord> read(Topic topic) {
        return read(topic.topicName()).stream().map(ConsumerRecord::value).toList();
    }

    /** All committed records of a topic, with their keys. */
    static List<ConsumerRecord<String, IndexedRecord>> read(String topic) {
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(
                Map.of(
                        SchemaRegistryConfig.URL,
                        Infrastructure.registryUrl(),
                        SchemaRegistryConfig.SPECIFIC_READER,
                        true),
                false);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", Infrastructure.kafka());
        properties.put("isolation.level", "read_committed");
        List<ConsumerRecord<String, IndexedRecord>> records = new ArrayList<>();
        try (KafkaConsumer<String, IndexedRecord> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), deserializer)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
