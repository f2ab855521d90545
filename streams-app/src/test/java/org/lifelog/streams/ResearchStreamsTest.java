package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ResearchAggregate;
import org.lifelog.avro.ResearchReading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.ResearchTopic;
import org.lifelog.streams.research.Pseudonyms;
import org.lifelog.streams.research.ResearchKeys;

/** The research topics over real Kafka: the service is killed, its keys are changed, are wrong, or its topics missing. */
class ResearchStreamsTest {
    private static final String CENTER = "healthmax";
    private static final int SUBJECTS = 4;
    private static final int PER_SUBJECT = 150;

    @TempDir
    private Path folder;

    private StreamsProcesses streams;
    private String keySetting;

    @BeforeEach
    void prepare() {
        streams = new StreamsProcesses(folder);
        keySetting = "research.keys=" + folder.resolve("keys");
        StreamsTopics.apply();
    }

    @AfterEach
    void endProcesses() {
        streams.close();
    }

    private Process start() throws Exception {
        return streams.start("state", "lifelog.unknown.devices=accept", keySetting);
    }

    @Test
    void killedInBetweenEachValidReadingIsThereOnceAndNewKeysAreNewPseudonyms() throws Exception {
        ResearchKeys keys = new ResearchKeys(folder.resolve("keys"));
        keys.make(CENTER, "r1", 26);
        Pseudonyms first = new Pseudonyms(keys.load(CENTER));
        List<Reading> sent = readings();
        Process service = start();
        StreamsTopics.send(sent.subList(0, sent.size() / 2));
        await().atMost(Duration.ofMinutes(2)).until(() -> researchReadings().size() > sent.size() / 4);
        service.destroyForcibly().waitFor();
        service = start();
        StreamsTopics.send(sent.subList(sent.size() / 2, sent.size()));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(researchReadings()).hasSize(sent.size()));

        compare(sent, first);

        service.destroyForcibly().waitFor();
        Files.delete(folder.resolve("keys").resolve(CENTER + ".yaml"));
        keys.make(CENTER, "r2", 0);
        start();
        Reading next = reading(0, PER_SUBJECT);
        StreamsTopics.send(List.of(next));
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(researchReadings()).hasSize(sent.size() + 1));
        ResearchReading last = researchReadings().stream()
                .filter(reading -> reading.getRelease().equals("r2"))
                .findFirst()
                .orElseThrow();
        assertThat(last.getTime()).isEqualTo(next.getTime());
        assertThat(last.getPseudonym())
                .isEqualTo(new Pseudonyms(keys.load(CENTER)).subject(next.getSubject()))
                .isNotEqualTo(first.subject(next.getSubject()));
    }

    private static void compare(List<Reading> sent, Pseudonyms pseudonyms) {
        Map<String, Integer> partitions = new HashMap<>();
        Map<String, List<String>> values = new HashMap<>();
        for (ConsumerRecord<String, IndexedRecord> entry :
                StreamsTopics.read(ResearchTopic.READINGS.topicName(CENTER))) {
            ResearchReading reading = (ResearchReading) entry.value();
            assertThat(entry.key()).isEqualTo(reading.getPseudonym());
            assertThat(entry.headers()).isEmpty();
            assertThat(partitions.merge(entry.key(), entry.partition(), (one, other) -> other))
                    .isEqualTo(entry.partition());
            values.computeIfAbsent(entry.key(), key -> new ArrayList<>())
                    .add(reading.getTime().getEpochSecond() % (7 * 86_400) + " " + reading.getValue());
        }
        Map<String, List<String>> expected = new HashMap<>();
        sent.forEach(
                reading -> expected.computeIfAbsent(pseudonyms.subject(reading.getSubject()), key -> new ArrayList<>())
                        .add(reading.getTime().getEpochSecond() % (7 * 86_400) + " " + reading.getValue()));
        assertThat(values).as("in the order of each subject, in the week").isEqualTo(expected);

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(newestDays().values().stream()
                                .mapToLong(ResearchAggregate::getN)
                                .sum())
                        .isEqualTo(sent.size()));
        assertThat(newestDays().keySet()).allMatch(key -> expected.containsKey(key.split(" ")[0]));
    }

    private static Map<String, ResearchAggregate> newestDays() {
        Map<String, ResearchAggregate> newest = new HashMap<>();
        StreamsTopics.read(ResearchTopic.AGGREGATES.topicName(CENTER)).stream()
                .map(entry -> (ResearchAggregate) entry.value())
                .filter(aggregate -> aggregate.getWindow() == WindowSize.DAY)
                .forEach(aggregate -> newest.put(aggregate.getPseudonym() + " " + aggregate.getTime(), aggregate));
        return newest;
    }

    @Test
    void wrongKeysEndTheServiceWithAReason() throws Exception {
        Path keys = Files.createDirectory(folder.resolve("keys"));
        Files.writeString(keys.resolve("isens.yaml"), "release: r1\nsubject_key: c2VjcmV0LXdvcmQ=\n");
        Files.writeString(keys.resolve("nowhere.yaml"), "");

        Process service = start();

        assertThat(service.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(service.exitValue()).isEqualTo(1);
        assertThat(streams.log())
                .contains(
                        "isens.yaml: subject_key has 11 bytes and needs 32 at least",
                        "nowhere.yaml: there is no center nowhere")
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void missingTopicsAreWaitedFor() throws Exception {
        Path centers = Files.writeString(
                folder.resolve("centers.yaml"),
                "centers:\n- {code: new-lab, name: Lab, name_ko: 검사실, zone: Asia/Seoul, metrics: [weight]}");
        new ResearchKeys(folder.resolve("keys")).make("new-lab", "r1", 0);

        Process service = streams.start("state", "lifelog.centers=" + centers, keySetting);

        await().atMost(Duration.ofMinutes(1))
                .until(() -> streams.log()
                        .lines()
                        .anyMatch(line -> line.contains("Waiting for Kafka to have")
                                && line.contains("lifelog.research.new-lab.aggregates")
                                && line.contains("./lifelog topics")));
        assertThat(service.isAlive()).isTrue();
    }

    private static List<ResearchReading> researchReadings() {
        return StreamsTopics.read(ResearchTopic.READINGS.topicName(CENTER)).stream()
                .map(entry -> (ResearchReading) entry.value())
                .toList();
    }

    private static Reading reading(int subject, int number) {
        Instant first = Instant.parse("2026-11-20T00:00:00Z");
        return Readings.glucose(first.plusSeconds(300L * number).toString(), 60 + (number * 37 + subject) % 150)
                .setCenter(CENTER)
                .setSubject("S-" + subject)
                .build();
    }

    private static List<Reading> readings() {
        List<Reading> readings = new ArrayList<>();
        for (int number = 0; number < PER_SUBJECT; number++) {
            for (int subject = 0; subject < SUBJECTS; subject++) {
                readings.add(reading(subject, number));
            }
        }
        return readings;
    }
}
