package org.lifelog.portal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The worklist call: a page of a center's subjects, by the same few queries however many subjects there are.
 *
 * @param page from 1
 * @param search part of a subject's code, in any case
 */
record WorklistQuery(Sort sort, int page, Optional<String> search) {
    static final List<String> PARAMETERS = List.of("sort", "page", "q");
    static final int PAGE_SIZE = 50;

    /** The order of the subjects. */
    enum Sort {
        /** The subject that has been silent for longest first. */
        STALENESS,
        /** By code. */
        CODE
    }

    private static final Map<String, Sort> SORTS = Map.of("staleness", Sort.STALENESS, "code", Sort.CODE);

    private static final String COUNT =
            "SELECT count(DISTINCT subject) FROM series WHERE center = ? AND subject ILIKE ?";

    private static final String BY_CODE = """
            SELECT DISTINCT subject FROM series WHERE center = ? AND subject ILIKE ?
            ORDER BY subject LIMIT ? OFFSET ?
            """;

    private static final String BY_STALENESS = """
            SELECT s.subject
            FROM series s
            LEFT JOIN LATERAL (
              SELECT r.time FROM reading r WHERE r.series_id = s.series_id ORDER BY r.time DESC LIMIT 1) l ON true
            WHERE s.center = ? AND s.subject ILIKE ?
            GROUP BY s.subject
            ORDER BY max(l.time) NULLS FIRST, s.subject
            LIMIT ? OFFSET ?
            """;

    private static final String HELD = """
            SELECT s.subject, max(l.time), array_agg(DISTINCT s.metric ORDER BY s.metric)
            FROM series s
            LEFT JOIN LATERAL (
              SELECT r.time FROM reading r WHERE r.series_id = s.series_id ORDER BY r.time DESC LIMIT 1) l ON true
            WHERE s.center = ? AND s.subject = ANY (?)
            GROUP BY s.subject
            """;

    /** OFFSET keeps the inner query from being joined, so that its span of time chooses the chunks it looks at. */
    private static final String GLUCOSE = """
            WITH monitored AS MATERIALIZED (
              SELECT s.subject, s.series_id, l.time - interval '14 days' AS first, l.time AS last
              FROM series s
              CROSS JOIN LATERAL (
                SELECT r.time FROM reading r WHERE r.series_id = s.series_id ORDER BY r.time DESC LIMIT 1) l
              WHERE s.center = ? AND s.subject = ANY (?) AND s.metric = 'glucose_cgm'
            )
            SELECT m.subject, g.*
            FROM monitored m
            CROSS JOIN LATERAL (
              SELECT array_agg(r.micros), count(*) FILTER (WHERE value < 54), count(*) FILTER (WHERE value < 70),
                     count(*) FILTER (WHERE value BETWEEN 70 AND 180), count(*) FILTER (WHERE value > 180),
                     count(*) FILTER (WHERE value > 250)
              FROM (
                SELECT (date_part('epoch', r.time) * 1000000)::bigint AS micros, r.value FROM reading r
                WHERE r.series_id = m.series_id AND r.time BETWEEN m.first AND m.last ORDER BY r.time OFFSET 0) r) g
            """;

    private record Held(Optional<Instant> last, List<String> metrics) {}

    private record Glucose(OptionalDouble activePercent, TimeInRange timeInRange) {}

    /** What was asked for. */
    static WorklistQuery of(Parameters parameters) {
        return new WorklistQuery(
                parameters.oneOf("sort", SORTS, "staleness"),
                parameters.page(),
                parameters.text("q").map(String::trim).filter(text -> !text.isEmpty()));
    }

    /** Reads the page, and writes an audit row for each subject on it. */
    Worklist read(Connection connection, Audit.Reader reader, String center, String detail) throws SQLException {
        String pattern = search.map(text -> "%" + text.replaceAll("([\\\\%_])", "\\\\$1") + "%")
                .orElse("%");
        long total = total(connection, center, pattern);
        List<String> subjects = subjects(connection, center, pattern);
        if (!subjects.isEmpty()) {
            Audit.write(connection, reader, subjects, "worklist", detail);
        }
        Map<String, Held> held = held(connection, center, subjects);
        Map<String, Glucose> glucose = glucose(connection, center, subjects);
        List<Worklist.Row> rows = subjects.stream()
                .map(subject -> {
                    Optional<Glucose> figures = Optional.ofNullable(glucose.get(subject));
                    return new Worklist.Row(
                            subject,
                            held.get(subject).last(),
                            held.get(subject).metrics(),
                            figures.map(Glucose::activePercent).orElse(OptionalDouble.empty()),
                            figures.map(Glucose::timeInRange));
                })
                .toList();
        return new Worklist(page, (int) Math.max(1, (total + PAGE_SIZE - 1) / PAGE_SIZE), total, rows);
    }

    private static long total(Connection connection, String center, String pattern) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COUNT)) {
            select.setString(1, center);
            select.setString(2, pattern);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private List<String> subjects(Connection connection, String center, String pattern) throws SQLException {
        String sql = switch (sort) {
            case CODE -> BY_CODE;
            case STALENESS -> BY_STALENESS;
        };
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, center);
            select.setString(2, pattern);
            select.setInt(3, PAGE_SIZE);
            select.setLong(4, (page - 1L) * PAGE_SIZE);
            List<String> subjects = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    subjects.add(row.getString(1));
                }
            }
            return subjects;
        }
    }

    private static Map<String, Held> held(Connection connection, String center, List<String> subjects)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            select.setString(1, center);
            select.setArray(2, connection.createArrayOf("text", subjects.toArray()));
            Map<String, Held> held = new LinkedHashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Array metrics = row.getArray(3);
                    held.put(row.getString(1), new Held(HeldSeries.time(row, 2), List.of((String[])
                            metrics.getArray())));
                }
            }
            return held;
        }
    }

    private static Map<String, Glucose> glucose(Connection connection, String center, List<String> subjects)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(GLUCOSE)) {
            select.setString(1, center);
            select.setArray(2, connection.createArrayOf("text", subjects.toArray()));
            Map<String, Glucose> glucose = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    glucose.put(row.getString(1), glucose(row));
                }
            }
            return glucose;
        }
    }

    private static Glucose glucose(ResultSet row) throws SQLException {
        Long[] times = (Long[]) row.getArray(2).getArray();
        GlucoseReadings readings = new GlucoseReadings(times.length);
        for (long time : times) {
            readings.add(time, 0); // the values are counted already
        }
        TimeInRange.Counts counts =
                new TimeInRange.Counts(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7));
        return new Glucose(GlucoseStatistics.activePercent(readings), counts.percentOf(times.length));
    }
}
