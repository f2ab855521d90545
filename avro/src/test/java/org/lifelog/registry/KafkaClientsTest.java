package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.lifelog.embedded.testing.Infrastructure;

/** The serializer and deserializer by configuration alone, as a data scientist would use them. */
class KafkaClientsTest {
    private static final String TOPIC = "registry.clients";

    @Test
    void whatAProducerWritesAConsumerReads() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Infrastructure.kafka()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        try (KafkaProducer<String, IndexedRecord> producer = new KafkaProducer<>(Map.of(
                "bootstrap.servers",
                Infrastructure.kafka(),
                "key.serializer",
                "org.apache.kafka.common.serialization.StringSerializer",
                "value.serializer",
                "org.lifelog.registry.KafkaAvroSerializer",
                "schema.registry.url",
                Infrastructure.registryUrl()))) {
            producer.send(new ProducerRecord<>(TOPIC, "isens/S-0042", Example.reading()))
                    .get(30, TimeUnit.SECONDS);
            producer.send(new ProducerRecord<>(TOPIC, "isens/S-0042", null)).get(30, TimeUnit.SECONDS);
        }
        try (KafkaConsumer<String, IndexedRecord> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers", Infrastructure.kafka(),
                "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
                "value.deserializer", "org.lifelog.registry.KafkaAvroDeserializer",
                "schema.registry.url", Infrastructure.registryUrl(),
                "specific.avro.reader", "true"))) {
            TopicPartition partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<ConsumerRecord<String, IndexedRecord>> read = new ArrayList<>();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
                return read.size() == 2;
            });
            assertThat(read).extracting(ConsumerRecord::key).containsOnly("isens/S-0042");
            assertThat(read).extracting(ConsumerRecord::value).containsExactly(Example.reading(), null);
        }
    }
}
