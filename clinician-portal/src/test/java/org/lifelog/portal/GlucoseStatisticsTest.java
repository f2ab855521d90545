package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.Test;

class GlucoseStatisticsTest {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final Instant START = Instant.parse("2026-11-02T00:00:00Z");

    @Test
    void figures() {
        GlucoseStatistics statistics = GlucoseStatistics.of(everyFiveMinutes(100, 120, 140, 160, 200), SEOUL);

        assertThat(statistics.n()).isEqualTo(5);
        assertThat(statistics.days()).isEqualTo(20.0 / 1_440, within(1e-12));
        assertThat(statistics.mean()).hasValue(144);
        // Deviations -44, -24, -4, 16, 56: squares sum to 5920, over n - 1 = 4.
        assertThat(statistics.sd().getAsDouble()).isEqualTo(Math.sqrt(1_480), within(1e-12));
        assertThat(statistics.cv().getAsDouble()).isEqualTo(100 * Math.sqrt(1_480) / 144, within(1e-12));
        assertThat(statistics.gmi().getAsDouble()).isEqualTo(6.75448, within(1e-12));
        assertThat(statistics.median()).hasValue(140);
        assertThat(statistics.activePercent()).hasValue(100);
        assertThat(statistics.timeInRange()).hasValue(new TimeInRange(0, 0, 80, 20, 0));
    }

    @Test
    void edgesBelongWhereTheConsensusPutsThem() {
        double[] values = {53.999999, 54, 69.999999, 70, 180, 180.000001, 250, 250.000001};

        assertThat(GlucoseStatistics.of(everyFiveMinutes(values), SEOUL).counts())
                .isEqualTo(new TimeInRange.Counts(1, 3, 2, 3, 1));
    }

    @Test
    void nothingIsDefinedForNoReadings() {
        GlucoseStatistics none = GlucoseStatistics.of(new GlucoseReadings(0), SEOUL);

        assertThat(none.n()).isZero();
        assertThat(none.mean()).isEmpty();
        assertThat(none.median()).isEmpty();
        assertThat(none.activePercent()).isEmpty();
        assertThat(none.timeInRange()).isEmpty();
        assertThat(none.agp()).isEmpty();
        assertThat(none.daily()).isEmpty();
    }

    @Test
    void oneReadingHasNoDeviation() {
        GlucoseStatistics one = GlucoseStatistics.of(everyFiveMinutes(99), SEOUL);

        assertThat(one.mean()).hasValue(99);
        assertThat(one.median()).hasValue(99);
        assertThat(one.sd()).isEmpty();
        assertThat(one.cv()).isEmpty();
        assertThat(one.activePercent()).isEmpty();
    }

    @Test
    void activePercentCountsWhatAGapLacks() {
        // Ten readings were due in 45 minutes; three are missing between minute 20 and minute 40.
        assertThat(active(0, 300, 600, 900, 1_200, 2_400, 2_700)).isEqualTo(70, within(1e-12));
    }

    @Test
    void activePercentToleratesJitterOfSeconds() {
        assertThat(active(0, 298, 603, 900, 1_201, 1_499)).isEqualTo(100, within(1e-12));
    }

    @Test
    void activePercentOfStepsOfHalfAMinute() {
        // The median step rounds to 0 minutes and is taken as 1.
        assertThat(active(0, 20, 40, 60, 80, 120)).isEqualTo(100, within(1e-12));
    }

    @Test
    void daysAreThoseOfTheZone() {
        GlucoseReadings readings = new GlucoseReadings(4);
        // Midnight in Seoul is 15:00 UTC.
        readings.add(micros("2026-11-02T14:59:59.999999Z"), 60);
        readings.add(micros("2026-11-02T15:00:00Z"), 100);
        readings.add(micros("2026-11-02T16:00:00Z"), 200);
        readings.add(micros("2026-11-04T15:00:00Z"), 300);

        assertThat(GlucoseStatistics.of(readings, SEOUL).daily())
                .containsExactly(
                        day("2026-11-02", "2026-11-01T15:00:00Z", "2026-11-02T15:00:00Z", 1, 60, counts(0, 1, 0, 0, 0)),
                        day(
                                "2026-11-03",
                                "2026-11-02T15:00:00Z",
                                "2026-11-03T15:00:00Z",
                                2,
                                150,
                                counts(0, 0, 1, 1, 0)),
                        day(
                                "2026-11-05",
                                "2026-11-04T15:00:00Z",
                                "2026-11-05T15:00:00Z",
                                1,
                                300,
                                counts(0, 0, 0, 1, 1)));
    }

