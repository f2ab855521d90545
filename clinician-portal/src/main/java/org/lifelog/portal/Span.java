package org.lifelog.portal;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A span of time.
 *
 * @param from inclusive
 * @param to exclusive
 */
record Span(Instant from, Instant to) {
    /** What a report covers unless told otherwise. */
    static final Duration REPORT = Duration.ofDays(14);

    /** As long a span that ends where this one begins. */
    Span before() {
        return new Span(from.minus(Duration.between(from, to)), from);
    }

    /** What was asked for: the ends that were given. */
    record Asked(Optional<Instant> from, Optional<Instant> to) {
        static Asked of(Parameters parameters) {
            Asked asked = new Asked(parameters.time("from"), parameters.time("to"));
            if (asked.from.isPresent()
                    && asked.to.isPresent()
                    && !asked.from.get().isBefore(asked.to.get())) {
                throw RefusedException.malformed("from must be before to.");
            }
            return asked;
        }

        /**
         * The span: an end that was not given is the last reading, which is inside, and the begin 14 days before it.
         *
         * @param last time of the last reading, if there is one
         */
        Span around(Optional<Instant> last, Instant now) {
            Instant end = to.orElseGet(() -> {
                // Times have microseconds, so this is the first instant after the last reading.
                Instant after =
                        last.map(time -> time.plus(1, ChronoUnit.MICROS)).orElse(now);
                return from.filter(begin -> !begin.isBefore(after))
                        .map(begin -> begin.plus(1, ChronoUnit.MICROS))
                        .orElse(after);
            });
            boolean untilLast = to.isEmpty() && last.isPresent();
            return new Span(from.orElseGet(() -> (untilLast ? last.get() : end).minus(REPORT)), end);
        }
    }
}
