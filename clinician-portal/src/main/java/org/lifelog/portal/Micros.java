package org.lifelog.portal;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Times as the database keeps them: whole microseconds since 1970 UTC. */
final class Micros {
    static final long PER_MILLI = 1_000;
    static final long PER_MINUTE = 60_000_000;
    static final long PER_DAY = 1_440 * PER_MINUTE;

    private Micros() {}

    /** An SQL expression that gives the microseconds of a time. */
    static String sql(String time) {
        return "(extract(epoch FROM " + time + ") * 1000000)::bigint";
    }

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /** As a parameter of a query. */
    static OffsetDateTime parameter(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** Milliseconds as a JSON number: whole where the time is, else with the microseconds as decimals. */
    static Number millis(long micros) {
        if (micros % PER_MILLI == 0) {
            return micros / PER_MILLI;
        }
        return BigDecimal.valueOf(micros, 3);
    }
}
