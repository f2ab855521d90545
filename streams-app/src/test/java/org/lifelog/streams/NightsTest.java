package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;
import org.lifelog.contract.UnknownDevices;

class NightsTest {
    @TempDir
    private Path state;

    private String center = "wonju-yonsei";
    private ZoneId zone = ZoneId.of("Asia/Seoul");
    private TopologyFixture topology;
    /** What stands, such as {@code 23T07:00 asleep}, in local time. */
    private final Map<String, Double> nights = new TreeMap<>();

    private TopologyFixture topology() {
        if (topology == null) {
            topology = new TopologyFixture(state, Readings.RECEIVED);
        }
        return topology;
    }

    @AfterEach
    void stop() {
        topology().close();
    }

    private Instant at(String local) {
        return LocalDateTime.parse("2026-11-" + local).atZone(zone).toInstant();
    }

    /** A stage as the watch gives it; times are local, in November. */
    private Reading stage(String stage, String from, String to) {
        Instant end = at(to);
        return Readings.of(
                        center,
                        "sleep",
                        "min",
                        at(from).toString(),
                        Duration.between(at(from), end).toMinutes())
                .setDevice("watch-1")
                .setAttributes(stage.isEmpty() ? "" : "stage=" + stage)
                .setEnd(end)
                .build();
    }

    private static Reading of(String device, Reading stage) {
        return Reading.newBuilder(stage).setDevice(device).build();
    }

    private static Reading as(ReadingStatus status, Reading stage) {
        return Reading.newBuilder(stage).setStatus(status).build();
    }

    private void send(Reading... readings) {
        List.of(readings).forEach(topology()::send);
        for (Reading reading : topology.valid()) {
            if (reading.getMetric().equals("sleep")) {
                continue;
            }
            assertThat(reading.getFlags()).contains("derived");
            assertThat(reading.getSequence()).isNull();
            String key =
                    LocalDateTime.ofInstant(reading.getTime(), zone).toString().substring(8)
                            + (reading.getMetric().equals("sleep_nap")
                                    ? " nap"
                                    : reading.getAttributes().replace("part=", " "));
            if (reading.getStatus() == ReadingStatus.WITHDRAWN) {
                assertThat(nights.remove(key)).as(key).isNotNull();
            } else {
                assertThat(nights.containsKey(key)).isEqualTo(reading.getFlags().contains(Flag.CORRECTED.code()));
                nights.put(key, reading.getValue());
            }
        }
    }

    private String day(String start, String metric) {
        Aggregate day = topology.windows(WindowSize.DAY).get("S-1 " + metric + " " + at(start + "T00:00"));
        return day == null ? "none" : day.getN() + " " + day.getSum();
    }

    @Test
    void aNightIsOnTheDayOfWakingUp() {
        send(
                stage("light", "22T23:10", "23T01:00"),
                stage("deep", "23T01:00", "23T02:30"),
                stage("awake", "23T02:30", "23T02:40"),
                stage("rem", "23T02:40", "23T06:10"),
                stage("awake", "23T06:10", "23T06:20"));

        assertThat(nights)
                .isEqualTo(Map.of(
                        "23T06:10 asleep", 410.0,
                        "23T06:10 awake", 10.0,
                        "23T06:10 light", 110.0,
                        "23T06:10 deep", 90.0,
                        "23T06:10 rem", 210.0,
                        "23T06:10 period", 420.0));
        assertThat(topology.ledger(center)).isEqualTo(new LedgerEntry(center, 0, 5L, 5L, 0L, 0L, 0L, 0L, 0L, 6L, 0L));
        Map<String, Aggregate> days = new TreeMap<>();
        topology.aggregates().stream()
                .filter(one ->
                        one.getWindow() == WindowSize.DAY && one.getMetric().equals("sleep_night"))
                .forEach(one -> days.put(one.getTime() + " " + one.getAttributes(), one));
        assertThat(days.get(at("23T00:00") + " part=asleep").getSum()).isEqualTo(410);
        assertThat(days.get(at("23T00:00") + " part=asleep").getN()).isEqualTo(1);
        // While the first stage was all, it was a night of the 23rd too, and there is nothing on the 22nd.
        assertThat(days.keySet()).noneMatch(key -> key.startsWith(at("22T00:00").toString()));
    }

