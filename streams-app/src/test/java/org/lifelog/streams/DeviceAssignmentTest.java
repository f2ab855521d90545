package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.UnknownDevices;

/** What becomes of readings by the assignments of their devices, and how they come back from quarantine. */
class DeviceAssignmentTest {
    private static final Instant HAND_OVER = Instant.parse("2026-11-24T11:00:00Z");
    private static final Instant BEFORE = HAND_OVER.minus(Duration.ofDays(60));
    private static final Duration A_MOMENT = Duration.ofSeconds(3);
    private static final int PER_DEVICE = 5;

    @TempDir
    private Path state;

    private TopologyFixture topology;

    @BeforeEach
    void start() {
        topology = new TopologyFixture(state, Readings.RECEIVED, UnknownDevices.QUARANTINE, PER_DEVICE);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private void assign(Assignment... assignments) {
        topology.register(new Device("isens", "cgm-1", null, null, List.of(assignments), HAND_OVER, Map.of(), 0));
    }

    private static Reading nobodys(String time, double value) {
        return Readings.glucose(time, value)
                .setSubject(SubjectKey.unassigned("cgm-1"))
                .build();
    }

    private List<QuarantinedReading> quarantined(String key) {
        return topology.quarantined().getOrDefault(key, List.of());
    }

    @Test
    void handedOverDeviceNeverWritesToTheFormerSubject() {
        assign(new Assignment("S-1", BEFORE, HAND_OVER), new Assignment("S-2", HAND_OVER, null));

        Reading after = Readings.glucose("2026-11-24T11:00:00Z", 180).build();
        topology.send(after);
        topology.send(Readings.glucose("2026-11-24T10:59:59Z", 100).build());
        topology.send(
                Readings.glucose("2026-11-24T11:00:00Z", 120).setSubject("S-2").build());

        assertThat(topology.valid())
                .extracting(reading -> reading.getSubject() + " " + reading.getValue())
                .containsExactly("S-1 100.0", "S-2 120.0");
        assertThat(quarantined("isens/S-1")).singleElement().satisfies(one -> {
            assertThat(one.getReasons()).containsExactly("unassigned-device");
            assertThat(one.getReading()).isEqualTo(after);
            assertThat(one.getSubject()).isEqualTo("S-1");
            assertThat(one.getReleasedAt()).isNull();
        });
        assertThat(topology.windows(WindowSize.HOUR).values())
                .filteredOn(window -> window.getSubject().equals("S-1"))
                .extracting(Aggregate::getMax)
                .containsExactly(100.0);
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 3L, 2L, 0L, 1L, 0L, 0L, 0L, 0L, 0L));
    }

    @Test
    void readingWithoutSubjectIsReleasedByTheAssignmentThatCoversIt() {
        Reading sent = nobodys("2026-11-24T11:30:00Z", 112);
        topology.send(sent);
        topology.send(nobodys("2026-11-24T10:30:00Z", 90));
        List<QuarantinedReading> parked = quarantined("isens/~cgm-1");
        assertThat(parked).hasSize(2).allSatisfy(one -> {
            assertThat(one.getReasons()).containsExactly("unassigned-device");
            assertThat(one.getSubject()).isNull();
            assertThat(one.getDevice()).isEqualTo("cgm-1");
        });
        assertThat(parked.get(0).getReading()).isEqualTo(sent);
        assertThat(parked.get(0).getDetail())
                .isEqualTo("The device is assigned to nobody at the effective time. An assignment within 30 days that"
                        + " covers the reading releases it.");

        topology.advance(Duration.ofHours(1));
        assertThat(topology.released()).isEmpty();
        assign(new Assignment("S-7", HAND_OVER, null));
        topology.advance(A_MOMENT);

        assertThat(topology.released()).singleElement().satisfies(released -> {
            assertThat(released.key).isEqualTo("isens/S-7");
            assertThat(released.value)
                    .isEqualTo(Reading.newBuilder(sent).setSubject("S-7").build());
        });
        assertThat(topology.valid()).singleElement().satisfies(reading -> {
            assertThat(reading.getSubject()).isEqualTo("S-7");
            assertThat(reading.getReceivedAt()).isEqualTo(Readings.RECEIVED);
            assertThat(reading.getFlags()).isEmpty();
        });
        assertThat(topology.windows(WindowSize.HOUR).values())
                .extracting(window -> window.getSubject() + " " + window.getSum())
                .containsExactly("S-7 112.0");
        assertThat(quarantined("isens/~cgm-1")).singleElement().satisfies(release -> {
            assertThat(release.getReleasedAt()).isAfter(Readings.RECEIVED);
            assertThat(QuarantinedReading.newBuilder(release)
                            .setReleasedAt(null)
                            .build())
                    .isEqualTo(parked.get(0));
        });
        // Of three that were taken one was released, which had been counted as quarantined before.
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 3L, 1L, 0L, 2L, 1L, 0L, 0L, 0L, 0L));

        topology.advance(Duration.ofHours(1));
        assertThat(topology.released()).isEmpty();
        assertThat(topology.quarantined()).isEmpty();
    }

    @Test
    void sameReadingParkedTwiceIsReleasedOnce() {
        Reading sent = nobodys("2026-11-24T11:30:00Z", 112);
        topology.send(sent);
        topology.send(Reading.newBuilder(sent)
                .setReceivedAt(Readings.RECEIVED.plusSeconds(60))
                .build());
        assertThat(quarantined("isens/~cgm-1")).hasSize(2);

        assign(new Assignment("S-7", HAND_OVER, null));
        topology.advance(A_MOMENT);

        assertThat(topology.released()).hasSize(1);
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 3L, 1L, 0L, 2L, 1L, 0L, 0L, 0L, 0L));
    }

    @Test
    void releasedReadingIsJudgedAndDeduplicatedLikeAnyOther() {
        topology.send(nobodys("2026-11-24T11:30:00Z", 112));
        topology.send(nobodys("2026-11-24T11:31:00Z", 4_000));
        assign(new Assignment("S-7", HAND_OVER, null));
        // The sender is faster than the release, and names the subject.
        topology.send(
                Readings.glucose("2026-11-24T11:30:00Z", 112).setSubject("S-7").build());
        topology.advance(A_MOMENT);

        assertThat(topology.valid()).hasSize(1);
        assertThat(quarantined("isens/S-7"))
                .extracting(QuarantinedReading::getReasons)
                .containsExactly(List.of("impossible-value"));
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 5L, 1L, 1L, 3L, 2L, 0L, 0L, 0L, 0L));
    }

    @Test
    void namedReadingOfAnUnknownDeviceIsReleasedByAnAssignmentToThatSubjectOnly() {
        topology.send(Readings.glucose("2026-11-24T11:30:00Z", 112).build());
        assertThat(quarantined("isens/S-1"))
                .extracting(QuarantinedReading::getReasons)
                .containsExactly(List.of("unknown-device"));

        assign();
        topology.advance(A_MOMENT);
        assign(new Assignment("S-2", HAND_OVER, null));
        topology.advance(A_MOMENT);
        assertThat(topology.released()).isEmpty();

        assign(new Assignment("S-1", HAND_OVER, null));
        topology.advance(A_MOMENT);
        assertThat(topology.valid()).extracting(Reading::getSubject).containsExactly("S-1");
        assertThat(quarantined("isens/S-1"))
                .singleElement()
                .satisfies(release -> assertThat(release.getReleasedAt()).isNotNull());
    }

    @Test
    void trialTakesUnknownDevicesAndNotTheReadingsOfNobody() {
        topology.close();
        topology = new TopologyFixture(state, Readings.RECEIVED, UnknownDevices.ACCEPT, PER_DEVICE);
        topology.send(Readings.glucose("2026-11-24T11:30:00Z", 112).build());
        assign();
        topology.send(Readings.glucose("2026-11-24T11:31:00Z", 113).build());
        topology.send(nobodys("2026-11-24T11:32:00Z", 114));
        assign(new Assignment("S-2", HAND_OVER, null));
        topology.send(Readings.glucose("2026-11-24T11:33:00Z", 115).build());

        assertThat(topology.valid()).extracting(Reading::getValue).containsExactly(112.0, 113.0);
        assertThat(topology.quarantined().keySet()).containsExactlyInAnyOrder("isens/~cgm-1", "isens/S-1");
    }

    @Test
    void whatIsOverTheBoundOfItsDeviceStaysInQuarantine() {
        for (int minute = 10; minute < 10 + 2 * PER_DEVICE; minute++) {
            topology.send(nobodys("2026-11-24T11:" + minute + ":00Z", 100 + minute));
        }
        topology.send(Reading.newBuilder(nobodys("2026-11-24T11:59:00Z", 99))
                .setDevice("cgm-2")
                .build());
        assertThat(topology.quarantined().values().stream().mapToInt(List::size).sum())
                .isEqualTo(2 * PER_DEVICE + 1);

        assign(new Assignment("S-7", HAND_OVER, null));
        topology.register(new Device(
                "isens", "cgm-2", null, null, List.of(new Assignment("S-8", HAND_OVER, null)), HAND_OVER, Map.of(), 0));
        topology.advance(A_MOMENT);

        assertThat(topology.released())
                .extracting(released -> released.key + " " + released.value.getValue())
                .containsExactly(
                        "isens/S-7 110.0",
                        "isens/S-7 111.0",
                        "isens/S-7 112.0",
                        "isens/S-7 113.0",
                        "isens/S-7 114.0",
                        "isens/S-8 99.0");
        // There is room again.
        assign();
        topology.send(nobodys("2026-11-24T11:40:00Z", 140));
        assign(new Assignment("S-7", HAND_OVER, null));
        topology.advance(A_MOMENT);
        assertThat(topology.released()).hasSize(1);
    }

    @Test
    void whatWasParkedIsForgottenAfterThirtyDays() {
        topology.send(nobodys("2026-11-24T11:30:00Z", 112));
        topology.advance(Duration.ofDays(30).minusSeconds(10));
        topology.send(nobodys("2026-11-24T11:31:00Z", 113));
        topology.advance(Duration.ofMinutes(1));

        assign(new Assignment("S-7", HAND_OVER, null));
        topology.advance(A_MOMENT);

        assertThat(topology.released())
                .extracting(released -> released.value.getValue())
                .containsExactly(113.0);
    }

    @Test
    void whatWaitedUntilItsWindowsWereOverIsLate() {
        topology.send(nobodys("2026-11-01T11:30:00Z", 112));
        topology.advance(Duration.ofDays(20));
        assign(new Assignment("S-7", BEFORE, null));
        topology.advance(A_MOMENT);

        // 23 days old when it came and 43 days old when it was released: the sink computes its windows.
        assertThat(topology.valid()).extracting(Reading::getFlags).containsExactly(List.of("late"));
        assertThat(topology.aggregates()).isEmpty();
    }

    @Test
    void wrongClockIsJudgedByTheArrivalAndNotByTheRelease() {
        topology.send(nobodys("2026-11-26T11:30:00Z", 112));
        topology.advance(Duration.ofDays(10));
        assign(new Assignment("S-7", HAND_OVER, null));
        topology.advance(A_MOMENT);

        assertThat(topology.valid()).isEmpty();
        assertThat(quarantined("isens/S-7"))
                .extracting(QuarantinedReading::getReasons)
                .containsExactly(List.of("future-time"));
    }

    @Test
    void anyTimeThatAClockMaySayCanBeParked() {
        Reading far = nobodys("2026-11-24T11:30:00Z", 112);
        far.setTime(Instant.parse("+200000-01-01T00:00:00Z"));
        topology.send(far);
        Reading past = nobodys("2026-11-24T11:30:00Z", 112);
        past.setTime(Instant.parse("-100000-01-01T00:00:00Z"));
        topology.send(past);
        assign(new Assignment("S-7", Instant.parse("-100000-01-01T00:00:00Z"), null));
        topology.advance(A_MOMENT);

        assertThat(topology.released())
                .extracting(released -> released.value.getTime())
                .containsExactly(past.getTime(), far.getTime());
    }

    @Test
    void deviceThatIsTakenOutOfTheRegisterIsUnknown() {
        assign(new Assignment("S-1", BEFORE, null));
        topology.send(Readings.glucose("2026-11-24T11:30:00Z", 112).build());
        topology.sendDevice("isens/cgm-1", null);
        topology.send(Readings.glucose("2026-11-24T11:31:00Z", 113).build());

        assertThat(topology.valid()).hasSize(1);
        assertThat(quarantined("isens/S-1"))
                .extracting(QuarantinedReading::getReasons)
                .containsExactly(List.of("unknown-device"));
    }

    @Test
    void poisonAmongTheDevicesIsSkippedAndWhatWasKnownStays() {
        assign(new Assignment("S-1", BEFORE, null));
        byte[] poison = "not avro".getBytes(StandardCharsets.UTF_8);
        topology.sendDevice("isens/cgm-1", poison);
        topology.sendDevice("isens/cgm-1", new byte[] {0, 0x7f, 0, 0, 0, 1, 2, 3});
        topology.sendDevice(null, poison);
        topology.sendDevice("isens/cgm-2", poison);
        topology.registerAs("isens/cgm-1", new Device("isens", "cgm-3", null, null, List.of(), HAND_OVER, Map.of(), 0));

        topology.send(Readings.glucose("2026-11-24T11:30:00Z", 112).build());

        assertThat(topology.valid()).hasSize(1);
    }
}
