package org.lifelog.streams;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.streams.DerivedReadings.Change;
import org.lifelog.streams.DerivedReadings.Derived;
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
    /** In microseconds. */
    private static final long LONGEST = Micros.of(Duration.ofHours(24));

    private final Centers centers;
    private final History history;
    private final DerivedReadings derived;

    RunningCounts(Centers centers, History history, DerivedReadings derived) {
        this.centers = centers;
        this.history = history;
        this.derived = derived;
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
        Known before = place.before(own.time() - LONGEST, others);
        Known after = place.atOrAfter(own.time() + LONGEST, others);
        return derived.changes(
                count,
                wanted(count, own, before, after),
                there(count, before == null ? own.time() : before.time(), after == null ? own.time() : after.time()),
                takenAt);
    }

    /** The amounts between the counts before and after. */
    private List<Derived> wanted(Reading count, Known own, Known before, Known after) {
        ZoneId zone = center(count).zone();
        boolean daily = kind(count).filter(DAILY::equals).isPresent();
        List<Known> counts = Stream.of(before, own, after)
                .filter(known -> known != null && known.counts())
                .toList();
        List<Derived> wanted = new ArrayList<>(2);
        for (int i = 1; i < counts.size(); i++) {
            Known from = counts.get(i - 1);
            Known to = counts.get(i);
            if (to.time() == from.time() || to.time() - from.time() > LONGEST) {
                continue;
            }
            long midnight = Micros.of(LocalDate.ofInstant(Micros.toInstant(to.time()), zone)
                    .atStartOfDay(zone)
                    .toInstant());
            boolean overMidnight = from.time() < midnight && midnight < to.time();
            boolean reset = to.value() < from.value() || (daily && overMidnight);
            long start = reset && overMidnight ? midnight : from.time();
            double value = reset ? to.value() : to.value() - from.value();
            wanted.add(derived(
                    count,
                    new Known(start, to.device(), Known.NONE, to.time(), value, Known.Status.DERIVED, to.priority())));
        }
        return wanted;
    }

    /** What is remembered of the device in the series of amounts. */
    private List<Derived> there(Reading count, long from, long to) {
        List<Derived> there = new ArrayList<>();
        history.forEach(amounts(count), from, to, known -> {
            if (known.device().equals(count.getDevice()) && known.sequence() == Known.NONE) {
                there.add(derived(count, known));
            }
        });
        return there;
    }

    private static Derived derived(Reading count, Known known) {
        return new Derived(count.getMetric(), withoutCounter(count), known);
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