    @Test
    void aNightThatBeginsAfterMidnightIsOnTheSameDay() {
        send(stage("asleep", "23T01:30", "23T08:00"));

        assertThat(nights).isEqualTo(Map.of("23T08:00 asleep", 390.0, "23T08:00 period", 390.0));
    }

    @Test
    void aNapIsApart() {
        send(stage("asleep", "22T23:00", "23T07:00"), stage("light", "23T13:00", "23T13:40"));

        assertThat(nights).isEqualTo(Map.of("23T07:00 asleep", 480.0, "23T07:00 period", 480.0, "23T13:40 nap", 40.0));
        assertThat(day("23", "sleep_nap")).isEqualTo("1 40.0");
    }

    @ParameterizedTest
    @CsvSource({
        "23T09:00, 23T14:00, night, a shift worker's five hours by day",
        "23T13:00, 23T16:00, night, three hours",
        "23T13:00, 23T15:59, nap, less",
        "23T02:30, 23T04:30, night, at three o'clock",
        "23T03:00, 23T04:00, night, from three o'clock on",
        "23T01:00, 23T03:00, nap, up to three o'clock"
    })
    void theLengthOrThreeOClockMakesItANight(String from, String to, String what) {
        send(stage("asleep", from, to));

        assertThat(nights.keySet().stream().map(key -> key.endsWith("nap") ? "nap" : "night"))
                .containsOnly(what);
    }

    @Test
    void lessThanAnHourOfNothingKeepsANightTogether() {
        send(stage("light", "22T23:00", "23T02:00"), stage("light", "23T02:45", "23T06:00"));
        assertThat(nights)
                .isEqualTo(Map.of("23T06:00 asleep", 375.0, "23T06:00 light", 375.0, "23T06:00 period", 420.0));
    }

    @Test
    void moreThanAnHourOfNothingParts() {
        send(stage("asleep", "22T23:00", "23T02:00"), stage("asleep", "23T03:15", "23T06:00"));

        assertThat(nights).isEqualTo(Map.of("23T02:00 asleep", 180.0, "23T02:00 period", 180.0, "23T06:00 nap", 165.0));
    }

    @Test
    void anHourAwakePartsNothingAndThreeHoursDo() {
        send(
                stage("asleep", "22T22:00", "23T01:00"),
                stage("awake", "23T01:00", "23T02:15"),
                stage("asleep", "23T02:15", "23T06:00"));
        assertThat(nights)
                .isEqualTo(Map.of("23T06:00 asleep", 405.0, "23T06:00 awake", 75.0, "23T06:00 period", 480.0));

        send(stage("awake", "23T06:00", "23T09:00"), stage("asleep", "23T09:00", "23T09:30"));
        assertThat(nights).hasSize(4).containsEntry("23T06:00 awake", 75.0).containsEntry("23T09:30 nap", 30.0);
    }

    @Test
    void awakeAloneIsNoNight() {
        send(stage("awake", "22T23:00", "23T07:00"));

        assertThat(nights).isEmpty();
    }

    @Test
    void ofPhoneAndWatchOneCountsAtEachInstant() {
        send(
                of("phone-1", stage("asleep", "22T23:00", "23T01:00")),
                stage("deep", "23T00:00", "23T07:00"),
                stage("awake", "23T07:00", "23T07:30"),
                of("phone-1", stage("asleep", "23T07:10", "23T07:20")));

        assertThat(nights)
                .isEqualTo(Map.of(
                        "23T07:20 asleep", 490.0,
                        "23T07:20 deep", 360.0,
                        "23T07:20 awake", 10.0,
                        "23T07:20 period", 500.0));
    }

    @Test
    void theDeviceOfTheHigherPriorityGoesFirst() {
        topology()
                .register(Device.newBuilder()
                        .setCenter(center)
                        .setDevice("watch-1")
                        .setPriority(10)
                        .setUpdatedAt(Readings.RECEIVED)
                        .build());
        send(of("phone-1", stage("asleep", "22T23:00", "23T01:00")), stage("deep", "23T00:00", "23T07:00"));

        assertThat(nights)
                .isEqualTo(Map.of("23T07:00 asleep", 480.0, "23T07:00 deep", 420.0, "23T07:00 period", 480.0));
    }

