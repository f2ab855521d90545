package org.lifelog.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.ResearchTopic;
import picocli.CommandLine;

/** A vendor sends, a data scientist subscribes, and the holder of the keys tells which pseudonym it is. */
class EndToEndResearchTest {
    private static final String CENTER = "isens";
    private static final String SUBJECT = "S-research";

    private final RunningPlatform service = RunningPlatform.shared();

    @Test
    void dataScientistsSeeAReadingUnderItsPseudonym() throws Exception {
        Instant start = Instant.now().minus(Duration.ofHours(3)).truncatedTo(ChronoUnit.HOURS);
        try (ReadingSender sender = service.http(CENTER)) {
            List<Outgoing> readings = GlucoseCourse.readings(SUBJECT, "cgm-research", GlucoseCourse.points(start, 12));
            assertThat(sender.send(readings).accepted()).isEqualTo(12);
        }
        String pseudonym = pseudonym();
        List<ConsumerRecord<String, IndexedRecord>> records = new ArrayList<>();
        try (KafkaConsumer<String, IndexedRecord> consumer = new KafkaConsumer<>(Map.of(
                "bootstrap.servers", service.credentials().kafka(),
                "group.id", "research." + CENTER + ".test",
                "auto.offset.reset", "earliest",
                "isolation.level", "read_committed",
                "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
                "value.deserializer", "org.lifelog.registry.KafkaAvroDeserializer",
                "schema.registry.url", service.credentials().registry()))) {
            consumer.subscribe(
                    List.of(ResearchTopic.READINGS.topicName(CENTER), ResearchTopic.AGGREGATES.topicName(CENTER)));
            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(records::add);
                assertThat(of(records, pseudonym, ResearchTopic.READINGS)).hasSize(12);
                assertThat(of(records, pseudonym, ResearchTopic.AGGREGATES)).anySatisfy(hour -> {
                    assertThat(hour.get("window")).hasToString("HOUR");
                    assertThat(hour.get("n")).isEqualTo(12L);
                });
            });
        }
        for (GenericRecord reading : of(records, pseudonym, ResearchTopic.READINGS)) {
            assertThat(reading.get("release")).hasToString("1");
            assertThat(reading.toString()).doesNotContain(SUBJECT, "cgm-research", "vendor");
            long shifted = (long) reading.get("time") / 1_000_000 - start.getEpochSecond();
            assertThat(Math.floorMod(shifted, Duration.ofDays(7).toSeconds()))
                    .isLessThan(Duration.ofHours(1).toSeconds());
            assertThat(Math.abs(shifted)).isGreaterThan(Duration.ofDays(6).toSeconds());
        }
        assertThat(service.query("SELECT action, subject, detail LIKE '%reason: end to end' FROM audit"
                        + " WHERE subject = '" + SUBJECT + "'"))
                .containsExactly("pseudonym|" + SUBJECT + "|t");
    }

    private String pseudonym() {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Lifelog.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        assertThat(commandLine.execute(
                        "pseudonym",
                        "--center=" + CENTER,
                        "--subject=" + SUBJECT,
                        "--reason=end to end",
                        "--data=" + service.data()))
                .isZero();
        return out.toString().strip();
    }

    private static List<GenericRecord> of(
            List<ConsumerRecord<String, IndexedRecord>> records, String pseudonym, ResearchTopic topic) {
        return records.stream()
                .filter(record -> record.key().equals(pseudonym))
                .filter(record -> record.topic().equals(topic.topicName(CENTER)))
                .map(record -> (GenericRecord) record.value())
                .toList();
    }
}
