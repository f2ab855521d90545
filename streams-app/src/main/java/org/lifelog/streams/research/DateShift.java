package org.lifelog.streams.research;

import java.time.Instant;
import java.time.ZoneId;

/**
 * Moves times by whole weeks on the clock of a zone: weekday and time of day stay, also over a change to or from
 * daylight saving time. A time of day that the other day does not have, because the clock goes forward then, becomes the
 * one after the gap; the two passes of an hour that the clock goes through twice become one.
 *
 * @param weeks how far, back where negative
 * @param zone the center's
 */
record DateShift(int weeks, ZoneId zone) {
    Instant of(Instant time) {
        return weeks == 0 ? time : time.atZone(zone).plusWeeks(weeks).toInstant();
    }

    /**
     * The sender's offset from UTC at the shifted time, so that the sender's time of day stays too, and a summer's offset
     * does not tell the season of a time that was shifted into winter.
     *
     * @param offsetSeconds the offset at the time
     */
    int offset(Instant time, int offsetSeconds) {
        return offsetSeconds + zoneOffset(of(time)) - zoneOffset(time);
    }

    private int zoneOffset(Instant time) {
        return zone.getRules().getOffset(time).getTotalSeconds();
    }
}