    @Test
    void theDeviceIsThatOfMostOfTheSleep() {
        topology().send(of("phone-1", stage("asleep", "22T23:00", "23T01:00")));
        topology.send(stage("deep", "23T01:00", "23T03:00"));
        topology.send(stage("rem", "23T03:00", "23T03:01"));
        Map<String, String> devices = new TreeMap<>();
        topology.valid().forEach(one -> devices.put(one.getTime() + one.getAttributes(), one.getDevice()));

        assertThat(devices)
                .containsEntry(at("23T01:00") + "", "phone-1")
                .containsEntry(at("23T03:00") + "part=asleep", "phone-1")
                .containsEntry(at("23T03:01") + "part=asleep", "watch-1");
    }

    @Test
    void stagesGoBeforeTheTotalInWhichTheyLie() {
        Reading total = Reading.newBuilder(stage("asleep", "22T23:00", "23T07:00"))
                .setValue(432)
                .build();
        send(total, stage("awake", "23T02:00", "23T02:30"), stage("rem", "23T05:00", "23T07:00"));

        // Of 5.5 hours of the total, which says that nine tenths of it are sleep.
        assertThat(nights)
                .isEqualTo(Map.of(
                        "23T07:00 asleep", 432 * (330.0 / 480) + 120,
                        "23T07:00 awake", 30.0,
                        "23T07:00 rem", 120.0,
                        "23T07:00 period", 480.0));
    }

    @Test
    void aReadingWithoutStageAndEndIsSleepForItsValue() {
        send(Reading.newBuilder(stage("", "22T23:00", "23T06:00")).setEnd(null).build());

        assertThat(nights).isEqualTo(Map.of("23T06:00 asleep", 420.0, "23T06:00 period", 420.0));
    }

    @Test
    void aNightThatGrowsByCorrectionsIsOneNight() {
        send(stage("asleep", "22T23:00", "23T01:00"));
        assertThat(nights).isEqualTo(Map.of("23T01:00 nap", 120.0));
        send(as(ReadingStatus.CORRECTED, stage("asleep", "22T23:00", "23T04:00")));
        send(as(ReadingStatus.CORRECTED, stage("asleep", "22T23:00", "23T07:00")));
        assertThat(nights).isEqualTo(Map.of("23T07:00 asleep", 480.0, "23T07:00 period", 480.0));
        send(as(ReadingStatus.CORRECTED, stage("asleep", "22T23:00", "23T01:00")));

        assertThat(nights).isEqualTo(Map.of("23T01:00 nap", 120.0));
        assertThat(topology.ledger(center).getDerived()).isEqualTo(1);
        assertThat(day("23", "sleep_nap")).isEqualTo("1 120.0");
    }

    @Test
    void aLateStageJoinsTwoSessionsAndItsWithdrawalPartsThem() {
        send(stage("light", "22T23:00", "23T01:00"), stage("rem", "23T03:30", "23T06:00"));
        assertThat(nights).isEqualTo(Map.of("23T01:00 nap", 120.0, "23T06:00 nap", 150.0));

        send(stage("deep", "23T01:30", "23T03:00"));
        assertThat(nights)
                .isEqualTo(Map.of(
                        "23T06:00 asleep", 360.0,
                        "23T06:00 light", 120.0,
                        "23T06:00 deep", 90.0,
                        "23T06:00 rem", 150.0,
                        "23T06:00 period", 420.0));
        assertThat(day("23", "sleep_nap")).startsWith("0 ");

        send(as(ReadingStatus.WITHDRAWN, stage("deep", "23T01:30", "23T03:00")));
        assertThat(nights).isEqualTo(Map.of("23T01:00 nap", 120.0, "23T06:00 nap", 150.0));
        assertThat(topology.ledger(center)).isEqualTo(new LedgerEntry(center, 0, 4L, 3L, 0L, 0L, 0L, 0L, 1L, 2L, 0L));
        assertThat(day("23", "sleep_nap")).isEqualTo("2 270.0");
    }

