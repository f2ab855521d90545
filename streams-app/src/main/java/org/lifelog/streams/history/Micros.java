package org.lifelog.streams.history;

import java.time.Duration;
import java.time.Instant;

/** Instants as microseconds since the epoch, which last for 292,000 years either way; and lengths of time. */
public final class Micros {
    public static final long PER_SECOND = 1_000_000;

    private static final int NANOS = 1_000;

    private Micros() {}

    /** The microseconds of an instant. */
    public static long of(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), PER_SECOND), time.getNano() / NANOS);
    }

    /** The microseconds of a length of time. */
    public static long of(Duration length) {
        return length.toNanos() / NANOS;
    }

    /** The instant of microseconds. */
    public static Instant toInstant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), NANOS * Math.floorMod(micros, PER_SECOND));
    }
}
