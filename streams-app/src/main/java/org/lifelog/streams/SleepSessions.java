package org.lifelog.streams;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lifelog.streams.history.Micros;

/**
 * Finds sessions of sleep in the stages of one subject. At each instant one stage counts ({@link SleepStage#FIRST}). Sleep
 * goes on as long as nothing is known of less than {@link #GAP}, and the subject is awake for less than {@link #AWAKE}.
 * What goes on for longer than {@link #LONGEST} is cut at each noon of the center's clock: the noon does not depend on
 * where it begins, so what lies further away than a day never matters.
 */
final class SleepSessions {
    static final long GAP = Micros.of(Duration.ofMinutes(60));
    static final long AWAKE = Micros.of(Duration.ofHours(3));
    static final long LONGEST = Micros.of(Duration.ofHours(24));
    /** As far around a change one has to look: from noon to noon, and over what joins two stretches on either side. */
    static final long CONTEXT = Micros.of(Duration.ofHours(25)) + 2 * AWAKE;

    /** Sessions whose wakings are all of those after a time up to another one, that one included. */
    record Found(long after, long until, List<SleepSession> sessions) {}

    /** A time in which one stage counts. */
    private record Segment(SleepStage stage, long start, long end) {}

    private final ZoneId zone;

    SleepSessions(ZoneId zone) {
        this.zone = zone;
    }

    /**
     * The sessions for which it matters what stages there are between two times.
     *
     * @param stages at least all that overlap what lies {@link #CONTEXT} around
     */
    Found around(long from, long to, Collection<SleepStage> stages) {
        long first = from - CONTEXT;
        long last = to + CONTEXT;
        long after = from;
        long until = to;
        List<SleepSession> sessions = new ArrayList<>();
        for (List<Segment> run : runs(segments(stages, first, last))) {
            long start = run.get(0).start;
            long end = run.get(run.size() - 1).end;
            if (end < from - AWAKE || start > to + AWAKE) {
                continue;
            }
            List<Long> cuts = end - start <= LONGEST
                    ? List.of(start, end)
                    : cuts(start, end, start < first + AWAKE, end > last - AWAKE);
            for (int i = 1; i < cuts.size(); i++) {
                add(run, cuts.get(i - 1), cuts.get(i), sessions);
            }
            after = Math.min(after, cuts.get(0));
            until = Math.max(until, cuts.get(cuts.size() - 1));
        }
        return new Found(after, until, sessions);
    }

    /** Noons, with the start and the end around them unless these may lie further away than one can see. */
    private List<Long> cuts(long start, long end, boolean goesOnBefore, boolean goesOnAfter) {
        List<Long> cuts = new ArrayList<>();
        if (!goesOnBefore) {
            cuts.add(start);
        }
        LocalDate day = LocalDate.ofInstant(Micros.toInstant(start), zone);
        for (long noon = noon(day); noon < end; noon = noon(day)) {
            if (noon > start) {
                cuts.add(noon);
            }
            day = day.plusDays(1);
        }
        if (!goesOnAfter) {
            cuts.add(end);
        }
        return cuts;
    }

    private long noon(LocalDate day) {
        Instant noon = day.atTime(LocalTime.NOON).atZone(zone).toInstant();
        return Micros.of(noon);
    }

    /** Adds what of a run lies between two times, if there is sleep in it. */
    private static void add(List<Segment> run, long from, long to, List<SleepSession> sessions) {
        List<Segment> inside = new ArrayList<>();
        int sleepUntil = 0;
        for (Segment segment : run) {
            long start = Math.max(from, segment.start);
            long end = Math.min(to, segment.end);
            boolean awake = segment.stage.awake();
            if (start < end && !(awake && inside.isEmpty())) {
                inside.add(new Segment(segment.stage, start, end));
                sleepUntil = awake ? sleepUntil : inside.size();
            }
        }
        if (sleepUntil > 0) {
            Map<SleepStage, Long> counted = new LinkedHashMap<>();
            inside.subList(0, sleepUntil)
                    .forEach(segment -> counted.merge(segment.stage, segment.end - segment.start, Long::sum));
            sessions.add(new SleepSession(inside.get(0).start, inside.get(sleepUntil - 1).end, counted));
        }
    }

    /** Stretches of sleep that belong together, each from sleep to sleep. */
    private static List<List<Segment>> runs(List<Segment> segments) {
        List<List<Segment>> runs = new ArrayList<>();
        List<Segment> run = null;
        List<Segment> awake = new ArrayList<>();
        long known = 0;
        long asleep = 0;
        for (Segment segment : segments) {
            if (run != null && (segment.start - known >= GAP || segment.start - asleep >= AWAKE)) {
                run = null;
            }
            if (!segment.stage.awake()) {
                if (run == null) {
                    run = new ArrayList<>();
                    runs.add(run);
                } else {
                    run.addAll(awake);
                }
                run.add(segment);
                awake.clear();
                asleep = segment.end;
            } else {
                awake.add(segment);
            }
            known = segment.end;
        }
        return runs;
    }

    /** Which stage counts when, from a time to another one. */
    private static List<Segment> segments(Collection<SleepStage> stages, long from, long to) {
        TreeMap<Long, List<SleepStage>> changes = new TreeMap<>();
        for (SleepStage stage : stages) {
            if (stage.end() > from && stage.start() < to) {
                changes.computeIfAbsent(Math.max(from, stage.start()), time -> new ArrayList<>())
                        .add(stage);
                changes.computeIfAbsent(Math.min(to, stage.end()), time -> new ArrayList<>())
                        .add(stage);
            }
        }
        List<Segment> segments = new ArrayList<>();
        TreeSet<SleepStage> here = new TreeSet<>(SleepStage.FIRST);
        long since = from;
        for (Map.Entry<Long, List<SleepStage>> change : changes.entrySet()) {
            if (!here.isEmpty()) {
                segments.add(new Segment(here.first(), since, change.getKey()));
            }
            since = change.getKey();
            // The first time it begins, and the second time it ends.
            change.getValue().forEach(stage -> {
                if (!here.remove(stage)) {
                    here.add(stage);
                }
            });
        }
        return segments;
    }
}
