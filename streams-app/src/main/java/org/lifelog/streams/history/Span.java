package org.lifelog.streams.history;

import java.time.Duration;

/** The spans of UTC by which blocks are kept, from the longest to the shortest. */
enum Span {
    DAY('d', Duration.ofDays(1)),
    HOUR('h', Duration.ofHours(1)),
    MINUTE('m', Duration.ofMinutes(1));

    final long micros;
    private final char code;

    Span(char code, Duration length) {
        this.code = code;
        this.micros = Micros.of(length);
    }

    /** Start of the one that a time lies in. */
    long start(long time) {
        return Math.floorDiv(time, micros) * micros;
    }

    String key(String series, long time) {
        return series + History.SEPARATOR + code + Long.toString(Math.floorDiv(time, micros), Character.MAX_RADIX);
    }
}
