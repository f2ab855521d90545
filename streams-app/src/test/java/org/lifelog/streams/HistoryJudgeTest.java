package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;

/** Each reason and each flag that needs to know of other readings, through the whole topology. */
class HistoryJudgeTest {
    private static final String NOON = "2026-11-23T03:00:00Z";
    private static final String DAY = "S-1 glucose_cgm 2026-11-22T15:00:00Z";

    @TempDir
    private Path state;

    private TopologyFixture topology;

    @BeforeEach
    void start() {
        topology = new TopologyFixture(state, Readings.RECEIVED);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private static Reading glucose(String time, double value, ReadingStatus status) {
        return Readings.glucose(time, value).setStatus(status).build();
    }

    private void send(Reading.Builder... readings) {
        for (Reading.Builder reading : readings) {
            topology.send(reading.build());
        }
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        topology.quarantined()
                .values()
                .forEach(list ->
                        list.stream().map(QuarantinedReading::getReasons).forEach(reasons::addAll));
        return reasons;
    }

    /** Flags of the readings that came out, in their order. */
    private List<List<String>> flags() {
        return topology.valid().stream().map(Reading::getFlags).toList();
    }

    private Aggregate day() {
        return topology.windows(WindowSize.DAY).get(DAY);
    }

    @Test
    void aCorrectionTakesThePlaceOfTheValueAndItsWindowsFollow() {
        send(Readings.glucose(NOON, 100), Readings.glucose("2026-11-23T03:05:00Z", 104));
        assertThat(day().getMax()).isEqualTo(104);

        topology.send(glucose("2026-11-23T03:05:00Z", 102, ReadingStatus.CORRECTED));

        Aggregate day = day();
        assertThat(day.getN()).isEqualTo(2);
        assertThat(day.getSum()).isEqualTo(202);
        assertThat(day.getMax()).isEqualTo(102);
        assertThat(day.getLast()).isEqualTo(102);
        assertThat(day.getVersion()).isGreaterThan(2);
        assertThat(topology.valid()).last().satisfies(corrected -> {
            assertThat(corrected.getStatus()).isEqualTo(ReadingStatus.CORRECTED);
            assertThat(corrected.getFlags()).containsExactly("corrected");
        });
        assertThat(topology.ledger("isens")).satisfies(ledger -> {
            assertThat(ledger.getValid()).isEqualTo(2);
            assertThat(ledger.getCorrected()).isEqualTo(1);
            assertThat(ledger.getReceived()).isEqualTo(3);
        });
    }

    @Test
    void aCorrectionThatComesFirstStaysAndTheOriginalIsSuperseded() {
        topology.send(glucose(NOON, 102, ReadingStatus.CORRECTED));
        topology.send(glucose(NOON, 104, ReadingStatus.FINAL));

        assertThat(flags()).containsExactly(List.of());
        assertThat(reasons()).containsExactly("superseded");
        assertThat(day().getSum()).isEqualTo(102);
    }

    @Test
    void aWithdrawalTakesTheReadingOutOfItsWindows() {
        send(Readings.glucose(NOON, 100), Readings.glucose("2026-11-23T03:05:00Z", 104));
        topology.send(glucose("2026-11-23T03:05:00Z", Double.NaN, ReadingStatus.WITHDRAWN));
        Aggregate left = day();
        topology.send(glucose(NOON, Double.NaN, ReadingStatus.WITHDRAWN));
        Aggregate empty = day();

        assertThat(left.getN()).isEqualTo(1);
        assertThat(left.getMax()).isEqualTo(100);
        assertThat(left.getSd()).isNull();
        assertThat(empty.getN()).isZero();
        assertThat(empty.getMean()).isNaN();
        assertThat(empty.getVersion()).isGreaterThan(left.getVersion());
        assertThat(topology.ledger("isens").getWithdrawn()).isEqualTo(2);
    }

    @Test
    void whatWasWithdrawnDoesNotComeBackUnlessCorrected() {
        topology.send(glucose(NOON, 100, ReadingStatus.FINAL));
        topology.send(glucose(NOON, 0, ReadingStatus.WITHDRAWN));
        topology.send(glucose(NOON, 100, ReadingStatus.FINAL));
        assertThat(reasons()).containsExactly("superseded");
        topology.send(glucose(NOON, 0, ReadingStatus.WITHDRAWN));
        assertThat(topology.ledger("isens").getDuplicate()).isEqualTo(1);

        topology.send(glucose(NOON, 101, ReadingStatus.CORRECTED));

        assertThat(day().getSum()).isEqualTo(101);
        assertThat(topology.ledger("isens").getValid()).isEqualTo(2);
    }

    @Test
    void aWithdrawalOfNothingIsToldAndRemembered() {
        topology.send(glucose(NOON, Double.NaN, ReadingStatus.WITHDRAWN));
        topology.send(glucose(NOON, 100, ReadingStatus.FINAL));

        assertThat(reasons()).containsExactly("nothing-to-withdraw", "superseded");
        assertThat(topology.valid()).isEmpty();
    }

    @Test
    void aWithdrawalOfAnOldReadingIsTheDatabasesToDecide() {
        topology.send(glucose("2020-01-01T00:00:00Z", Double.NaN, ReadingStatus.WITHDRAWN));

        assertThat(topology.valid()).singleElement().satisfies(withdrawn -> {
            assertThat(withdrawn.getStatus()).isEqualTo(ReadingStatus.WITHDRAWN);
            assertThat(withdrawn.getFlags()).containsExactly("late");
            assertThat(withdrawn.getValue()).isZero();
        });
        assertThat(topology.aggregates()).isEmpty();
    }

    @Test
    void theSameCorrectionTwiceIsADuplicate() {
        topology.send(glucose(NOON, 100, ReadingStatus.FINAL));
        topology.send(glucose(NOON, 101, ReadingStatus.CORRECTED));
        topology.send(glucose(NOON, 101, ReadingStatus.CORRECTED));
        topology.send(glucose(NOON, 101, ReadingStatus.FINAL));

        assertThat(topology.ledger("isens").getDuplicate()).isEqualTo(2);
        assertThat(topology.valid()).hasSize(2);
    }

    @Test
    void controlSolutionIsNoValueOfTheSubject() {
        send(Readings.glucose(NOON, 100).setReported(List.of("control-solution")));

        assertThat(reasons()).containsExactly("control-solution");
        assertThat(topology.aggregates()).isEmpty();
    }

    @Test
    void aTimeFaultThatTheDeviceReportsIsFlagged() {
        send(Readings.glucose(NOON, 100).setReported(List.of("time-fault")));

        assertThat(flags()).containsExactly(List.of("time-fault-reported"));
    }

    private static Reading.Builder steps(String from, String to, double value) {
        return Readings.of("goodoc", "steps", "{steps}", "2026-11-23T" + from + ":00Z", value)
                .setEnd(Instant.parse("2026-11-23T" + to + ":00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "07:10, 07:20, overlapping-interval", // within
        "06:50, 07:01, overlapping-interval", // over the beginning
        "07:29, 07:40, overlapping-interval", // over the end
        "06:00, 08:00, overlapping-interval", // around
        "06:45, 07:00,",
        "07:30, 07:45,"
    })
    void intervalsOfOneDeviceDoNotOverlap(String from, String to, String reason) {
        send(steps("07:00", "07:30", 300));
        send(steps(from, to, 100));
        send(steps(from, to, 100).setDevice("phone-1"));

        assertThat(reasons()).isEqualTo(reason == null ? List.of() : List.of(reason));
        // Those of another device are judged apart.
        assertThat(topology.valid()).hasSize(reason == null ? 3 : 2);
    }

    private static Reading.Builder pressure(String metric, double value) {
        return Readings.of("healthmax", metric, "mm[Hg]", NOON, value);
    }

    @Test
    void aDiastolicPressureLiesBelowTheSystolicOne() {
        send(pressure("bp_systolic", 80), pressure("bp_diastolic", 120));
        assertThat(reasons()).containsExactly("pair-reversed");
        send(pressure("bp_diastolic", 80), pressure("bp_diastolic", 79).setSequence(1L));
        assertThat(reasons()).containsExactly("pair-reversed");
        send(pressure("bp_systolic", 70).setSequence(2L));

        assertThat(reasons()).containsExactly("pair-reversed");
        assertThat(topology.valid()).hasSize(2);
    }

    @Test
    void glucoseThatJumpsIsFlagged() {
        send(
                Readings.glucose("2026-11-23T03:00:00Z", 100),
                Readings.glucose("2026-11-23T03:05:00Z", 149),
                Readings.glucose("2026-11-23T03:10:00Z", 200),
                // between two known ones
                Readings.glucose("2026-11-23T03:04:00Z", 80));

        assertThat(flags()).containsExactly(List.of(), List.of(), List.of("rate-of-change"), List.of("rate-of-change"));
    }

    @Test
    void aHeartRateThatStandsStillForAnHourIsFrozen() {
        Instant start = Instant.parse(NOON);
        for (int minute = 0; minute <= 90; minute += 5) {
            send(Readings.of(
                    "goodoc",
                    "heart_rate",
                    "/min",
                    start.plusSeconds(60L * minute).toString(),
                    62));
        }
        List<List<String>> frozen = flags();
        send(Readings.of(
                "goodoc", "heart_rate", "/min", start.plusSeconds(6_000).toString(), 63));

        assertThat(frozen.subList(0, 12)).containsOnly(List.of());
        assertThat(frozen.subList(12, 19)).containsOnly(List.of("frozen"));
        assertThat(flags()).containsExactly(List.of());
    }

    @Test
    void theSameValueUnderAnotherNameOrWithAJitterIsFlaggedAndCounts() {
        send(
                Readings.glucose(NOON, 100),
                Readings.glucose("2026-11-23T03:00:00.250Z", 100),
                Readings.glucose("2026-11-23T02:59:59.900Z", 100).setDevice("cgm-2"),
                Readings.glucose("2026-11-23T03:00:00.400Z", 101),
                Readings.glucose("2026-11-23T03:00:02Z", 100));

        assertThat(flags())
                .containsExactly(
                        List.of(), List.of("probable-duplicate"), List.of("probable-duplicate"), List.of(), List.of());
        assertThat(day().getN()).isEqualTo(5);
    }

    @Test
    void twoNumbersOfADeviceAreTwoReadings() {
        send(
                Readings.glucose(NOON, 100).setSequence(1L),
                Readings.glucose("2026-11-23T03:00:00.250Z", 100).setSequence(2L));

        assertThat(flags()).containsExactly(List.of(), List.of());
    }

    @Test
    void aClockThatWasPutBackIsSuspectUntilItHasCaughtUp() {
        send(
                Readings.glucose("2026-11-23T03:00:00Z", 100).setSequence(10L),
                Readings.glucose("2026-11-23T02:00:00Z", 101).setSequence(11L),
                Readings.glucose("2026-11-23T02:59:00Z", 102).setSequence(12L),
                // comes late, and was made before
                Readings.glucose("2026-11-23T02:55:00Z", 103).setSequence(9L),
                Readings.glucose("2026-11-23T03:04:00Z", 104).setSequence(13L));

        assertThat(flags())
                .containsExactly(List.of(), List.of("clock-suspect"), List.of("clock-suspect"), List.of(), List.of());
    }

    @Test
    void aDeviceThatCountsAnewIsFollowed() {
        send(
                Readings.glucose("2026-11-23T03:00:00Z", 100).setSequence(50_000L),
                Readings.glucose("2026-11-23T03:05:00Z", 101).setSequence(0L),
                Readings.glucose("2026-11-23T03:10:00Z", 102).setSequence(1L));

        assertThat(flags()).containsOnly(List.of());
    }

    @Test
    void aClockThatRunsAheadIsSuspect() {
        send(Readings.glucose(Readings.RECEIVED.plusSeconds(61).toString(), 100));

        assertThat(flags()).containsExactly(List.of("clock-suspect"));
    }

    @Test
    void aHearingThresholdOffTheGridIsFlagged() {
        send(
                Readings.of("audiology", "audiogram", "dB", NOON, 15).setAttributes("ear=left;frequency=1000"),
                Readings.of("audiology", "audiogram", "dB", NOON, 17).setAttributes("ear=right;frequency=1000"));

        assertThat(flags()).containsExactly(List.of(), List.of("off-grid"));
    }

    /** What the version before has remembered: one series and device in one hour. */
    @Test
    void anUpgradeTakesNoReadingTwice() {
        Instant time = Instant.parse(NOON);
        long hour = time.getEpochSecond() / 3_600;
        String key = String.join("\u0000", "isens", "S-1", "cgm-1", "glucose_cgm", "", Long.toString(hour, 36));
        byte[] entry = ByteBuffer.allocate(4 + 16)
                .putInt((int) Readings.RECEIVED.getEpochSecond())
                .putInt(0)
                .putLong(-1)
                .putInt(Objects.hash(100.0, null))
                .array();
        topology.store(SeenReadings.STORE).put(key, entry);

        send(Readings.glucose(NOON, 100), Readings.glucose(NOON, 101), Readings.glucose("2026-11-23T03:05:00Z", 100));
        topology.send(glucose(NOON, 0, ReadingStatus.WITHDRAWN));

        assertThat(topology.valid())
                .extracting(Reading::getTime)
                .containsExactly(Instant.parse("2026-11-23T03:05:00Z"));
        assertThat(topology.ledger("isens").getDuplicate()).isEqualTo(1);
        assertThat(reasons()).containsExactly("conflicting-duplicate", "conflicting-duplicate");

        topology.advance(Duration.ofDays(36));
        topology.advance(Duration.ofSeconds(20));
        assertThat(topology.store(SeenReadings.STORE).get(key)).isNull();
    }
}
