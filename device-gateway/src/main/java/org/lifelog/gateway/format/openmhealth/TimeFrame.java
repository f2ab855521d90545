package org.lifelog.gateway.format.openmhealth;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.format.ItemRefusal;
import org.lifelog.gateway.format.JsonFields;

/**
 * The effective time frame of a data point: an instant, or an interval by two of its start, end and duration.
 *
 * @param time the instant or the start, as sent or computed, ISO 8601
 * @param end the end of an interval
 */
record TimeFrame(String time, Optional<String> end) {
    private static final String DATE_TIME = "date_time";
    private static final String INTERVAL = "time_interval";
    private static final String START = "start_date_time";
    private static final String END = "end_date_time";
    private static final String DURATION = "duration";

    private static final double NANOS_PER_SECOND = 1e9;
    /** Of a duration in seconds; longer ones are no measurement. */
    private static final double LONGEST = 366.0 * 86_400;

    /** Months and years have no fixed length. */
    private static final Map<String, Double> SECONDS = Map.of(
            "ps", 1e-12,
            "ns", 1e-9,
            "us", 1e-6,
            "ms", 1e-3,
            "sec", 1.0,
            "min", 60.0,
            "h", 3_600.0,
            "d", 86_400.0,
            "wk", 604_800.0);

    /**
     * Reads a time frame.
     *
     * @throws ItemRefusal it is none, or not exact
     */
    static TimeFrame of(JsonFields frame) {
        frame.only(Set.of(DATE_TIME, INTERVAL));
        if (frame.has(DATE_TIME) == frame.has(INTERVAL)) {
            throw invalid("effective_time_frame has either date_time or time_interval.");
        }
        if (frame.has(DATE_TIME)) {
            return new TimeFrame(frame.requiredText(DATE_TIME), Optional.empty());
        }
        return interval(frame.requiredObject(INTERVAL));
    }

    private static TimeFrame interval(JsonFields interval) {
        if (interval.has("part_of_day") || interval.has("date")) {
            throw new ItemRefusal(
                    Problem.Code.UNPARSEABLE_TIME,
                    "A part of a day is no time that readings can be ordered by. Send start and end.");
        }
        interval.only(Set.of(START, END, DURATION));
        Optional<String> start = interval.text(START);
        Optional<String> end = interval.text(END);
        Optional<Duration> duration = interval.object(DURATION).map(TimeFrame::duration);
        if (start.isPresent() && end.isPresent() && duration.isEmpty()) {
            return new TimeFrame(start.get(), end);
        }
        if (start.isPresent() && end.isEmpty() && duration.isPresent()) {
            return new TimeFrame(start.get(), Optional.of(shifted(start.get(), duration.get())));
        }
        if (start.isEmpty() && end.isPresent() && duration.isPresent()) {
            return new TimeFrame(shifted(end.get(), duration.get().negated()), end);
        }
        throw invalid("time_interval has two of start_date_time, end_date_time and duration.");
    }

    private static Duration duration(JsonFields duration) {
        duration.only(Set.of("value", "unit"));
        double value = duration.requiredNumber("value");
        Double unit = SECONDS.get(duration.requiredText("unit"));
        if (unit == null) {
            throw new ItemRefusal(
                    Problem.Code.UNIT_NOT_ALLOWED,
                    "The duration of an interval is in one of the units of Open mHealth"
                            + " that have a fixed length: ps, ns, us, ms, sec, min, h, d, wk.");
        }
        double seconds = value * unit;
        if (!(seconds > 0 && seconds <= LONGEST)) {
            throw invalid("The duration of an interval is more than 0 and at most 366 days.");
        }
        return Duration.ofNanos(Math.round(seconds * NANOS_PER_SECOND));
    }

    /** What is no time is left as it is, so that it is told like any other. */
    private static String shifted(String time, Duration by) {
        try {
            return OffsetDateTime.parse(time).plus(by).toString();
        } catch (DateTimeException e) {
            return time;
        }
    }

    private static ItemRefusal invalid(String detail) {
        return new ItemRefusal(Problem.Code.INVALID_FIELD, detail);
    }
}
