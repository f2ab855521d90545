package org.lifelog.portal;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * All subjects of a center in the orders of the worklist, as of a moment. It is kept in memory because no index can have
 * these orders: they depend on the readings of days.
 */
final class WorklistSnapshot {
    /**
     * One subject.
     *
     * @param last microseconds of the last reading since 1970 UTC; {@link #NEVER} where there is none
     */
    record Entry(String subject, long last, Risk risk) {}

    static final long NEVER = Long.MIN_VALUE;

    /** The order of the subjects. */
    enum Sort {
        /** The highest score first; of equal ones the subject that has been silent for longest. */
        RISK,
        /** The subject that has been silent for longest first. */
        STALENESS,
        /** By code. */
        CODE
    }

    private static final Comparator<Entry> SILENT_FIRST = Comparator.comparingLong(Entry::last);
    private static final Comparator<Entry> RISK_FIRST =
            Comparator.comparingDouble((Entry entry) -> -entry.risk().score()).thenComparing(SILENT_FIRST);

    private final Instant asOf;
    private final Duration cost;
    private final List<Entry> byCode;
    private final int[] byRisk;
    private final int[] byStaleness;

    /**
     * Sorts the subjects.
     *
     * @param asOf when they were read
     * @param cost how long that took
     * @param entries each subject once
     */
    WorklistSnapshot(Instant asOf, Duration cost, List<Entry> entries) {
        this.asOf = asOf;
        this.cost = cost;
        byCode = entries.stream().sorted(Comparator.comparing(Entry::subject)).toList();
        byRisk = order(RISK_FIRST);
        byStaleness = order(SILENT_FIRST);
    }

    private int[] order(Comparator<Entry> comparator) {
        // Stable: what is equal stays in the order of the codes.
        return IntStream.range(0, byCode.size())
                .boxed()
                .sorted((a, b) -> comparator.compare(byCode.get(a), byCode.get(b)))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    Instant asOf() {
        return asOf;
    }

    Duration cost() {
        return cost;
    }

    int size() {
        return byCode.size();
    }

    /** A part of the subjects, and how many there are in all. */
    record Part(long total, List<Entry> entries) {}

    /**
     * A page of the subjects whose code holds a text, in any case.
     *
     * @param search empty for all
     * @param offset of the first one that is wanted, from 0
     */
    Part part(Sort sort, String search, long offset, int size) {
        String wanted = search.toLowerCase(Locale.ROOT);
        int[] found = IntStream.range(0, byCode.size())
                .map(i -> switch (sort) {
                    case RISK -> byRisk[i];
                    case STALENESS -> byStaleness[i];
                    case CODE -> i;
                })
                .filter(i -> wanted.isEmpty()
                        || byCode.get(i).subject().toLowerCase(Locale.ROOT).contains(wanted))
                .toArray();
        return new Part(
                found.length,
                IntStream.of(found)
                        .skip(offset)
                        .limit(size)
                        .mapToObj(byCode::get)
                        .toList());
    }
}
