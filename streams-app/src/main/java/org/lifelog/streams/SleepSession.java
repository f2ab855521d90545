package org.lifelog.streams;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.lifelog.streams.history.Micros;

/**
 * Sleep from falling asleep to waking up.
 *
 * @param start when falling asleep, in microseconds since the epoch
 * @param end when waking up, in microseconds since the epoch
 * @param counted for how many microseconds each stage counts, in the order of time
 */
record SleepSession(long start, long end, Map<SleepStage, Long> counted) {
    private static final double NIGHT_MINUTES = 180;
    private static final LocalTime NIGHT_TIME = LocalTime.of(3, 0);

    static final Predicate<SleepStage> SLEEP = stage -> !stage.awake();

    /** The minutes of some of the stages. */
    double minutes(Predicate<SleepStage> stages) {
        double minutes = 0;
        for (Map.Entry<SleepStage, Long> part : counted.entrySet()) {
            if (stages.test(part.getKey())) {
                minutes += part.getKey().minutes(part.getValue());
            }
        }
        return minutes;
    }

    /** The minutes from falling asleep to waking up. */
    double period() {
        return (end - start) / SleepStage.MICROS_PER_MINUTE;
    }

    /** Whether it is a night and not a nap: long enough, or at three o'clock of the clock in a zone. */
    boolean isNight(ZoneId zone) {
        if (minutes(SLEEP) >= NIGHT_MINUTES) {
            return true;
        }
        LocalDate last = LocalDate.ofInstant(Micros.toInstant(end), zone);
        for (LocalDate day = LocalDate.ofInstant(Micros.toInstant(start), zone);
                !day.isAfter(last);
                day = day.plusDays(1)) {
            Instant time = day.atTime(NIGHT_TIME).atZone(zone).toInstant();
            if (Micros.of(time) >= start && Micros.of(time) < end) {
                return true;
            }
        }
        return false;
    }

    /** The device of which most of the sleep is; of several the first one by code. */
    String device() {
        Map<String, Long> asleep = new TreeMap<>();
        counted.forEach((stage, micros) -> {
            if (SLEEP.test(stage)) {
                asleep.merge(stage.device(), micros, Long::sum);
            }
        });
        // Of entries that are equal min gives the first one.
        return asleep.entrySet().stream()
                .min(Comparator.comparing(entry -> -entry.getValue()))
                .orElseThrow()
                .getKey();
    }
}
