package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Topic;
import org.lifelog.contract.Windows;

/** The service as a process of its own against real Kafka and a real registry, killed in the middle of its work. */
class StreamsTest {
    private static final int SUBJECTS = 5;
    private static final int PER_SUBJECT = 400;
    private static final String ACCEPT = "lifelog.unknown.devices=accept";

    @TempDir
    private Path folder;

    private StreamsProcesses streams;

    @BeforeEach
    void prepare() {
        streams = new StreamsProcesses(folder);
        StreamsTopics.apply();
    }

    @AfterEach
    void endProcesses() {
        streams.close();
    }

    @Test
    void killedTwiceItLosesAndDoublesNothing() throws Exception {
        List<Reading> distinct = readings();
        List<Reading> sent = new ArrayList<>(distinct);
        sent.addAll(distinct.subList(0, distinct.size() / 2));
        Collections.shuffle(sent, new Random(11));

        Process service = streams.start("state", ACCEPT);
        for (int part = 0; part < 3; part++) {
            StreamsTopics.send(sent.subList(part * sent.size() / 3, (part + 1) * sent.size() / 3));
            int seen = part;
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> StreamsTopics.valid("isens").size() > seen * distinct.size() / 3);
            if (part < 2) {
                service.destroyForcibly().waitFor();
                service = streams.start("state", ACCEPT);
            }
        }
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() ->
                        assertThat(StreamsTopics.ledger("isens").getReceived()).isEqualTo(sent.size()));

        assertThat(StreamsTopics.valid("isens"))
                .extracting(reading -> reading.getSubject() + reading.getTime() + reading.getValue())
                .containsExactlyInAnyOrderElementsOf(distinct.stream()
                        .map(reading -> reading.getSubject() + reading.getTime() + reading.getValue())
                        .toList());
        compareHours(distinct);
        service.destroy();
        assertThat(service.waitFor()).isIn(0, 143);
    }

    @Test
    void withoutKafkaItWaitsAndEndsWhenItIsTold() throws Exception {
        Process service = streams.start("state", "kafka.bootstrap.servers=127.0.0.1:1");
        await().atMost(Duration.ofMinutes(1)).until(() -> streams.log().contains("Waiting for Kafka"));

        service.destroy();

        assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isIn(0, 143);
    }

    private void compareHours(List<Reading> readings) {
        Map<String, List<Double>> expected = new HashMap<>();
        readings.forEach(reading -> expected.computeIfAbsent(
                        reading.getSubject()
                                + Windows.start(WindowSize.HOUR, reading.getTime(), ZoneId.of("Asia/Seoul")),
                        key -> new ArrayList<>())
                .add(reading.getValue()));
        Map<String, Aggregate> newest = new HashMap<>();
        StreamsTopics.read(Topic.AGGREGATES).stream()
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
}
