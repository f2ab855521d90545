package org.lifelog.contract;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import org.lifelog.avro.WindowSize;

/**
 * Where windows begin and end, for all services alike. Minutes are minutes of UTC, hours are hours of the clock in the
 * center's zone, days are days of the center's zone and so of 23, 24 or 25 hours. An hour in which the clock changes by
 * less than an hour ends there, and another one begins.
 */
public final class Windows {
    /** For so long before their arrival readings update windows in the streams; older ones are {@link Flag#LATE}. */
    public static final Duration GRACE = Duration.ofDays(35);

    /** Intervals whose starts are so far apart or farther are not held against each other. */
    public static final Duration REACH = Duration.ofHours(48);

    private static final long MINUTE_SECONDS = 60;
    private static final long HOUR_SECONDS = 3600;

    private Windows() {}

    /**
     * The start of the window that an instant lies in, inclusive.
     *
     * @throws IllegalArgumentException for a window size of a newer version
     */
    public static Instant start(WindowSize size, Instant time, ZoneId zone) {
        return switch (size) {
            case MINUTE -> Instant.ofEpochSecond(floor(time.getEpochSecond(), MINUTE_SECONDS, 0));
            case HOUR -> startOfHour(time, zone.getRules());
            case DAY -> startOfDay(time, zone);
            case UNKNOWN -> throw new IllegalArgumentException("The window size is of a newer version.");
        };
    }

    /** The end of a window that starts at {@code start}, exclusive. */
    public static Instant end(WindowSize size, Instant start, ZoneId zone) {
        return switch (size) {
            case MINUTE -> start.plusSeconds(MINUTE_SECONDS);
            case HOUR -> endOfHour(start, zone.getRules());
            case DAY ->
                LocalDate.ofInstant(start, zone).plusDays(1).atStartOfDay(zone).toInstant();
            case UNKNOWN -> throw new IllegalArgumentException("The window size is of a newer version.");
        };
    }

    /**
     * Whether a reading is too old for the windows of the streams: its day began before the grace. The day decides, and
     * not the reading, so that no window is fed from two sides.
     */
    public static boolean late(Instant time, Instant receivedAt, ZoneId zone) {
        // The common case first: a reading of the last weeks needs no calendar.
        Instant horizon = receivedAt.minus(GRACE);
        return time.isBefore(horizon.plus(Duration.ofDays(2)))
                && start(WindowSize.DAY, time, zone).isBefore(horizon);
    }

    private static Instant startOfHour(Instant time, ZoneRules rules) {
        Instant start = clockHour(time, rules);
        // Where the clock changes by less than an hour, the hour that it is in begins anew.
        return rules.getOffset(start).equals(rules.getOffset(time))
                ? start
                : rules.previousTransition(time.plusNanos(1)).getInstant();
    }

    private static Instant endOfHour(Instant start, ZoneRules rules) {
        Instant end = clockHour(start, rules).plusSeconds(HOUR_SECONDS);
        return rules.getOffset(end.minusSeconds(1)).equals(rules.getOffset(start))
                ? end
                : rules.nextTransition(start).getInstant();
    }

    private static Instant clockHour(Instant time, ZoneRules rules) {
        return Instant.ofEpochSecond(
                floor(time.getEpochSecond(), HOUR_SECONDS, rules.getOffset(time).getTotalSeconds()));
    }

    private static Instant startOfDay(Instant time, ZoneId zone) {
        LocalDate date = LocalDate.ofInstant(time, zone);
        Instant next = date.plusDays(1).atStartOfDay(zone).toInstant();
        // Where the clock goes back past midnight, a day that has ended does not begin again.
        return time.isBefore(next) ? date.atStartOfDay(zone).toInstant() : next;
    }

    private static long floor(long seconds, long unit, long offset) {
        return Math.floorDiv(seconds + offset, unit) * unit - offset;
    }
}
