package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Flag;

class RunningCountsTest {
    @TempDir
    private Path state;

    private TopologyFixture topology;
    private final Map<Instant, String> amounts = new TreeMap<>();

    @BeforeEach
    void start() {
        topology = new TopologyFixture(state, Readings.RECEIVED);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    /** Local times of Seoul. */
    private static Reading count(String time, double value, String kind, ReadingStatus status) {
        return Readings.of(
                        "goodoc",
                        "steps",
                        "{steps}",
                        Instant.parse(time + ":00+09:00").toString(),
                        value)
                .setDevice("band-1")
                .setAttributes("counter=" + kind)
                .setStatus(status)
                .build();
    }

    private static Reading total(String time, double value) {
        return count(time, value, "total", ReadingStatus.FINAL);
    }

    private static Reading daily(String time, double value) {
        return count(time, value, "daily", ReadingStatus.FINAL);
    }

    private void send(Reading... readings) {
        List.of(readings).forEach(topology::send);
        for (Reading reading : topology.valid()) {
            if (!reading.getAttributes().isEmpty()) {
                continue;
            }
            assertThat(reading.getFlags()).contains("derived");
            if (reading.getStatus() == ReadingStatus.WITHDRAWN) {
                assertThat(amounts.remove(reading.getTime())).isNotNull();
            } else {
                assertThat(amounts.containsKey(reading.getTime()))
                        .isEqualTo(reading.getFlags().contains(Flag.CORRECTED.code()));
                amounts.put(reading.getTime(), reading.getValue() + " until " + reading.getEnd());
            }
        }
    }

    private double day(String start) {
        return topology.windows(WindowSize.DAY)
                .get("S-1 steps " + Instant.parse(start + "T00:00:00+09:00"))
                .getSum();
    }

    @Test
    void betweenTwoCountsLiesAnAmount() {
        send(total("2026-11-23T08:00", 5_000), total("2026-11-23T08:15", 5_400), total("2026-11-23T08:30", 5_400));

        assertThat(amounts.values())
                .containsExactly("400.0 until 2026-11-22T23:15:00Z", "0.0 until 2026-11-22T23:30:00Z");
        assertThat(topology.ledger("goodoc"))
                .isEqualTo(new LedgerEntry("goodoc", 0, 3L, 3L, 0L, 0L, 0L, 0L, 0L, 2L, 0L));
    }

    @Test
    void aCountThatComesLateDividesTheAmount() {
        send(total("2026-11-23T08:00", 5_000), total("2026-11-23T08:30", 5_400), total("2026-11-23T08:10", 5_300));

        assertThat(amounts.values())
                .containsExactly("300.0 until 2026-11-22T23:10:00Z", "100.0 until 2026-11-22T23:30:00Z");
    }

    @Test
    void aCorrectedCountChangesTwoAmountsAndAWithdrawnOneMakesOneOfThem() {
        send(total("2026-11-23T08:00", 5_000), total("2026-11-23T08:10", 5_300), total("2026-11-23T08:30", 5_400));
        send(count("2026-11-23T08:10", 5_350, "total", ReadingStatus.CORRECTED));
        assertThat(amounts.values())
                .containsExactly("350.0 until 2026-11-22T23:10:00Z", "50.0 until 2026-11-22T23:30:00Z");

        send(count("2026-11-23T08:10", 0, "total", ReadingStatus.WITHDRAWN));
        assertThat(amounts.values()).containsExactly("400.0 until 2026-11-22T23:30:00Z");
        assertThat(topology.ledger("goodoc").getDerived()).isEqualTo(1);

        send(count("2026-11-23T08:10", 5_100, "total", ReadingStatus.CORRECTED));
        assertThat(amounts.values())
                .containsExactly("100.0 until 2026-11-22T23:10:00Z", "300.0 until 2026-11-22T23:30:00Z");
    }

    @Test
    void aRebootBeginsAtZero() {
        send(total("2026-11-23T08:00", 5_000), total("2026-11-23T08:30", 120));

        assertThat(amounts.values()).containsExactly("120.0 until 2026-11-22T23:30:00Z");
    }

    @Test
    void aDailyCountBeginsAtMidnightEvenWhereItIsLarger() {
        send(daily("2026-11-22T23:50", 100), daily("2026-11-23T07:00", 500));

        assertThat(amounts)
                .containsExactly(Map.entry(Instant.parse("2026-11-22T15:00:00Z"), "500.0 until 2026-11-22T22:00:00Z"));
        assertThat(day("2026-11-23")).isEqualTo(500);
    }

    @Test
    void aTotalGoesOnOverMidnight() {
        send(total("2026-11-22T23:50", 100), total("2026-11-23T00:10", 150));

        assertThat(amounts.values()).containsExactly("50.0 until 2026-11-22T15:10:00Z");
    }

    @Test
    void countsThatAreTooFarApartSayNothing() {
        send(total("2026-11-20T08:00", 5_000), total("2026-11-23T08:00", 90_000), total("2026-11-23T08:10", 90_010));

        assertThat(amounts.values()).containsExactly("10.0 until 2026-11-22T23:10:00Z");
    }

    @Test
    void aTotalMayBeLargerThanAnyAmount() {
        send(total("2026-11-23T08:00", 7_000_000), total("2026-11-23T08:10", 7_000_500));

        assertThat(amounts.values()).containsExactly("500.0 until 2026-11-22T23:10:00Z");
        assertThat(topology.quarantined()).isEmpty();
    }

    @Test
    void anAmountOfTheSameDeviceInBetweenOverlaps() {
        send(total("2026-11-23T08:00", 5_000), total("2026-11-23T08:30", 5_400));
        topology.send(Reading.newBuilder(total("2026-11-23T08:10", 10))
                .setAttributes("")
                .setEnd(Instant.parse("2026-11-22T23:20:00Z"))
                .build());

        assertThat(topology.quarantined().values().stream().flatMap(List::stream))
                .singleElement()
                .satisfies(one -> assertThat(one.getReasons()).containsExactly("overlapping-interval"));
    }

    private static Reading declared(Reading count) {
        return Reading.newBuilder(count).setAttributes("").build();
    }

    private void declare(Map<String, String> counters) {
        topology.register(Device.newBuilder()
                .setCenter("goodoc")
                .setDevice("band-1")
                .setUpdatedAt(Readings.RECEIVED)
                .setCounters(counters)
                .build());
    }

    @Test
    void aDeclaredCountIsTheSameReadingAsOneThatSaysSo() {
        declare(Map.of("steps", "total"));
        send(
                declared(total("2026-11-23T08:00", 5_000)),
                total("2026-11-23T08:15", 5_400),
                declared(total("2026-11-23T08:15", 5_400)),
                declared(total("2026-11-23T08:30", 5_450)),
                declared(count("2026-11-23T08:15", 5_300, "total", ReadingStatus.CORRECTED)));

        assertThat(amounts.values())
                .containsExactly("300.0 until 2026-11-22T23:15:00Z", "150.0 until 2026-11-22T23:30:00Z");
        assertThat(topology.ledger("goodoc").getDuplicate()).isEqualTo(1);
    }

    @Test
    void anAmountAndAnotherKindOfCountStayAsTheyAreSent() {
        declare(Map.of("steps", "total", "distance", "total"));
        topology.send(Reading.newBuilder(declared(total("2026-11-23T08:00", 10)))
                .setEnd(Instant.parse("2026-11-22T23:20:00Z"))
                .build());
        topology.send(daily("2026-11-23T09:00", 10));
        topology.send(Reading.newBuilder(declared(total("2026-11-23T09:00", 10)))
                .setDevice("band-2")
                .build());

        assertThat(topology.valid()).extracting(Reading::getAttributes).containsExactly("", "counter=daily", "");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void inWhateverOrderTheCountsComeTheDaysTotalIsTheSame(long seed) {
        Random random = new Random(seed);
        List<Reading> counts = new ArrayList<>();
        double steps = 0;
        for (int minute = 0; minute < 600; minute += 5 + random.nextInt(20)) {
            counts.add(total(
                    Instant.parse("2026-11-23T08:00:00Z")
                            .plusSeconds(60L * minute)
                            .toString()
                            .substring(0, 16),
                    1_000 + steps));
            steps += random.nextInt(300);
        }
        Reading last = counts.get(counts.size() - 1);
        Collections.shuffle(counts, random);
        counts.addAll(counts.subList(0, 10));
        send(counts.toArray(new Reading[0]));

        assertThat(amounts).hasSize(counts.size() - 11);
        assertThat(day("2026-11-23")).isEqualTo(last.getValue() - 1_000);
    }
}
