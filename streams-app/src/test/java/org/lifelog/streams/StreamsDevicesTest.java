package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.Reading;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;

/** Devices and what they release, over real Kafka: the service is killed, and its local state is lost. */
class StreamsDevicesTest {
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
    void whatWasParkedOutlivesTheProcessAndItsFolderAndIsReleasedByAnAssignment() throws Exception {
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
        Process service = streams.start("state");
        StreamsTopics.send(sent);
        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(StreamsTopics.quarantined(center))
                        .extracting(one -> one.getDevice() + " " + one.getReasons())
                        .containsExactlyInAnyOrder(
                                "meter-1 [unassigned-device]",
                                "meter-1 [unassigned-device]",
                                "meter-1 [unassigned-device]",
                                "meter-9 [unknown-device]"));
        service.destroyForcibly().waitFor();

        streams.start("another-state");
        Instant from = Instant.parse("2026-11-20T08:00:00Z");
        StreamsTopics.register(new Device(
                center, "meter-1", null, null, List.of(new Assignment("S-7", from, null)), from, Map.of(), 0));
        StreamsTopics.register(new Device(
                center,
                "meter-9",
                null,
                null,
                List.of(new Assignment("S-9", from.minusSeconds(3600), from)),
                from,
                Map.of(),
                0));

        await().atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(StreamsTopics.valid(center))
                        .extracting(reading -> reading.getSubject() + " " + reading.getTime())
                        .containsExactlyInAnyOrder(
                                "S-7 2026-11-20T08:00:00Z", "S-7 2026-11-20T09:00:00Z", "S-9 2026-11-20T07:30:00Z"));
        await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
            LedgerEntry ledger = StreamsTopics.ledger(center);
            assertThat(ledger.getReceived()).isEqualTo(7);
            assertThat(ledger.getValid()).isEqualTo(3);
            assertThat(ledger.getQuarantined()).isEqualTo(4);
            assertThat(ledger.getReleased()).isEqualTo(3);
        });
        assertThat(StreamsTopics.read(Topic.RELEASED)).hasSize(3);
        assertThat(StreamsTopics.quarantined(center))
                .filteredOn(one -> one.getReleasedAt() != null)
                .extracting(one ->
                        one.getReading().getSubject() + " " + one.getReading().getTime())
                .containsExactlyInAnyOrder(
                        "~meter-1 2026-11-20T08:00:00Z", "~meter-1 2026-11-20T09:00:00Z", "S-9 2026-11-20T07:30:00Z");
    }

    @Test
    void devicesOfBeforeTheStartAreKnownAndPoisonAmongThemIsSkipped() throws Exception {
        String center = "goodoc";
        Instant handOver = Instant.parse("2026-11-20T08:00:00Z");
        Assignment former = new Assignment("S-1", handOver.minusSeconds(7200), null);
        StreamsTopics.register(new Device(center, "band-1", null, null, List.of(former), handOver, Map.of(), 0));
        StreamsTopics.poison("goodoc/band-1");
        StreamsTopics.poison("no key of a device");

        Process service = streams.start("state");
        StreamsTopics.send(List.of(band(center, "S-1", handOver, 81), band(center, "S-2", handOver, 82)));
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(StreamsTopics.valid(center))
                    .extracting(Reading::getValue)
                    .containsExactly(81.0);
            assertThat(StreamsTopics.quarantined(center))
                    .extracting(one -> one.getReading().getValue() + " " + one.getReasons())
                    .containsExactly("82.0 [unassigned-device]");
        });
        service.destroyForcibly().waitFor();

        // Handed over while the service is away; it finds its folder again.
        former.setTo(handOver.plusSeconds(60));
        Assignment next = new Assignment("S-2", handOver.plusSeconds(60), null);
        StreamsTopics.register(new Device(center, "band-1", null, null, List.of(former, next), handOver, Map.of(), 0));
        streams.start("state");
        Instant after = handOver.plusSeconds(60);
        StreamsTopics.send(List.of(band(center, "S-1", after, 83), band(center, "S-2", after, 84)));

        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            assertThat(StreamsTopics.valid(center))
                    .extracting(Reading::getValue)
                    .containsExactlyInAnyOrder(81.0, 84.0);
            assertThat(StreamsTopics.quarantined(center))
                    .extracting(one -> one.getReading().getValue() + " " + one.getReasons())
                    .containsExactlyInAnyOrder("82.0 [unassigned-device]", "83.0 [unassigned-device]");
        });
    }

    private static Reading band(String center, String subject, Instant time, double value) {
        return Readings.glucose(time.toString(), value)
                .setCenter(center)
                .setSubject(subject)
                .setDevice("band-1")
                .build();
    }
}
