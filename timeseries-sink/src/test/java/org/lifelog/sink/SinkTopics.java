package org.lifelog.sink;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;

/** The topics of a Kafka, with four partitions, and what tests write to them. */
final class SinkTopics implements AutoCloseable {
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaAvroSerializer serializer = new KafkaAvroSerializer();

    SinkTopics(String kafka) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            new Topics(admin, new SchemaRegistryClient(Infrastructure.registryUrl())).apply(4, (short) 1);
        }
        serializer.configure(Map.of(SchemaRegistryConfig.URL, Infrastructure.registryUrl()), false);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka);
        producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** Readings of twelve subjects, a minute apart. */
    static List<Reading> readings(String subjects, int count) {
        Instant first = Instant.parse("2026-11-01T00:00:00Z");
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            readings.add(SinkRecords.reading(
                            subjects + i % 12, first.plusSeconds(60L * i).toString(), 60 + i % 190)
                    .build());
        }
        return readings;
    }

    /** Readings as a query for subject, seconds since the epoch and value has them. */
    static List<String> rows(List<Reading> readings) {
        return readings.stream()
                .map(reading -> reading.getSubject() + "|" + reading.getTime().getEpochSecond() + "|"
                        + (long) reading.getValue())
                .toList();
    }

    void send(List<Reading> readings) {
        for (Reading reading : readings) {
            send(Topic.VALID, reading.getCenter() + "/" + reading.getSubject(), reading);
        }
        producer.flush();
    }

    void send(Topic topic, String key, IndexedRecord value) {
        sendRaw(topic, key, serializer.serialize(topic.topicName(), value));
    }

    void sendRaw(Topic topic, String key, byte[] value) {
        producer.send(new ProducerRecord<>(topic.topicName(), key, value));
    }

    @Override
    public void close() {
        producer.close();
    }
}
