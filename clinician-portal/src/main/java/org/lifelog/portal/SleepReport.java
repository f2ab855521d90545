package org.lifelog.portal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Nights, and how regular they are. Times of day are minutes after midnight of the zone's clock, 0 to below 1440.
 *
 * @param zone whose clock and days were used
 * @param regularity over all nights; absent where there is none
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record SleepReport(Instant from, Instant to, String zone, List<Night> nights, Optional<Regularity> regularity) {

    private static final double DAY = 1_440;

    /**
     * One night.
     *
     * @param date day of the zone on which it ended
     * @param asleep when sleep began; without a period, waking up less the minutes asleep
     * @param waking when it ended
     * @param minutes by {@code asleep}, {@code awake}, {@code light}, {@code deep}, {@code rem} and {@code period}, as
     *     far as known
     * @param efficiency percent of the period that was sleep
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Night(
            LocalDate date,
            Instant asleep,
            Instant waking,
            double asleepClock,
            double wakingClock,
            Map<String, Double> minutes,
            Optional<Double> efficiency) {

        static Night of(long waking, ZoneId zone, Map<String, Double> minutes) {
            double sleep = minutes.getOrDefault("asleep", 0.0);
            double period = minutes.getOrDefault("period", sleep);
            Instant end = Micros.instant(waking);
            Instant begin = Micros.instant(waking - Math.round(period * Micros.PER_MINUTE));
            return new Night(
                    end.atZone(zone).toLocalDate(),
                    begin,
                    end,
                    clock(begin, zone),
                    clock(end, zone),
                    new TreeMap<>(minutes),
                    period > 0 && minutes.containsKey("asleep") ? Optional.of(100 * sleep / period) : Optional.empty());
        }

        private double midpointClock(ZoneId zone) {
            long between = asleep.until(waking, ChronoUnit.MICROS);
            return clock(asleep.plus(between / 2, ChronoUnit.MICROS), zone);
        }

        private static double clock(Instant instant, ZoneId zone) {
            ZonedDateTime time = instant.atZone(zone);
            return time.toLocalTime().toNanoOfDay() / 60e9;
        }
    }

    /**
     * Means over the nights, and standard deviations (n - 1) in minutes, absent for one night.
     *
     * @param asleepMinutes mean sleep of a night
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Regularity(
            int n,
            double asleepMinutes,
            double asleepClock,
            Optional<Double> asleepSd,
            double wakingClock,
            Optional<Double> wakingSd,
            double midpointClock,
            Optional<Double> midpointSd) {}

    static SleepReport of(Span span, ZoneId zone, List<Night> nights) {
        return new SleepReport(span.from(), span.to(), zone.getId(), nights, regularity(nights, zone));
    }

    private static Optional<Regularity> regularity(List<Night> nights, ZoneId zone) {
        if (nights.isEmpty()) {
            return Optional.empty();
        }
        Clock asleep = Clock.of(nights, Night::asleepClock);
        Clock waking = Clock.of(nights, Night::wakingClock);
        Clock midpoint = Clock.of(nights, night -> night.midpointClock(zone));
        return Optional.of(new Regularity(
                nights.size(),
                nights.stream()
                        .mapToDouble(night -> night.minutes().getOrDefault("asleep", 0.0))
                        .average()
                        .orElseThrow(),
                asleep.mean,
                asleep.sd,
                waking.mean,
                waking.sd,
                midpoint.mean,
                midpoint.sd));
    }

    /** Mean and deviation of times of day, which go on after midnight: 23:50 and 0:10 are 20 minutes apart. */
    private record Clock(double mean, Optional<Double> sd) {
        private static Clock of(List<Night> nights, ToDoubleFunction<Night> time) {
            double[] times = nights.stream().mapToDouble(time).toArray();
            double sin = 0;
            double cos = 0;
            for (double minutes : times) {
                sin += Math.sin(2 * Math.PI * minutes / DAY);
                cos += Math.cos(2 * Math.PI * minutes / DAY);
            }
            // From the direction in which most of them lie, none is more than half a day away.
            double around = Math.atan2(sin, cos) / (2 * Math.PI) * DAY;
            double sum = 0;
            for (int i = 0; i < times.length; i++) {
                times[i] = Math.IEEEremainder(times[i] - around, DAY);
                sum += times[i];
            }
            double mean = sum / times.length;
            double squares = 0;
            for (double away : times) {
                squares += (away - mean) * (away - mean);
            }
            double shown = (around + mean) % DAY;
            return new Clock(
                    shown < 0 ? shown + DAY : shown,
                    times.length > 1 ? Optional.of(Math.sqrt(squares / (times.length - 1))) : Optional.empty());
        }
    }
}
