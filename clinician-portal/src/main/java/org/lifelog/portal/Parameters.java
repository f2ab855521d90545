package org.lifelog.portal;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;

/**
 * The query parameters of a call. What is wrong is refused as {@link Failure#MALFORMED} with the parameter's name and
 * what to do, never with its value.
 */
final class Parameters {
    private static final int MAXIMUM_LENGTH = 200;
    /** What PostgreSQL and microseconds can both hold with room to spare. */
    private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    private final Map<String, String> values = new TreeMap<>();

    /**
     * The parameters of a call that knows some.
     *
     * @throws RefusedException where one is not known, given twice, too long, or has control characters
     */
    Parameters(MultiMap given, List<String> known) {
        given.forEach((name, value) -> {
            if (!known.contains(name)) {
                throw RefusedException.malformed("A query parameter is not known; "
                        + (known.isEmpty()
                                ? "this call has none."
                                : "this call has: " + String.join(", ", known) + "."));
            }
            if (values.putIfAbsent(name, value) != null) {
                throw RefusedException.malformed(name + " is given twice; give it once.");
            }
            if (value.length() > MAXIMUM_LENGTH || !printable(value)) {
                throw RefusedException.malformed(name + " is too long or has control characters; give at most "
                        + MAXIMUM_LENGTH + " characters.");
            }
        });
    }

    static boolean printable(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** One of some values, by its name on the wire. */
    <T> T oneOf(String name, Map<String, T> allowed, String defaultName) {
        T value = allowed.get(values.getOrDefault(name, defaultName));
        if (value == null) {
            throw RefusedException.malformed(name + " must be one of: "
                    + allowed.keySet().stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
        return value;
    }

    /** A metric of the catalogue; must be given unless there is a default. */
    Metric metric(Catalogue catalogue, String defaultCode) {
        return catalogue
                .metric(values.getOrDefault("metric", defaultCode))
                .orElseThrow(() -> RefusedException.malformed(
                        "metric must be the code of a metric of the catalogue, such as glucose_cgm."));
    }

    Optional<Instant> time(String name) {
        return text(name).map(text -> {
            try {
                Instant time = OffsetDateTime.parse(text).toInstant();
                if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                    throw RefusedException.malformed(name + " must lie between the years 1900 and 2200.");
                }
                return time;
            } catch (DateTimeParseException e) {
                throw RefusedException.malformed(name
                        + " must be an ISO 8601 time with an offset, such as 2026-11-24T07:31:05Z or"
                        + " 2026-11-24T07:31:05%2B09:00 (the plus sign written as %2B).");
            }
        });
    }

    Optional<ZoneId> zone(String name) {
        return text(name).map(text -> {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw RefusedException.malformed(name + " must be a time zone, such as Asia/Seoul.");
            }
        });
    }

    /** A page number from 1. */
    int page() {
        try {
            int page = Integer.parseInt(values.getOrDefault("page", "1"));
            if (page >= 1) {
                return page;
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number that is too small.
        }
        throw RefusedException.malformed("page must be a whole number from 1.");
    }

    /** What was asked for, for the audit. */
    String description() {
        return values.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(" "));
    }
}
