package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Windows;

/**
 * The figures of a continuous glucose monitor over the 14 days before its last reading, of many subjects at once and from
 * what is counted already: the whole days of the span from the windows of days, the rest of its first day from the windows
 * of hours, and the rest of its first hour from the readings. So some fifty rows give what the 4,032 readings do.
 *
 * @param activePercent see {@link Worklist.Row}
 */
record WorklistGlucose(OptionalDouble activePercent, TimeInRange timeInRange) {
    static final int STEPS = 24;

    /** The monitor of a subject. */
    record Monitor(String subject, long series, Instant last) {}

    /** OFFSET keeps the inner queries apart, so that their spans of time choose the chunks they look at. */
    static final String SQL = """
            SELECT m.place, g.n, g.below54, g.below70, g.target, g.high, g.very_high, %s, l.times
            FROM unnest(?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
              WITH ORDINALITY AS m (series_id, first, hour, day, last, place)
            CROSS JOIN LATERAL (
              SELECT sum(c.b1 + c.b2 + c.b3 + c.b4 + c.b5) AS n, sum(c.b1) AS below54, sum(c.b1 + c.b2) AS below70,
                     sum(c.b3) AS target, sum(c.b4 + c.b5) AS high, sum(c.b5) AS very_high
              FROM (
                (SELECT a.bands[1] AS b1, a.bands[2] AS b2, a.bands[3] AS b3, a.bands[4] AS b4, a.bands[5] AS b5
                 FROM aggregate_1d a WHERE a.series_id = m.series_id AND a.time >= m.day AND a.time <= m.last OFFSET 0)
                UNION ALL
                (SELECT a.bands[1], a.bands[2], a.bands[3], a.bands[4], a.bands[5]
                 FROM aggregate_1h a WHERE a.series_id = m.series_id AND a.time >= m.hour AND a.time < m.day OFFSET 0)
                UNION ALL
                (SELECT (r.value < 54)::int, (r.value >= 54 AND r.value < 70)::int, (r.value BETWEEN 70 AND 180)::int,
                        (r.value > 180 AND r.value <= 250)::int, (r.value > 250)::int
                 FROM reading r WHERE r.series_id = m.series_id AND r.time >= m.first AND r.time < m.hour OFFSET 0)) c) g
            CROSS JOIN LATERAL (
              SELECT r.time FROM reading r
              WHERE r.series_id = m.series_id AND r.time >= m.first AND r.time <= m.last ORDER BY r.time LIMIT 1) f
            CROSS JOIN LATERAL (
              SELECT array_agg(%s ORDER BY r.time DESC) AS times FROM (
                SELECT r.time FROM reading r
                WHERE r.series_id = m.series_id AND r.time >= m.first AND r.time <= m.last
                ORDER BY r.time DESC LIMIT %d) r) l
            """.formatted(Micros.sql("f.time"), Micros.sql("r.time"), STEPS + 1);

    /** The figures by subject; none where nothing is counted, or the readings are no longer stored. */
    static Map<String, WorklistGlucose> read(Connection connection, List<Monitor> monitors, ZoneId zone)
            throws SQLException {
        Map<String, WorklistGlucose> glucose = new HashMap<>();
        if (monitors.isEmpty()) {
            return glucose;
        }
        Instant[] firsts = monitors.stream()
                .map(monitor -> monitor.last().minus(Span.REPORT))
                .toArray(Instant[]::new);
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            select.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", monitors.stream().map(Monitor::series).toArray()));
            select.setArray(2, times(connection, firsts));
            select.setArray(3, times(connection, ends(firsts, WindowSize.HOUR, zone)));
            select.setArray(4, times(connection, ends(firsts, WindowSize.DAY, zone)));
            select.setArray(
                    5, times(connection, monitors.stream().map(Monitor::last).toArray(Instant[]::new)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long n = row.getLong(2);
                    if (n > 0) {
                        Monitor monitor = monitors.get(row.getInt(1) - 1);
                        glucose.put(monitor.subject(), of(row, n, Micros.of(monitor.last())));
                    }
                }
            }
        }
        return glucose;
    }

    private static WorklistGlucose of(ResultSet row, long n, long last) throws SQLException {
        TimeInRange.Counts counts =
                new TimeInRange.Counts(row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7));
        Long[] newest = (Long[]) row.getArray(9).getArray();
        return new WorklistGlucose(activePercent(n, row.getLong(8), last, newest), counts.percentOf(n));
    }

    /**
     * Readings in percent of those that there would be without gaps.
     *
     * @param first microseconds of the first reading
     * @param last microseconds of the last reading
     * @param newest microseconds of the newest readings, the last one first
     */
    static OptionalDouble activePercent(long n, long first, long last, Long[] newest) {
        if (newest.length < 2) {
            return OptionalDouble.empty();
        }
        double[] minutes = new double[newest.length - 1];
        for (int i = 0; i < minutes.length; i++) {
            minutes[i] = (double) (newest[i] - newest[i + 1]) / Micros.PER_MINUTE;
        }
        double step = Math.max(1, Math.rint(new Quantiles(minutes, minutes.length).at(0.5)));
        double theoretical = Math.rint(Math.rint((double) (last - first) / Micros.PER_MINUTE) / step) + 1;
        return OptionalDouble.of(Math.min(100, 100 * n / theoretical));
    }

    private static Instant[] ends(Instant[] times, WindowSize size, ZoneId zone) {
        return Arrays.stream(times)
                .map(time -> Windows.end(size, Windows.start(size, time, zone), zone))
                .toArray(Instant[]::new);
    }

    private static java.sql.Array times(Connection connection, Instant[] times) throws SQLException {
        return connection.createArrayOf(
                "timestamptz",
                Arrays.stream(times)
                        .map(time -> Micros.parameter(time).toString())
                        .toArray());
    }
}
