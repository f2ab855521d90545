package org.lifelog.portal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The {@code series} call's answer. The points of the one series that was chosen are in {@code points}; where a metric
 * has several and none was chosen, each has its own in {@code series}.
 *
 * @param unit canonical unit as a UCUM code
 * @param resolution {@code raw}, {@code 1m}, {@code 1h} or {@code 1d}
 * @param from inclusive
 * @param to exclusive
 * @param truncated whether there are more days before {@code from} than {@code auto} may answer
 * @param columns names of the columns of a point; {@code time} and {@code end} are milliseconds since 1970 UTC
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Trend(
        String metric,
        String unit,
        String resolution,
        Instant from,
        Instant to,
        boolean truncated,
        List<String> columns,
        Optional<String> attributes,
        Optional<List<Object[]>> points,
        Optional<List<Part>> series) {

    /** The points of one series. */
    public record Part(String attributes, List<Object[]> points) {}
}
