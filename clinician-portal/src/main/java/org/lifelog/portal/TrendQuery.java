package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;

/**
 * The {@code series} call: the points of a metric in a span of time. Nothing is filled in: a gap is a gap.
 *
 * @param attributes the canonical attributes of the series that was chosen
 * @param allowed the resolutions that may be answered, the finest first
 */
record TrendQuery(Metric metric, Optional<String> attributes, Span.Asked asked, List<Resolution> allowed) {
    static final List<String> PARAMETERS = List.of("metric", "attributes", "from", "to", "resolution");
    /** As many points as {@code auto} answers. */
    static final int AUTO_POINTS = 2_000;
    /** As many points as are answered at all; bounds the memory of an answer. */
    static final int MAXIMUM_POINTS = 50_000;

    private static final List<String> WINDOW_COLUMNS =
            List.of("time", "n", "mean", "min", "max", "sd", "first", "last", "sum");

    /** What was asked for. */
    static TrendQuery of(Parameters parameters, Catalogue catalogue) {
        Metric metric = parameters.metric(catalogue, "");
        return new TrendQuery(
                metric,
                parameters.text("attributes").map(text -> attributes(metric, text)),
                Span.Asked.of(parameters),
                parameters.oneOf("resolution", Resolution.BY_NAME, Resolution.AUTO));
    }

    private static String attributes(Metric metric, String text) {
        try {
            Map<String, String> attributes = Attributes.parse(text);
            metric.problemWith(attributes).ifPresent(problem -> {
                throw RefusedException.malformed("attributes: " + problem);
            });
            return Attributes.canonical(attributes);
        } catch (IllegalArgumentException e) {
            throw RefusedException.malformed("attributes: " + e.getMessage());
        }
    }

    /** Reads the points of a subject who holds these series. */
    Trend read(Connection connection, List<HeldSeries> held, Instant now) throws SQLException {
        List<HeldSeries> chosen = held.stream()
                .filter(series -> series.metric().equals(metric.code()))
                .filter(series -> attributes.map(series.attributes()::equals).orElse(true))
                .toList();
        Span span = asked.around(HeldSeries.lastOf(chosen), now);
        Resolution resolution = resolution(connection, chosen, span);
        boolean auto = allowed.size() > 1;
        int limit = auto ? AUTO_POINTS : MAXIMUM_POINTS;
        Map<Long, List<Object[]>> points = new LinkedHashMap<>();
        chosen.forEach(series -> points.put(series.id(), new ArrayList<>()));
        int count = points(connection, chosen, span, resolution, limit, points);
        boolean truncated = count > limit;
        if (truncated && !auto) {
            throw RefusedException.malformed("from and to span more than " + MAXIMUM_POINTS
                    + " points at this resolution; ask for less time or for a coarser resolution.");
        }
        boolean several = chosen.size() > 1;
        return new Trend(
                metric.code(),
                metric.unit(),
                resolution.code(),
                span.from(),
                span.to(),
                truncated,
                resolution == Resolution.RAW ? rawColumns() : WINDOW_COLUMNS,
                several
                        ? Optional.empty()
                        : Optional.of(
                                chosen.isEmpty()
                                        ? attributes.orElse(Attributes.NONE)
                                        : chosen.get(0).attributes()),
                several
                        ? Optional.empty()
                        : Optional.of(points.values().stream().findFirst().orElse(List.of())),
                several
                        ? Optional.of(chosen.stream()
                                .map(series -> new Trend.Part(series.attributes(), points.get(series.id())))
                                .toList())
                        : Optional.empty());
    }

    private boolean isInterval() {
        return metric.kind() == Metric.Kind.DELTA || metric.kind() == Metric.Kind.EPISODE;
    }

    private List<String> rawColumns() {
        return isInterval() ? List.of("time", "value", "flags", "end") : List.of("time", "value", "flags");
    }

    /** The finest that has points and not too many; the coarsest where all have too many. */
    private Resolution resolution(Connection connection, List<HeldSeries> chosen, Span span) throws SQLException {
        if (allowed.size() == 1) {
            return allowed.get(0);
        }
        for (Resolution candidate : allowed) {
            int count = count(connection, chosen, span, candidate);
            if (candidate == Resolution.RAW ? count <= AUTO_POINTS : count > 0 && count <= AUTO_POINTS) {
                return candidate;
            }
        }
        return Resolution.DAY;
    }

    private static int count(Connection connection, List<HeldSeries> chosen, Span span, Resolution resolution)
            throws SQLException {
        String sql = "SELECT count(*) FROM (SELECT FROM " + resolution.table()
                + " WHERE series_id = ANY (?) AND time >= ? AND time < ? LIMIT " + (AUTO_POINTS + 1) + ") AS points";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(connection, select, chosen, span);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    private static void bind(Connection connection, PreparedStatement select, List<HeldSeries> chosen, Span span)
            throws SQLException {
        select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(chosen)));
        select.setObject(2, Micros.parameter(span.from()));
        select.setObject(3, Micros.parameter(span.to()));
    }

    /**
     * Adds the newest points up to a limit, in the order of their times.
     *
     * @return how many there are, or one more than the limit where there are more
     */
    private int points(
            Connection connection,
            List<HeldSeries> chosen,
            Span span,
            Resolution resolution,
            int limit,
            Map<Long, List<Object[]>> points)
            throws SQLException {
        String columns = resolution == Resolution.RAW
                ? ", value, flags, " + Micros.sql("end_time")
                : ", n, mean, min, max, sd, first, last, sum";
        String sql = "SELECT series_id, " + Micros.sql("time") + columns + " FROM " + resolution.table()
                + " WHERE series_id = ANY (?) AND time >= ? AND time < ? ORDER BY time DESC LIMIT " + (limit + 1);
        int count = 0;
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            bind(connection, select, chosen, span);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (++count <= limit) {
                        points.get(row.getLong(1)).add(resolution == Resolution.RAW ? rawPoint(row) : windowPoint(row));
                    }
                }
            }
        }
        points.values().forEach(Collections::reverse);
        return count;
    }

    private Object[] rawPoint(ResultSet row) throws SQLException {
        Number time = Micros.millis(row.getLong(2));
        double value = row.getDouble(3);
        List<String> flags = Flag.codes(row.getInt(4));
        if (!isInterval()) {
            return new Object[] {time, value, flags};
        }
        long end = row.getLong(5);
        return new Object[] {time, value, flags, row.wasNull() ? null : Micros.millis(end)};
    }

    private static Object[] windowPoint(ResultSet row) throws SQLException {
        Object[] point = new Object[WINDOW_COLUMNS.size()];
        point[0] = Micros.millis(row.getLong(2));
        point[1] = row.getLong(3);
        for (int i = 2; i < point.length; i++) {
            double value = row.getDouble(i + 2);
            point[i] = row.wasNull() ? null : value;
        }
        return point;
    }
}