    @Test
    void theSameStagesAgainChangeNothing() {
        Reading[] stages = {stage("light", "22T23:00", "23T01:00"), stage("rem", "23T01:00", "23T06:00")};
        send(stages);
        List.of(stages).forEach(topology::send);

        assertThat(topology.valid()).isEmpty();
    }

    @Test
    void sleepOfMoreThanADayIsCutAtNoon() {
        send(
                stage("asleep", "20T10:00", "20T20:00"),
                stage("asleep", "20T20:00", "21T06:00"),
                stage("asleep", "21T06:00", "21T10:00"));
        assertThat(nights).isEqualTo(Map.of("21T10:00 asleep", 1440.0, "21T10:00 period", 1440.0));

        send(stage("asleep", "21T10:00", "21T10:30"));
        assertThat(nights)
                .isEqualTo(Map.of("20T12:00 nap", 120.0, "21T10:30 asleep", 1350.0, "21T10:30 period", 1350.0));
    }

    @Test
    void nightsOfOldStagesAreLateByThemselves() {
        topology()
                .send(Reading.newBuilder(stage("asleep", "22T23:00", "23T07:00"))
                        .setTime(Instant.parse("2026-10-20T08:00:00Z"))
                        .setEnd(Instant.parse("2026-10-20T16:00:00Z"))
                        .build());

        // Received on November 24 at 21 h in Seoul: the 20th began more than 35 days before, and the 21st did not.
        assertThat(topology.valid())
                .extracting(one -> one.getMetric() + one.getFlags())
                .containsExactly("sleep[late]", "sleep_night[derived]", "sleep_night[derived]");
    }

    @ParameterizedTest
    @CsvSource({
        "America/New_York, 01T00:00, 01T01:30, nap, three o'clock is later on the day of 25 hours",
        "America/New_York, 01T00:30, 01T03:30, night, four hours",
        "Europe/Berlin, 22T02:30, 22T03:30, night, three o'clock",
        "Europe/Berlin, 22T23:00, 22T23:30, nap, half an hour"
    })
    void theClockIsThatOfTheCenter(String clock, String from, String to, String what) throws IOException {
        startIn(clock);
        send(stage("asleep", from, to));

        assertThat(nights.keySet().stream().map(key -> key.endsWith("nap") ? "nap" : "night"))
                .containsOnly(what);
    }

    @Test
    void aDayOf25HoursHasItsNight() throws IOException {
        startIn("America/New_York");
        Instant asleep = Instant.parse("2026-11-01T03:00:00Z");
        Instant awake = Instant.parse("2026-11-01T11:00:00Z");
        send(Reading.newBuilder(stage("asleep", "01T00:00", "01T08:00"))
                .setTime(asleep)
                .setEnd(awake)
                .setValue(480)
                .build());
        send(stage("asleep", "01T23:20", "01T23:50"));

        // From 23 h to 6 h are eight hours on that day.
        assertThat(nights).isEqualTo(Map.of("01T06:00 asleep", 480.0, "01T06:00 period", 480.0, "01T23:50 nap", 30.0));
        assertThat(topology.windows(WindowSize.DAY).values().stream()
                        .filter(one -> !one.getMetric().equals("sleep"))
                        .map(one -> one.getMetric() + " " + one.getTime() + "/" + one.getEnd()))
                .containsExactlyInAnyOrder(
                        "sleep_night 2026-11-01T04:00:00Z/2026-11-02T05:00:00Z",
                        "sleep_nap 2026-11-01T04:00:00Z/2026-11-02T05:00:00Z");
    }

    private void startIn(String clock) throws IOException {
        Path centers = Files.writeString(
                Files.createTempFile("centers", ".yaml"),
                "centers:\n  - {code: abroad, name: A, name_ko: A, zone: " + clock
                        + ", metrics: [sleep, sleep_night, sleep_nap]}\n");
        center = "abroad";
        zone = ZoneId.of(clock);
        topology = new TopologyFixture(
                state,
                Readings.RECEIVED,
                UnknownDevices.ACCEPT,
                100,
                Map.of(),
                Centers.load(centers, Catalogue.load()));
    }
}
