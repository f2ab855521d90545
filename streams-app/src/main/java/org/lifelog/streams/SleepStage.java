package org.lifelog.streams;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.lifelog.streams.history.Known;
import org.lifelog.streams.history.Micros;

/**
 * A reading of {@code sleep} as an interval.
 *
 * @param start in microseconds since the epoch
 * @param end in microseconds since the epoch, exclusive
 * @param sequence {@link Known#NONE} where it has none
 * @param name the attribute {@code stage}; empty where there is none
 * @param priority rank of the device
 * @param detail of two that a device gives for one instant the lower one counts
 * @param value in minutes
 */
record SleepStage(
        long start, long end, String device, long sequence, int priority, String name, int detail, double value) {
    static final String AWAKE = "awake";
    static final String ASLEEP = "asleep";
    /** Longer intervals tell nothing of a night, and are left out. */
    static final long LONGEST = Micros.of(Duration.ofHours(24));

    static final double MICROS_PER_MINUTE = 60.0 * Micros.PER_SECOND;

    /** Of the stages of one instant the first one counts: by the priority of the device, then by its code, then the more detailed, then the earlier one. */
    static final Comparator<SleepStage> FIRST = Comparator.comparingInt(SleepStage::priority)
            .reversed()
            .thenComparing(SleepStage::device)
            .thenComparingInt(SleepStage::detail)
            .thenComparingLong(SleepStage::start)
            .thenComparingLong(SleepStage::sequence);

    /**
     * The interval of a reading; one without an end lasts for its value.
     *
     * @param name the attribute {@code stage}
     * @param names the stages of the catalogue
     * @return empty for one that counts nowhere
     */
    static Optional<SleepStage> of(Known known, String name, List<String> names) {
        long end =
                known.end() == Known.NONE ? known.time() + Math.round(known.value() * MICROS_PER_MINUTE) : known.end();
        if (!known.counts() || end <= known.time() || end - known.time() > LONGEST) {
            return Optional.empty();
        }
        int detail = name.isEmpty() ? names.size() + 1 : name.equals(ASLEEP) ? names.size() : names.indexOf(name);
        return Optional.of(new SleepStage(
                known.time(), end, known.device(), known.sequence(), known.priority(), name, detail, known.value()));
    }

    boolean awake() {
        return name.equals(AWAKE);
    }

    /** The minutes of a part of it. */
    double minutes(long micros) {
        return value * ((double) micros / (end - start));
    }
}
