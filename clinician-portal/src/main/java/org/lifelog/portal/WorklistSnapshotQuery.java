package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lifelog.contract.Center;

/**
 * Reads all subjects of a center with their risk, by two queries however many subjects there are. The risk is that of the
 * center's last {@value #DAYS} days, today and those before it, by the stored windows of days; it is compared with as many
 * days before them.
 */
final class WorklistSnapshotQuery {
    static final int DAYS = 14;

    private static final int SECONDS = 120;
    private static final int FETCH = 10_000;

    /** A reading may be here before its window, so the last window is only where the look for the last reading begins. */
    static final String LAST = """
            SELECT s.subject, max(%s)
            FROM series s
            LEFT JOIN LATERAL (
              SELECT a.time FROM aggregate_1d a WHERE a.series_id = s.series_id ORDER BY a.time DESC LIMIT 1) d ON true
            LEFT JOIN LATERAL (
              SELECT r.time FROM reading r
              WHERE r.series_id = s.series_id AND r.time >= coalesce(d.time, '-infinity')
              ORDER BY r.time DESC LIMIT 1) l ON true
            WHERE s.center = ?
            GROUP BY s.subject
            """.formatted(Micros.sql("coalesce(l.time, d.time)"));

    /**
     * Of several series of a metric, as for postures, the one with the most days tells how many days there are. The lateral
     * query reads the days of one series by its key, and leaves one row of them for each period.
     */
    static final String FIGURES = """
            SELECT s.subject, s.metric, a.current, max(a.days), sum(a.n), sum(a.sum), max(a.max), min(a.lowest),
                   max(a.highest), sum(a.counted), sum(a.b1), sum(a.b2), sum(a.b3)
            FROM series s
            CROSS JOIN LATERAL (
              SELECT w.time >= ? AS current, count(*) AS days, sum(w.n) AS n, sum(w.sum) AS sum, max(w.max) AS max,
                     min(w.mean) AS lowest, max(w.mean) AS highest,
                     coalesce(sum(w.n) FILTER (WHERE w.bands IS NOT NULL), 0) AS counted,
                     coalesce(sum(w.bands[1]), 0) AS b1, coalesce(sum(w.bands[2]), 0) AS b2,
                     coalesce(sum(w.bands[3]), 0) AS b3
              FROM aggregate_1d w
              WHERE w.series_id = s.series_id AND w.time >= ? AND w.time < ?
              GROUP BY 1) a
            WHERE s.center = ? AND s.metric = ANY (?)
            GROUP BY s.subject, s.metric, a.current
            """;

    private WorklistSnapshotQuery() {}

    /**
     * Reads them; may take as long as a minute for millions of series.
     *
     * @param now the day of which is the last one of the risk
     */
    static WorklistSnapshot read(Connection connection, Center center, Instant now) throws SQLException {
        long start = System.nanoTime();
        // Above the limits of a call: nobody but the refreshing thread waits for it, and it runs once at a time.
        connection.setNetworkTimeout(Runnable::run, (SECONDS + 5) * 1_000);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL statement_timeout = '" + SECONDS + "s'");
        }
        Map<String, Map<String, Risk.Periods>> figures = figures(connection, center, now);
        List<WorklistSnapshot.Entry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(LAST)) {
            select.setFetchSize(FETCH);
            select.setString(1, center.code());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String subject = row.getString(1);
                    Long last = row.getObject(2, Long.class);
                    Map<String, Risk.Periods> own = figures.remove(subject);
                    entries.add(new WorklistSnapshot.Entry(
                            subject,
                            last == null ? WorklistSnapshot.NEVER : last,
                            own == null ? Risk.NONE : Risk.of(own)));
                }
            }
        }
        return new WorklistSnapshot(now, Duration.ofNanos(System.nanoTime() - start), entries);
    }

    private static Map<String, Map<String, Risk.Periods>> figures(Connection connection, Center center, Instant now)
            throws SQLException {
        LocalDate today = LocalDate.ofInstant(now, center.zone());
        try (PreparedStatement select = connection.prepareStatement(FIGURES)) {
            select.setFetchSize(FETCH);
            select.setObject(1, Micros.parameter(start(center, today.minusDays(DAYS - 1))));
            select.setObject(2, Micros.parameter(start(center, today.minusDays(2 * DAYS - 1))));
            select.setObject(3, Micros.parameter(start(center, today.plusDays(1))));
            select.setString(4, center.code());
            select.setArray(5, connection.createArrayOf("text", Risk.metrics().toArray()));
            Map<String, Map<String, Risk.Periods>> figures = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    boolean current = row.getBoolean(3);
                    Optional<Risk.Days> days = Optional.of(days(row));
                    figures.computeIfAbsent(row.getString(1), subject -> new HashMap<>())
                            .merge(
                                    row.getString(2),
                                    current
                                            ? new Risk.Periods(days, Optional.empty())
                                            : new Risk.Periods(Optional.empty(), days),
                                    (a, b) -> new Risk.Periods(
                                            a.current().or(b::current),
                                            a.previous().or(b::previous)));
                }
            }
            return figures;
        }
    }

    private static Risk.Days days(ResultSet row) throws SQLException {
        return new Risk.Days(
                row.getInt(4),
                row.getLong(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getDouble(8),
                row.getDouble(9),
                row.getLong(10),
                List.of(row.getLong(11), row.getLong(12), row.getLong(13)));
    }

    private static Instant start(Center center, LocalDate day) {
        return day.atStartOfDay(center.zone()).toInstant();
    }
}
