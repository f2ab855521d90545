package org.lifelog.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    @TempDir
    private Path directory;

    @Test
    void committedRecordsSurviveRestart() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, "127.0.0.1", 0)) {
            createTopic(kafka, "readings", 3);
            produce(kafka, List.of("a", "b", "c"), true);
            produce(kafka, List.of("never"), false);
            assertThat(consume(kafka, "one", 3)).containsExactly("a", "b", "c");
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, "127.0.0.1", 0);
                Admin admin = admin(kafka)) {
            produce(kafka, List.of("d"), true);
            assertThat(consume(kafka, "one", 1)).as("from the committed offset").containsExactly("d");
            assertThat(consume(kafka, "two", 4)).containsExactly("a", "b", "c", "d");
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("readings"));
            assertThat(admin.describeTopics(List.of("readings"))
                            .allTopicNames()
                            .get()
                            .get("readings")
                            .partitions())
                    .hasSize(3);
        }
    }

    @Test
    void settingsOfTheCallerTakeThePlaceOfItsOwn() throws Exception {
        try (EmbeddedKafka kafka =
                        EmbeddedKafka.start(directory, "127.0.0.1", 0, Map.of("auto.create.topics.enable", "true"));
                Admin admin = admin(kafka)) {
            produce(kafka, List.of("a"), true);
            assertThat(admin.listTopics().names().get()).containsExactly("readings");
        }
    }

    @Test
    void topicsAreNotCreatedByUse() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, "127.0.0.1", 0);
                Admin admin = admin(kafka)) {
            assertThatThrownBy(() -> admin.describeTopics(List.of("absent"))
                            .allTopicNames()
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
        }
    }

    /** Kafka itself would end the process, and with it whatever it is embedded in. */
    @Test
    void aPortThatIsTakenInBetweenEndsNoProcess() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            ListenAddress free = ListenAddress.claim("Kafka", "127.0.0.1", 0);
            ListenAddress busy = new ListenAddress("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedKafka.start(directory.resolve("a"), free, busy, Map.of()))
                    .isInstanceOf(RuntimeException.class);
            assertThatThrownBy(() -> EmbeddedKafka.start(directory.resolve("b"), busy, free, Map.of()))
                    .isInstanceOf(RuntimeException.class);
        }
        EmbeddedKafka.start(directory.resolve("c"), "127.0.0.1", 0).close();
    }

    @Test
    void busyPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOfSatisfying(PortInUseException.class, e -> {
                        assertThat(e.service()).isEqualTo("Kafka");
                        assertThat(e.port()).isEqualTo(taken.getLocalPort());
                    });
        }
    }

    @Test
    void directoryInUse() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, "127.0.0.1", 0)) {
            assertThat(kafka.bootstrap()).startsWith("127.0.0.1:");
            assertThatThrownBy(() -> EmbeddedKafka.start(directory, "127.0.0.1", 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(directory.toString());
        }
    }

    @Test
    void wildcardHostIsRefused() {
        assertThatThrownBy(() -> EmbeddedKafka.start(directory, "0.0.0.0", 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Admin admin(EmbeddedKafka kafka) {
        return Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    private static void createTopic(EmbeddedKafka kafka, String name, int partitions) throws Exception {
        try (Admin admin = admin(kafka)) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    /** One transaction, into one partition. */
    private static void produce(EmbeddedKafka kafka, List<String> values, boolean commit) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "test"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            values.forEach(value -> producer.send(new ProducerRecord<>("readings", 0, "key", value)));
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.flush();
                producer.abortTransaction();
            }
        }
    }

    private static List<String> consume(EmbeddedKafka kafka, String group, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", kafka.bootstrap(),
                        "group.id", group,
                        "auto.offset.reset", "earliest",
                        "enable.auto.commit", "false",
                        "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("readings"));
            Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    values.add(record.value());
                }
                assertThat(values).hasSizeGreaterThanOrEqualTo(count);
            });
            consumer.commitSync();
        }
        return values;
    }
}
