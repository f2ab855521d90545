package org.lifelog.portal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Blood pressures, and their means in the morning and in the evening.
 *
 * <p>Guidelines (JSH 2019, ESH 2023) measure at home within an hour of waking up and before going to bed, at least on 3
 * days, and call a mean of 135/85 mmHg or more high. When a subject woke up is rarely known, so the clock decides:
 * morning is from 4:00 to before 10:00, evening from 18:00 to before 2:00.
 *
 * @param unit of all pressures, as a UCUM code
 * @param zone whose clock was used
 * @param columns names of the columns of a pair; {@code time} is milliseconds since 1970 UTC, {@code pulse} beats a
 *     minute or null, {@code part} is {@code morning}, {@code evening} or {@code other}
 * @param unpaired values without the other one of their instant; they are in no figure
 * @param days days of the zone with at least one pair
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record BloodPressureReport(
        String unit,
        Instant from,
        Instant to,
        String zone,
        Threshold threshold,
        List<String> columns,
        List<Object[]> points,
        int unpaired,
        int days,
        Means all,
        Means morning,
        Means evening) {

    static final Threshold HOME = new Threshold(135, 85);
    private static final LocalTime MORNING_FROM = LocalTime.of(4, 0);
    private static final LocalTime MORNING_TO = LocalTime.of(10, 0);
    private static final LocalTime EVENING_FROM = LocalTime.of(18, 0);
    private static final LocalTime EVENING_TO = LocalTime.of(2, 0);

    /** From where on a mean at home is high. */
    public record Threshold(double systolic, double diastolic) {}

    /**
     * Means of some pairs; absent where there are none.
     *
     * @param n number of pairs
     * @param pulse mean over those that have one, in beats a minute
     * @param aboveThreshold percent of the pairs of which a value is at the threshold or above
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Means(
            int n,
            Optional<Double> systolic,
            Optional<Double> diastolic,
            Optional<Double> pulse,
            Optional<Double> aboveThreshold) {

        private static Means of(List<Pair> pairs) {
            int n = pairs.size();
            if (n == 0) {
                return new Means(0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
            }
            long high = pairs.stream()
                    .filter(pair -> pair.systolic >= HOME.systolic || pair.diastolic >= HOME.diastolic)
                    .count();
            List<Double> pulses =
                    pairs.stream().flatMap(pair -> pair.pulse.stream()).toList();
            return new Means(
                    n,
                    Optional.of(mean(pairs.stream().map(Pair::systolic).toList())),
                    Optional.of(mean(pairs.stream().map(Pair::diastolic).toList())),
                    pulses.isEmpty() ? Optional.empty() : Optional.of(mean(pulses)),
                    Optional.of(100.0 * high / n));
        }

        private static double mean(List<Double> values) {
            return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        }
    }

    /** Two pressures of one instant, in mmHg. */
    record Pair(long micros, double systolic, double diastolic, Optional<Double> pulse, String attributes) {
        private ZonedDateTime at(ZoneId zone) {
            return Micros.instant(micros).atZone(zone);
        }

        private String part(ZoneId zone) {
            LocalTime clock = at(zone).toLocalTime();
            if (!clock.isBefore(MORNING_FROM) && clock.isBefore(MORNING_TO)) {
                return "morning";
            }
            return !clock.isBefore(EVENING_FROM) || clock.isBefore(EVENING_TO) ? "evening" : "other";
        }

        private Object[] point(ZoneId zone) {
            return new Object[] {Micros.millis(micros), systolic, diastolic, pulse.orElse(null), part(zone), attributes
            };
        }
    }

    static BloodPressureReport of(Span span, ZoneId zone, List<Pair> pairs, int unpaired) {
        return new BloodPressureReport(
                "mm[Hg]",
                span.from(),
                span.to(),
                zone.getId(),
                HOME,
                List.of("time", "systolic", "diastolic", "pulse", "part", "attributes"),
                pairs.stream().map(pair -> pair.point(zone)).toList(),
                unpaired,
                (int) pairs.stream()
                        .map(pair -> pair.at(zone).toLocalDate())
                        .distinct()
                        .count(),
                Means.of(pairs),
                Means.of(filtered(pairs, pair -> pair.part(zone).equals("morning"))),
                Means.of(filtered(pairs, pair -> pair.part(zone).equals("evening"))));
    }

    private static List<Pair> filtered(List<Pair> pairs, Predicate<Pair> test) {
        return pairs.stream().filter(test).toList();
    }
}
