package org.lifelog.streams;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Windows;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Known;
import org.lifelog.streams.history.Micros;

/**
 * Counts no time twice where several devices measure the same amount of a subject. Of intervals that overlap, the time that
 * they share belongs to the device that goes first: the one of the higher priority, or of the smaller code. What counts of
 * an amount is its value times the share of its time that no other device takes; where that is nothing, it is in no window.
 *
 * <p>Only intervals whose starts are less than {@link Windows#REACH} apart are held against each other. Intervals of one device do
 * not overlap, so of each device only the last one before an interval and those that start in it matter.
 */
final class CountedAmounts {
    /** In microseconds. */
    private static final long REACH = Micros.of(Windows.REACH);

    /** Takes what counts of a reading. */
    interface Taker {
        /**
         * Takes it.
         *
         * @param time effective time in microseconds since the epoch
         */
        void take(long time, double counted);
    }

    private final Catalogue catalogue;
    private final Centers centers;
    private final History history;

    CountedAmounts(Catalogue catalogue, Centers centers, History history) {
        this.catalogue = catalogue;
        this.centers = centers;
        this.history = history;
    }

    /**
     * What a reading changes in the windows, now that it is remembered.
     *
     * @param before what it has replaced or taken back; null for nothing
     * @param added whether it comes to those that the windows hold, and nothing else was remembered since
     * @param takenAt when it came to be judged; windows that are late by then are left out
     */
    WindowChange change(Reading reading, Known before, boolean added, Instant takenAt) {
        String series = HistoryJudge.series(reading);
        Known own = Known.of(reading);
        boolean late = reading.getFlags().contains(Flag.LATE.code());
        Set<Long> anew = new TreeSet<>();
        if (!added && !late) {
            anew.add(own.time());
        }
        double share = 1;
        if (shared(reading.getMetric()) && (isInterval(own) || isInterval(before))) {
            Intervals intervals = around(series, own, before);
            ZoneId zone = centers.center(reading.getCenter()).orElseThrow().zone();
            for (Known last : before == null ? List.of(own) : List.of(own, before)) {
                intervals.after(last).stream()
                        .map(Known::time)
                        .filter(time -> !Windows.late(Micros.toInstant(time), takenAt, zone))
                        .forEach(anew::add);
            }
            share = intervals.share(own);
        }
        return new WindowChange(
                series,
                reading,
                added && !late && share > 0 ? OptionalDouble.of(own.value() * share) : OptionalDouble.empty(),
                anew);
    }

    private boolean shared(String metric) {
        return catalogue.metric(metric).orElseThrow().kind() == Metric.Kind.DELTA;
    }

    private static boolean isInterval(Known known) {
        return known != null && known.end() != Known.NONE;
    }

    private Intervals around(String series, Known own, Known before) {
        long end = isInterval(before) ? Math.max(own.end(), before.end()) : own.end();
        Intervals intervals = new Intervals();
        history.reachingInto(
                series,
                own.time(),
                Math.min(end, own.time() + REACH),
                own.time() - REACH,
                Set.of(own.device()),
                Known::countsInterval,
                intervals::add);
        return intervals;
    }

    /** Gives what counts of the readings of a series from a time to another one, the first included and the last not. */
    void forEach(String series, Metric metric, long from, long to, Taker taker) {
        List<Known> inside = new ArrayList<>();
        history.forEach(series, from, to, known -> {
            if (known.counts()) {
                inside.add(known);
            }
        });
        Intervals intervals = metric.kind() == Metric.Kind.DELTA ? reachingInto(series, inside) : new Intervals();
        for (Known known : inside) {
            double share = intervals.share(known);
            if (share > 0) {
                taker.take(known.time(), known.value() * share);
            }
        }
    }

    private Intervals reachingInto(String series, List<Known> inside) {
        Intervals intervals = new Intervals();
        List<Known> own = inside.stream().filter(Known::countsInterval).toList();
        if (own.isEmpty()) {
            return intervals;
        }
        long first = own.get(0).time();
        long last = own.get(own.size() - 1).time();
        long end = own.stream().mapToLong(Known::end).max().orElseThrow();
        Set<String> devices = own.stream().map(Known::device).collect(Collectors.toSet());
        history.reachingInto(
                series,
                first,
                Math.min(end, last + REACH),
                first - REACH,
                devices.size() == 1 ? devices : Set.of(),
                Known::countsInterval,
                intervals::add);
        return intervals;
    }

    /** Some intervals, by device and start. */
    private static final class Intervals {
        private final Map<String, NavigableMap<Long, Known>> byDevice = new HashMap<>();

        void add(Known interval) {
            byDevice.computeIfAbsent(interval.device(), device -> new TreeMap<>())
                    .put(interval.time(), interval);
        }

        /** Those of other devices that overlap an interval and come after it. */
        List<Known> after(Known interval) {
            return overlapping(interval).stream()
                    .filter(other -> goesFirst(interval, other))
                    .toList();
        }

        /** The share of a reading's time that no interval takes which goes first; 1 where it is no interval. */
        double share(Known reading) {
            if (!reading.countsInterval()) {
                return 1;
            }
            List<Known> first = new ArrayList<>();
            overlapping(reading).forEach(other -> {
                if (goesFirst(other, reading)) {
                    first.add(other);
                }
            });
            first.sort(Comparator.comparingLong(Known::time));
            long free = 0;
            long at = reading.time();
            for (Known taken : first) {
                free += Math.max(0, taken.time() - at);
                at = Math.max(at, taken.end());
            }
            free += Math.max(0, reading.end() - at);
            return (double) free / (reading.end() - reading.time());
        }

        private List<Known> overlapping(Known interval) {
            List<Known> overlapping = new ArrayList<>();
            byDevice.forEach((device, own) -> {
                if (interval.end() == Known.NONE || device.equals(interval.device())) {
                    return;
                }
                Map.Entry<Long, Known> before = own.lowerEntry(interval.time());
                if (before != null
                        && before.getValue().end() > interval.time()
                        && before.getKey() > interval.time() - REACH) {
                    overlapping.add(before.getValue());
                }
                long to = Math.min(interval.end(), interval.time() + REACH);
                overlapping.addAll(own.subMap(interval.time(), to).values());
            });
            return overlapping;
        }

        private static boolean goesFirst(Known one, Known other) {
            return one.priority() == other.priority()
                    ? one.device().compareTo(other.device()) < 0
                    : one.priority() > other.priority();
        }
    }
}
