package org.lifelog.streams;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Metric;
import org.lifelog.streams.DerivedReadings.Change;
import org.lifelog.streams.DerivedReadings.Derived;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Known;

/**
 * Makes nights and naps of the stages of sleep, of all devices of a subject together. They are readings at the instant of
 * waking up, so that whoever looks at days finds a night on the day on which it ended. Whenever a stage comes, is
 * corrected or withdrawn, the sessions that it may belong to are found anew and compared with what was made before; so
 * the nights are the same in whatever order the stages come.
 */
final class Nights {
    static final String SLEEP = "sleep";
    static final String NIGHT = "sleep_night";
    static final String NAP = "sleep_nap";

    private static final String STAGE = "stage";
    private static final String PART = "part";
    private static final String PERIOD = "period";

    private final Catalogue catalogue;
    private final Centers centers;
    private final History history;
    private final DerivedReadings derived;

    Nights(Catalogue catalogue, Centers centers, History history, DerivedReadings derived) {
        this.catalogue = catalogue;
        this.centers = centers;
        this.history = history;
        this.derived = derived;
    }

    /** Whether nights are made of a reading; never in a catalogue that has none. */
    boolean isOf(Reading reading) {
        return reading.getMetric().equals(SLEEP)
                && catalogue.metric(NIGHT).isPresent()
                && catalogue.metric(NAP).isPresent();
    }

    /**
     * What a stage of sleep that was taken, corrected or withdrawn changes.
     *
     * @param stage as it is remembered by now
     * @param takenAt when it came to be judged
     */
    List<Change> changes(Reading stage, Instant takenAt) {
        Known known = Known.of(stage);
        long from = known.time();
        // Nobody knows any more how long it was before it was changed.
        long to = from + SleepStage.LONGEST;
        if (stage.getStatus() == ReadingStatus.FINAL) {
            to = SleepStage.of(known, "", List.of()).map(SleepStage::end).orElse(from);
        }
        Center center = centers.center(stage.getCenter()).orElseThrow();
        SleepSessions.Found found = new SleepSessions(center.zone()).around(from, to, stages(stage, from, to));
        List<Derived> wanted = new ArrayList<>();
        for (SleepSession session : found.sessions()) {
            if (session.isNight(center.zone())) {
                addNight(session, wanted);
            } else {
                wanted.add(reading(session, NAP, Attributes.NONE, session.minutes(SleepSession.SLEEP)));
            }
        }
        List<Change> changes = derived.changes(stage, wanted, there(stage, found), takenAt);
        renew(stage, found, takenAt);
        return changes;
    }

    /** All stages of the subject that overlap what has to be looked at. */
    private List<SleepStage> stages(Reading stage, long from, long to) {
        List<String> names = values(SLEEP, STAGE);
        List<SleepStage> stages = new ArrayList<>();
        for (String attributes : attributes(SLEEP)) {
            String name = Attributes.parse(attributes).getOrDefault(STAGE, "");
            history.forEach(
                    series(stage, SLEEP, attributes),
                    from - SleepSessions.CONTEXT - SleepStage.LONGEST,
                    to + SleepSessions.CONTEXT,
                    known -> SleepStage.of(known, name, names).ifPresent(stages::add));
        }
        return stages;
    }

    private void addNight(SleepSession session, List<Derived> wanted) {
        for (String part : values(NIGHT, PART)) {
            double minutes = switch (part) {
                case SleepStage.ASLEEP -> session.minutes(SleepSession.SLEEP);
                case PERIOD -> session.period();
                default -> session.minutes(one -> one.name().equals(part));
            };
            if (minutes > 0) {
                wanted.add(reading(session, NIGHT, Attributes.canonical(Map.of(PART, part)), minutes));
            }
        }
    }

    private static Derived reading(SleepSession session, String metric, String attributes, double minutes) {
        return new Derived(
                metric,
                attributes,
                new Known(session.end(), session.device(), Known.NONE, Known.NONE, minutes, Known.Status.DERIVED, 0));
    }

    /** What was made before of the sessions that were found, or of others in their place. */
    private List<Derived> there(Reading stage, SleepSessions.Found found) {
        List<Derived> there = new ArrayList<>();
        for (String metric : List.of(NIGHT, NAP)) {
            for (String attributes : attributes(metric)) {
                history.forEach(
                        series(stage, metric, attributes),
                        found.after() + 1,
                        found.until() + 1,
                        known -> there.add(new Derived(metric, attributes, known)));
            }
        }
        return there;
    }

    /** A night is found anew as long as one of its stages may still come, and so is needed with all of them. */
    private void renew(Reading stage, SleepSessions.Found found, Instant takenAt) {
        for (String metric : List.of(SLEEP, NIGHT, NAP)) {
            for (String attributes : attributes(metric)) {
                history.renew(
                        series(stage, metric, attributes),
                        found.after() - SleepStage.LONGEST,
                        found.until() + 1,
                        takenAt);
            }
        }
    }

    /** The attributes of all series that a metric with one attribute at most can have. */
    private List<String> attributes(String code) {
        Metric metric = catalogue.metric(code).orElseThrow();
        List<String> all = new ArrayList<>();
        if (metric.requiredAttributes().isEmpty()) {
            all.add(Attributes.NONE);
        }
        metric.attributes()
                .forEach((key, values) -> values.forEach(value -> all.add(Attributes.canonical(Map.of(key, value)))));
        return all;
    }

    private List<String> values(String metric, String attribute) {
        return catalogue.metric(metric).orElseThrow().attributes().getOrDefault(attribute, List.of());
    }

    private static String series(Reading stage, String metric, String attributes) {
        return History.series(stage.getCenter(), stage.getSubject(), metric, attributes);
    }
}
