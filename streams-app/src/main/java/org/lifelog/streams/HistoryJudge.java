package org.lifelog.streams;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Reason;
import org.lifelog.contract.Windows;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Known;
import org.lifelog.streams.history.Micros;

/**
 * Judges a reading by what is known of its series: whether it was there before, replaces or takes back something, and
 * goes with its neighbours. Remembers it where it is believed. What is known when it comes decides; flags of readings
 * that came before it stay as they are.
 */
final class HistoryJudge {
    private static final long HALF_SECOND = Micros.PER_SECOND / 2;
    private static final long MINUTE = 60 * Micros.PER_SECOND;
    private static final long RATE_NEIGHBOUR = 15 * MINUTE;
    /** Fewer equal values than this prove nothing, however long the time between them. */
    private static final int FROZEN_VALUES = 10;

    private final Catalogue catalogue;
    private final History history;
    private final DeviceClocks clocks;

    HistoryJudge(Catalogue catalogue, History history, DeviceClocks clocks) {
        this.catalogue = catalogue;
        this.history = history;
        this.clocks = clocks;
    }

    /**
     * Judges a reading that is valid by itself.
     *
     * @param reading in the canonical unit; flags are added to it
     * @param takenAt when it came to be judged: its arrival, or its release from quarantine
     */
    Judgement judge(Reading reading, Instant takenAt) {
        String series = series(reading);
        Known sent = Known.of(reading);
        History.Place place = history.place(series, sent, takenAt);
        Known known = place.known();
        Judgement judgement = reading.getStatus() == ReadingStatus.WITHDRAWN
                ? withdraw(reading, known)
                : known == null ? neighbours(reading, sent, place, false) : again(reading, sent, known, place);
        if (remembers(judgement)) {
            place.remember(sent, takenAt);
        }
        return judgement;
    }

    static String series(Reading reading) {
        return History.series(reading.getCenter(), reading.getSubject(), reading.getMetric(), reading.getAttributes());
    }

    private static boolean remembers(Judgement judgement) {
        // A withdrawal that came first must be known when what it withdraws comes.
        return !(judgement instanceof Judgement.Duplicate)
                && (!(judgement instanceof Judgement.Quarantined quarantined)
                        || quarantined.reason() == Reason.NOTHING_TO_WITHDRAW);
    }

    private static Judgement withdraw(Reading reading, Known known) {
        if (known == null) {
            // The database knows those that are too old to be known here.
            return reading.getFlags().contains(Flag.LATE.code())
                    ? new Judgement.Withdrawn(reading, null)
                    : new Judgement.Quarantined(
                            Reason.NOTHING_TO_WITHDRAW,
                            "No reading of this device, time and sequence is known. One that comes later is not believed.");
        }
        return known.counts() ? new Judgement.Withdrawn(reading, known) : new Judgement.Duplicate();
    }

    /** Judges one whose identity is known. */
    private Judgement again(Reading reading, Known sent, Known known, History.Place place) {
        if (known.counts() && known.saysTheSameAs(sent)) {
            return new Judgement.Duplicate();
        }
        if (reading.getStatus() == ReadingStatus.CORRECTED) {
            Judgement judgement = neighbours(reading, sent, place, known.counts());
            return judgement instanceof Judgement.Valid && known.counts()
                    ? new Judgement.Corrected(reading, known)
                    : judgement;
        }
        if (known.status() != Known.Status.FINAL) {
            return new Judgement.Quarantined(
                    Reason.SUPERSEDED,
                    "The reading was corrected or withdrawn before. To change it again, send it as a correction.");
        }
        return new Judgement.Quarantined(
                Reason.CONFLICTING_DUPLICATE,
                "A reading of this device at this time with another value is known; the first one stays. To replace it,"
                        + " send a correction.",
                known.value());
    }

