package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.DeviceKey;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Topics;
import org.lifelog.contract.Windows;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;

/** The service as a process of its own against real Kafka and a real registry, killed in the middle of its work. */
class StreamsTest {
    private static final int SUBJECTS = 5;
    private static final int PER_SUBJECT = 400;
    private static final String ACCEPT = "lifelog.unknown.devices=accept";

    @TempDir
    private Path folder;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void endProcesses() {
        processes.forEach(Process::destroyForcibly);
    }

    /**
     * Starts the service.
     *
     * @param state its folder for state within the test's
     * @param settings more lines of its configuration
     */
    private Process startService(String state, String... settings) throws IOException {
        Path config = Files.writeString(
                folder.resolve("streams.properties"),
                "kafka.bootstrap.servers=" + Infrastructure.kafka() + "\n"
                        + "schema.registry.url=" + Infrastructure.registryUrl() + "\n"
                        + "streams.state.folder=" + folder.resolve(state) + "\n"
                        + "kafka.streams.consumer.session.timeout.ms=6000\n"
                        + String.join("\n", settings));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Streams.class.getName(),
                        "--config",
                        config.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("streams.log").toFile()))
                .start();
        processes.add(process);
        return process;
    }

    @Test
    void killedTwiceItLosesAndDoublesNothing() throws Exception {
        applyTopics();
        List<Reading> distinct = readings();
        List<Reading> sent = new ArrayList<>(distinct);
        sent.addAll(distinct.subList(0, distinct.size() / 2));
        Collections.shuffle(sent, new Random(11));

        Process service = startService("state", ACCEPT);
        for (int part = 0; part < 3; part++) {
            send(sent.subList(part * sent.size() / 3, (part + 1) * sent.size() / 3));
            int seen = part;
            await().atMost(Duration.ofMinutes(2)).until(() -> valid("isens").size() > seen * distinct.size() / 3);
            if (part < 2) {
                service.destroyForcibly().waitFor();
                service = startService("state", ACCEPT);
            }
        }
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(ledger("isens").getReceived()).isEqualTo(sent.size()));

        assertThat(valid("isens"))
                .extracting(reading -> reading.getSubject() + reading.getTime() + reading.getValue())
                .containsExactlyInAnyOrderElementsOf(distinct.stream()
                        .map(reading -> reading.getSubject() + reading.getTime() + reading.getValue())
                        .toList());
        compareHours(distinct);
        service.destroy();
        assertThat(service.waitFor()).isIn(0, 143);
    }

    @Test
    void whatWasParkedOutlivesTheProcessAndItsFolderAndIsReleasedByAnAssignment() throws Exception {
        applyTopics();
        String center = "huraypositive";
        List<Reading> sent = new ArrayList<>();
        for (String time : List.of("2026-11-20T07:00:00Z", "2026-11-20T08:00:00Z", "2026-11-20T09:00:00Z")) {
            sent.add(Readings.glucose(time, 100)
                    .setCenter(center)
                    .setSubject(SubjectKey.unassigned("meter-1"))
                    .setDevice("meter-1")
                    .build());
        }
        sent.add(Readings.glucose("2026-11-20T07:30:00Z", 90)
                .setCenter(center)
                .setSubject("S-9")
                .setDevice("meter-9")
                .build());
        Process service = startService("state");
        send(sent);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(quarantined(center))
                        .extracting(one -> one.getDevice() + " " + one.getReasons())
                        .containsExactlyInAnyOrder(
                                "meter-1 [unassigned-device]",
                                "meter-1 [unassigned-device]",
                                "meter-1 [unassigned-device]",
                                "meter-9 [unknown-device]"));
        service.destroyForcibly().waitFor();

        startService("another-state");
        Instant from = Instant.parse("2026-11-20T08:00:00Z");
        register(new Device(center, "meter-1", null, null, List.of(new Assignment("S-7", from, null)), from));
        register(new Device(
                center, "meter-9", null, null, List.of(new Assignment("S-9", from.minusSeconds(3600), from)), from));

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(valid(center))
                        .extracting(reading -> reading.getSubject() + " " + reading.getTime())
                        .containsExactlyInAnyOrder(
                                "S-7 2026-11-20T08:00:00Z", "S-7 2026-11-20T09:00:00Z", "S-9 2026-11-20T07:30:00Z"));
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            LedgerEntry ledger = ledger(center);
            assertThat(ledger.getReceived()).isEqualTo(7);
            assertThat(ledger.getValid()).isEqualTo(3);
            assertThat(ledger.getQuarantined()).isEqualTo(4);
            assertThat(ledger.getReleased()).isEqualTo(3);
        });
        assertThat(read(Topic.RELEASED)).hasSize(3);
        assertThat(quarantined(center))
                .filteredOn(one -> one.getReleasedAt() != null)
                .extracting(one ->
                        one.getReading().getSubject() + " " + one.getReading().getTime())
                .containsExactlyInAnyOrder(
                        "~meter-1 2026-11-20T08:00:00Z", "~meter-1 2026-11-20T09:00:00Z", "S-9 2026-11-20T07:30:00Z");
    }

    private void compareHours(List<Reading> readings) {
        Map<String, List<Double>> expected = new HashMap<>();
        readings.forEach(reading -> expected.computeIfAbsent(
                        reading.getSubject()
                                + Windows.start(WindowSize.HOUR, reading.getTime(), ZoneId.of("Asia/Seoul")),
                        key -> new ArrayList<>())
                .add(reading.getValue()));
        Map<String, Aggregate> newest = new HashMap<>();
        read(Topic.AGGREGATES).stream()
                .map(Aggregate.class::cast)
                .filter(aggregate -> aggregate.getCenter().equals("isens"))
                .filter(aggregate -> aggregate.getWindow() == WindowSize.HOUR)
                .forEach(aggregate -> newest.put(aggregate.getSubject() + aggregate.getTime(), aggregate));
        assertThat(newest.keySet()).isEqualTo(expected.keySet());
        expected.forEach((key, values) -> {
            double sum = values.stream().mapToDouble(Double::doubleValue).sum();
            assertThat(newest.get(key).getN()).isEqualTo(values.size());
            assertThat(newest.get(key).getSum()).isEqualTo(sum, within(1e-9 * sum));
            assertThat(newest.get(key).getMax()).isEqualTo(Collections.max(values));
        });
    }

    private static void applyTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Infrastructure.kafka()))) {
            new Topics(admin, new SchemaRegistryClient(Infrastructure.registryUrl())).apply(2, (short) 1);
        }
    }

    private static List<Reading> readings() {
        Instant first = Instant.parse("2026-11-20T00:00:00Z");
        List<Reading> readings = new ArrayList<>();
        for (int subject = 0; subject < SUBJECTS; subject++) {
            for (int i = 0; i < PER_SUBJECT; i++) {
                readings.add(Readings.glucose(first.plusSeconds(300L * i).toString(), 60 + (i * 37 + subject) % 150)
                        .setSubject("S-" + subject)
                        .build());
            }
        }
        return readings;
    }

    private static void send(List<Reading> readings) {
        produce(readings.stream()
                .map(reading -> new ProducerRecord<String, IndexedRecord>(
                        Topic.READINGS.topicName(),
                        SubjectKey.of(reading.getCenter(), reading.getSubject()).toString(),
                        reading))
                .toList());
    }

    private static void register(Device device) {
        produce(List.of(new ProducerRecord<>(
                Topic.DEVICES.topicName(), DeviceKey.of(device).toString(), device)));
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

    private static List<Reading> valid(String center) {
        return read(Topic.VALID).stream()
                .map(Reading.class::cast)
                .filter(reading -> reading.getCenter().equals(center))
                .toList();
    }

    private static List<QuarantinedReading> quarantined(String center) {
        return read(Topic.QUARANTINED).stream()
                .map(QuarantinedReading.class::cast)
                .filter(quarantined -> quarantined.getCenter().equals(center))
                .toList();
    }

    /** The newest counts of a center, over all partitions. */
    private static LedgerEntry ledger(String center) {
        Map<Integer, LedgerEntry> newest = new HashMap<>();
        read(Topic.LEDGER).stream()
                .map(LedgerEntry.class::cast)
                .filter(entry -> entry.getCenter().equals(center))
                .forEach(entry -> newest.put(entry.getPartition(), entry));
        return newest.values().stream()
                .reduce(
                        new LedgerEntry(center, 0, 0L, 0L, 0L, 0L, 0L),
                        (one, other) -> new LedgerEntry(
                                center,
                                0,
                                one.getReceived() + other.getReceived(),
                                one.getValid() + other.getValid(),
                                one.getDuplicate() + other.getDuplicate(),
                                one.getQuarantined() + other.getQuarantined(),
                                one.getReleased() + other.getReleased()));
    }

    /** All committed records of a topic. */
    private static List<IndexedRecord> read(Topic topic) {
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
        List<IndexedRecord> values = new ArrayList<>();
        try (KafkaConsumer<String, IndexedRecord> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), deserializer)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
