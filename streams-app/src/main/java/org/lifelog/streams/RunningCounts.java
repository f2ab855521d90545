package org.lifelog.streams;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Windows;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Known;
import org.lifelog.streams.history.Micros;

/**
 * Makes amounts over intervals of running counts. A device that counts on and on ({@code counter=total}), or from midnight
 * on ({@code counter=daily}), has a series of its own for its counts; between each two of them that follow each other lies
 * one amount in the series without the attribute. A count that comes late divides an amount in two, one that is corrected
 * changes two, and one that is withdrawn makes one of two. So the amounts are the same in whatever order the counts come.
 *
 * <p>A count that is smaller than the one before it was reset in between, by a reboot or at midnight: what was counted
 * since then is all that is known. Counts that are further apart than {@link #LONGEST} have no amount between them, since
 * nothing tells to which day it would belong.
 */
final class RunningCounts {
    private static final String DAILY = "daily";
    private static final Duration LONGEST = Duration.ofHours(24);

    /**
     * An amount that a running count changes.
     *
     * @param reading to pass on
     * @param before what it replaces or takes back; null for nothing
     * @param rows how many it adds
     */
    record Change(Reading reading, Known before, int rows) {}

    private record Amount(long start, long end, double value) {}

    private final Catalogue catalogue;
    private final Centers centers;
    private final History history;

    RunningCounts(Catalogue catalogue, Centers centers, History history) {
        this.catalogue = catalogue;
        this.centers = centers;
        this.history = history;
    }

    /** A reading as its device declares it: with the attribute of a running count where the device says that it is one. */
    static Reading declared(Reading sent, Optional<Device> device) {
        String kind = device.map(Device::getCounters)
                .map(counters -> counters.get(sent.getMetric()))
                .orElse(null);
        if (kind == null || sent.getEnd() != null || is(sent)) {
            return sent;
        }
        Map<String, String> attributes = Attributes.parse(sent.getAttributes());
        attributes.put(Attributes.COUNTER, kind);
        Reading count = Judge.copy(sent);
        count.setAttributes(Attributes.canonical(attributes));
        return count;
    }

    /** Whether a reading is a running count. */
    static boolean is(Reading reading) {
        return kind(reading).isPresent();
    }

    private static Optional<String> kind(Reading reading) {
        return reading.getAttributes().isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(Attributes.parse(reading.getAttributes()).get(Attributes.COUNTER));
    }

    /**
     * What a running count that was taken, corrected or withdrawn changes.
     *
     * @param count as it is remembered by now
     * @param takenAt when it came to be judged
     */
    List<Change> changes(Reading count, Instant takenAt) {
        Known own = Known.of(count);
        Predicate<Known> others = known -> known.counts()
                && known.device().equals(count.getDevice())
                && (known.time() != own.time() || known.sequence() != own.sequence());
        History.Place place = history.place(HistoryJudge.series(count), own, takenAt);
        long longest = LONGEST.toSeconds() * Micros.PER_SECOND;
        Known before = place.before(own.time() - longest, others);
        Known after = place.atOrAfter(own.time() + longest, others);
        Map<Long, Amount> wanted = wanted(count, own, before, after);
        Map<Long, Known> there =
                there(count, before == null ? own.time() : before.time(), after == null ? own.time() : after.time());
        List<Change> changes = new ArrayList<>(2);
        there.forEach((start, known) -> {
            if (known.status() == Known.Status.DERIVED && !wanted.containsKey(start)) {
                changes.add(change(count, new Amount(start, start, 0), ReadingStatus.WITHDRAWN, known, -1, takenAt));
            }
        });
        wanted.forEach((start, amount) -> {
            Known known = there.get(start);
            if (known == null) {
                changes.add(change(count, amount, ReadingStatus.FINAL, null, 1, takenAt));
            } else if (!known.counts()) {
                changes.add(change(count, amount, ReadingStatus.CORRECTED, null, 1, takenAt));
            } else if (known.status() == Known.Status.DERIVED
                    && (known.value() != amount.value() || known.end() != amount.end())) {
                changes.add(change(count, amount, ReadingStatus.CORRECTED, known, 0, takenAt));
            }
        });
        return changes;
    }

    /** The amounts between the counts before and after, by their start. */
    private Map<Long, Amount> wanted(Reading count, Known own, Known before, Known after) {
        ZoneId zone = center(count).zone();
        boolean daily = kind(count).filter(DAILY::equals).isPresent();
        List<Known> counts = Stream.of(before, own, after)
                .filter(known -> known != null && known.counts())
                .toList();
        Map<Long, Amount> wanted = new TreeMap<>();
        for (int i = 1; i < counts.size(); i++) {
            Known from = counts.get(i - 1);
            Known to = counts.get(i);
            if (to.time() == from.time() || to.time() - from.time() > LONGEST.toSeconds() * Micros.PER_SECOND) {
                continue;
            }
            long midnight = Micros.of(LocalDate.ofInstant(Micros.toInstant(to.time()), zone)
                    .atStartOfDay(zone)
                    .toInstant());
            boolean overMidnight = from.time() < midnight && midnight < to.time();
            boolean reset = to.value() < from.value() || (daily && overMidnight);
            long start = reset && overMidnight ? midnight : from.time();
            wanted.put(start, new Amount(start, to.time(), reset ? to.value() : to.value() - from.value()));
        }
        return wanted;
    }

    /** What is remembered of the device in the series of amounts, by start. */
    private Map<Long, Known> there(Reading count, long from, long to) {
        Map<Long, Known> there = new TreeMap<>();
        history.forEach(amounts(count), from, to, known -> {
            if (known.device().equals(count.getDevice()) && known.sequence() == Known.NONE) {
                there.put(known.time(), known);
            }
        });
        return there;
    }

    private Change change(Reading count, Amount amount, ReadingStatus status, Known before, int rows, Instant takenAt) {
        Metric metric = catalogue.metric(count.getMetric()).orElseThrow();
        Reading reading = Judge.copy(count);
        reading.setAttributes(withoutCounter(count));
        reading.setTime(Micros.toInstant(amount.start()));
        reading.setEnd(amount.end() == amount.start() ? null : Micros.toInstant(amount.end()));
        reading.setValue(amount.value());
        reading.setSequence(null);
        reading.setSentValue(null);
        reading.setSentUnit(null);
        reading.setStatus(status);
        List<String> flags = new ArrayList<>(3);
        flags.add(Flag.DERIVED.code());
        Judge.add(flags, Flag.CORRECTED, status == ReadingStatus.CORRECTED && rows == 0);
        Judge.add(flags, Flag.OUTSIDE_USUAL_RANGE, !metric.usual().contains(amount.value()));
        Judge.add(
                flags,
                Flag.LATE,
                Windows.late(reading.getTime(), takenAt, center(count).zone()));
        reading.setFlags(flags);
        Known known = Known.of(reading);
        history.place(amounts(count), known, takenAt).remember(known, takenAt);
        return new Change(reading, before, rows);
    }

    private static String amounts(Reading count) {
        return History.series(count.getCenter(), count.getSubject(), count.getMetric(), withoutCounter(count));
    }

    private static String withoutCounter(Reading count) {
        Map<String, String> attributes = Attributes.parse(count.getAttributes());
        attributes.remove(Attributes.COUNTER);
        return Attributes.canonical(attributes);
    }

    private Center center(Reading count) {
        return centers.center(count.getCenter()).orElseThrow();
    }
}
