package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;

/** The service as processes of its own against real Kafka and a real database, killed in the middle of its work. */
class SinkTest {
    private static final int READINGS = 6_000;

    @TempDir
    private Path folder;

    private final SinkDatabase database = new SinkDatabase("sink");
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        database.close();
    }

    private Process startService() throws IOException {
        Path config = Files.writeString(
                folder.resolve("sink.properties"),
                "kafka.bootstrap.servers=" + Infrastructure.kafka() + "\n"
                        + "schema.registry.url=" + Infrastructure.registryUrl() + "\n"
                        + "database.url=" + database.database().jdbcUrl() + "\n"
                        + "database.username=" + database.database().username() + "\n"
                        + "database.password=" + database.database().password() + "\n"
                        + "sink.batch.rows=200\n"
                        + "kafka.consumer.session.timeout.ms=6000\n");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sink.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("sink.log").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    private long rows() throws Exception {
        return Long.parseLong(database.query("SELECT count(*) FROM reading").get(0));
    }

    @Test
    void killedAndRebalancedItStoresEachReadingOnce() throws Exception {
        applyTopics();
        List<Reading> readings = readings();
        Process first = startService();
        send(readings.subList(0, READINGS / 2));
        await().atMost(Duration.ofMinutes(2)).until(() -> rows() > READINGS / 10);
        first.destroyForcibly().waitFor();

        // Two of them, so that partitions move from one to the other while the rest comes in.
        Process second = startService();
        send(readings.subList(READINGS / 2, READINGS));
        await().atMost(Duration.ofMinutes(2)).until(() -> rows() > READINGS / 2);
        Process third = startService();
        await().atMost(Duration.ofMinutes(2)).until(() -> rows() == READINGS);
        second.destroy();
        third.destroy();
        assertThat(second.waitFor()).isIn(0, 143);
        assertThat(third.waitFor()).isIn(0, 143);

        assertThat(database.query("SELECT subject, extract(epoch FROM time)::bigint, value FROM v_reading"))
                .containsExactlyInAnyOrderElementsOf(readings.stream()
                        .map(reading -> reading.getSubject() + "|"
                                + reading.getTime().getEpochSecond() + "|" + (long) reading.getValue())
                        .toList());
        assertThat(database.query("SELECT * FROM sink_ledger")).isEmpty();
    }

    private static void applyTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Infrastructure.kafka()))) {
            new Topics(admin, new SchemaRegistryClient(Infrastructure.registryUrl())).apply(4, (short) 1);
        }
    }

    private static List<Reading> readings() {
        Instant first = Instant.parse("2026-11-01T00:00:00Z");
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < READINGS; i++) {
            readings.add(SinkRecords.reading(
                            "S-" + i % 12, first.plusSeconds(60L * i).toString(), 60 + i % 190)
                    .build());
        }
        return readings;
    }

    private static void send(List<Reading> readings) {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(Map.of(SchemaRegistryConfig.URL, Infrastructure.registryUrl()), false);
        Properties properties = new Properties();
        properties.put("bootstrap.servers", Infrastructure.kafka());
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            for (Reading reading : readings) {
                producer.send(new ProducerRecord<>(
                        Topic.VALID.topicName(),
                        reading.getCenter() + "/" + reading.getSubject(),
                        serializer.serialize(Topic.VALID.topicName(), reading)));
            }
        }
    }
}