    @Test
    void aDayOfTwentyThreeHours() {
        GlucoseReadings readings = new GlucoseReadings(1);
        readings.add(micros("2026-03-29T12:00:00Z"), 100);

        assertThat(GlucoseStatistics.of(readings, ZoneId.of("Europe/Berlin")).daily())
                .containsExactly(day(
                        "2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 1, 100, counts(0, 0, 1, 0, 0)));
    }

    @Test
    void profileIsByTheLocalHalfHour() {
        GlucoseReadings readings = new GlucoseReadings(5);
        // 09:00 to 09:29:59 in Seoul on two days, and one reading at 09:30.
        readings.add(micros("2026-11-02T00:00:00Z"), 100);
        readings.add(micros("2026-11-02T00:29:59Z"), 110);
        readings.add(micros("2026-11-02T00:30:00Z"), 300);
        readings.add(micros("2026-11-03T00:10:00Z"), 120);
        readings.add(micros("2026-11-03T00:20:00Z"), 140);

        List<GlucoseStatistics.AgpBin> agp =
                GlucoseStatistics.of(readings, SEOUL).agp();

        assertThat(agp).hasSize(2);
        assertThat(agp.get(0).minute()).isEqualTo(540);
        assertThat(agp.get(0).n()).isEqualTo(4);
        // Type 7 over 100, 110, 120, 140: positions 0.15, 0.75, 1.5, 2.25, 2.85.
        assertThat(agp.get(0).p5()).isEqualTo(101.5, within(1e-9));
        assertThat(agp.get(0).p25()).isEqualTo(107.5, within(1e-9));
        assertThat(agp.get(0).p50()).isEqualTo(115, within(1e-9));
        assertThat(agp.get(0).p75()).isEqualTo(125, within(1e-9));
        assertThat(agp.get(0).p95()).isEqualTo(137, within(1e-9));
        assertThat(agp.get(1)).isEqualTo(new GlucoseStatistics.AgpBin(570, 1, 300, 300, 300, 300, 300));
    }

    @Test
    void agreesWithAPlainComputation() {
        Random random = new Random(20261124);
        for (int round = 0; round < 50; round++) {
            int n = 2 + random.nextInt(600);
            GlucoseReadings readings = new GlucoseReadings(0);
            List<Double> values = new ArrayList<>();
            long time = Micros.of(START);
            for (int i = 0; i < n; i++) {
                double value = 40 + random.nextDouble() * 360;
                values.add(value);
                readings.add(time, value);
                time += random.nextInt(20) == 0 ? 3_600_000_000L : 300_000_000L;
            }
            GlucoseStatistics statistics = GlucoseStatistics.of(readings, SEOUL);
            double mean = values.stream().mapToDouble(value -> value).sum() / n;
            double variance = values.stream()
                            .mapToDouble(value -> Math.pow(value - mean, 2))
                            .sum()
                    / (n - 1);

            assertThat(statistics.mean().getAsDouble()).isEqualTo(mean, within(1e-9));
            assertThat(statistics.sd().getAsDouble()).isEqualTo(Math.sqrt(variance), within(1e-9));
            assertThat(statistics.counts())
                    .isEqualTo(counts(
                            count(values, value -> value < 54),
                            count(values, value -> value < 70),
                            count(values, value -> value >= 70 && value <= 180),
                            count(values, value -> value > 180),
                            count(values, value -> value > 250)));
            assertThat(statistics.daily().stream()
                            .mapToInt(GlucoseStatistics.Day::n)
                            .sum())
                    .isEqualTo(n);
            assertThat(statistics.agp().stream()
                            .mapToInt(GlucoseStatistics.AgpBin::n)
                            .sum())
                    .isEqualTo(n);
        }
    }

    private static long count(List<Double> values, DoublePredicate predicate) {
        return values.stream().mapToDouble(value -> value).filter(predicate).count();
    }

    private static GlucoseReadings everyFiveMinutes(double... values) {
        GlucoseReadings readings = new GlucoseReadings(values.length);
        for (int i = 0; i < values.length; i++) {
            readings.add(Micros.of(START.plusSeconds(300L * i)), values[i]);
        }
        return readings;
    }

    private static double active(long... seconds) {
        GlucoseReadings readings = new GlucoseReadings(seconds.length);
        for (long second : seconds) {
            readings.add(Micros.of(START.plusSeconds(second)), 100);
        }
        return GlucoseStatistics.activePercent(readings).getAsDouble();
    }

    private static long micros(String time) {
        return Micros.of(Instant.parse(time));
    }

    private static TimeInRange.Counts counts(long below54, long below70, long in, long above180, long above250) {
        return new TimeInRange.Counts(below54, below70, in, above180, above250);
    }

    private static GlucoseStatistics.Day day(
            String date, String from, String to, int n, double mean, TimeInRange.Counts counts) {
        return new GlucoseStatistics.Day(
                LocalDate.parse(date), Instant.parse(from), Instant.parse(to), n, mean, counts);
    }
}