    private Judgement neighbours(Reading reading, Known sent, History.Place place, boolean replaces) {
        Metric metric = catalogue.metric(reading.getMetric()).orElseThrow();
        Metric.Plausibility expected = metric.plausibility();
        if (overlaps(metric, sent, place)) {
            return new Judgement.Quarantined(
                    Reason.OVERLAPPING_INTERVAL,
                    "The interval overlaps another one of the same device; the first one stays.");
        }
        if (reversed(reading, sent, expected.below(), 1) || reversed(reading, sent, expected.above(), -1)) {
            return new Judgement.Quarantined(
                    Reason.PAIR_REVERSED,
                    "The value contradicts that of "
                            + expected.below().or(expected::above).orElseThrow()
                            + " at the same time; the first one stays.");
        }
        List<String> flags = new ArrayList<>(reading.getFlags());
        add(flags, Flag.PROBABLE_DUPLICATE, probablyKnown(sent, place));
        add(flags, Flag.RATE_OF_CHANGE, changesTooFast(expected.ratePerMinute(), sent, place));
        add(flags, Flag.FROZEN, frozen(expected.frozenAfter(), sent, place));
        add(flags, Flag.CLOCK_SUSPECT, !flags.contains(Flag.CLOCK_SUSPECT.code()) && clocks.suspect(reading));
        add(flags, Flag.CORRECTED, replaces);
        reading.setFlags(flags);
        return new Judgement.Valid(reading);
    }

    private static void add(List<String> flags, Flag flag, boolean is) {
        if (is) {
            flags.add(flag.code());
        }
    }

    private static boolean overlaps(Metric metric, Known sent, History.Place place) {
        if (sent.end() == Known.NONE || (metric.kind() != Metric.Kind.DELTA && metric.kind() != Metric.Kind.EPISODE)) {
            return false;
        }
        // Intervals of one device do not overlap each other, so the nearest one tells.
        Predicate<Known> interval = other(sent).and(sameDevice(sent)).and(known -> known.end() != Known.NONE);
        Known before = place.before(sent.time() - Micros.of(Windows.REACH), interval);
        return (before != null && before.end() > sent.time()) || place.atOrAfter(sent.end() - 1, interval) != null;
    }

    /** Whether the value of the other metric at the same instant lies on the wrong side. */
    private boolean reversed(Reading reading, Known sent, Optional<String> other, int sign) {
        if (other.isEmpty()) {
            return false;
        }
        String series = History.series(reading.getCenter(), reading.getSubject(), other.get(), reading.getAttributes());
        Known pair = history.place(series, sent, Instant.EPOCH)
                .atOrAfter(
                        sent.time(), known -> known.counts() && sameDevice(sent).test(known));
        return pair != null && sign * (pair.value() - sent.value()) <= 0;
    }

    /** Whether it looks like one that is known under another identity. Two numbers of one device are two readings. */
    private static boolean probablyKnown(Known sent, History.Place place) {
        Predicate<Known> alike = other(sent)
                .and(sent::saysTheSameAs)
                .and(known -> !known.device().equals(sent.device())
                        || known.sequence() == sent.sequence()
                        || known.sequence() == Known.NONE
                        || sent.sequence() == Known.NONE);
        return place.before(sent.time() - HALF_SECOND, alike) != null
                || place.atOrAfter(sent.time() + HALF_SECOND, alike) != null;
    }

    private static boolean changesTooFast(OptionalDouble perMinute, Known sent, History.Place place) {
        if (perMinute.isEmpty()) {
            return false;
        }
        Predicate<Known> neighbour = other(sent).and(sameDevice(sent));
        return tooFast(perMinute.getAsDouble(), sent, place.before(sent.time() - RATE_NEIGHBOUR, neighbour))
                || tooFast(perMinute.getAsDouble(), sent, place.atOrAfter(sent.time() + RATE_NEIGHBOUR, neighbour));
    }

    private static boolean tooFast(double perMinute, Known one, Known other) {
        // Within a minute noise looks like change.
        return other != null
                && Math.abs(one.value() - other.value())
                        > perMinute * Math.max(1, (double) Math.abs(one.time() - other.time()) / MINUTE);
    }

    private static boolean frozen(Optional<Duration> after, Known sent, History.Place place) {
        if (after.isEmpty()) {
            return false;
        }
        long span = Micros.of(after.get());
        int[] values = {1};
        // The first one that differs, or that is equal and far enough away.
        Known found = place.before(sent.time() - 2 * span, known -> {
            if (!known.counts() || !known.device().equals(sent.device())) {
                return false;
            }
            values[0]++;
            return known.value() != sent.value() || known.time() <= sent.time() - span;
        });
        return found != null && found.value() == sent.value() && values[0] >= FROZEN_VALUES;
    }

    /** Counts, and has not the very identity of what was sent. */
    private static Predicate<Known> other(Known sent) {
        return known -> known.counts()
                && (known.time() != sent.time()
                        || known.sequence() != sent.sequence()
                        || !known.device().equals(sent.device()));
    }

    private static Predicate<Known> sameDevice(Known sent) {
        return known -> known.device().equals(sent.device());
    }
}
