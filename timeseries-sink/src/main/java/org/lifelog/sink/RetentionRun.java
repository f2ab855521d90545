package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Retention.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is older than its center keeps it. Chunks of which no center keeps anything are dropped; else rows are
 * deleted by spans of time. Each step is a transaction with the sum of what it removed, so that the ledger closes all the
 * while. One sink at a time does it.
 */
final class RetentionRun {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionRun.class);

    private static final Map<Kept, String> TABLES = Map.of(
            Kept.READINGS, "reading",
            Kept.MINUTES, AggregateTable.MINUTES.table(),
            Kept.HOURS, AggregateTable.HOURS.table(),
            Kept.DAYS, AggregateTable.DAYS.table());

    private static final String LOCK = "hashtextextended('lifelog retention', 0)";

    private final DataSource database;
    private final Centers centers;

    RetentionRun(DataSource database, Centers centers) {
        this.database = database;
        this.centers = centers;
    }

    /**
     * Removes what is too old.
     *
     * @return how many rows, by what they were; empty where another sink is at it
     */
    Map<Kept, Long> run(Instant now) throws SQLException {
        Map<Kept, Long> removed = new EnumMap<>(Kept.class);
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(true);
            if (!Boolean.TRUE.equals(call(connection, "SELECT pg_try_advisory_lock(" + LOCK + ")"))) {
                return removed;
            }
            try {
                for (Kept kept : Kept.values()) {
                    long rows = remove(connection, kept, cuts(kept, now));
                    if (rows > 0) {
                        LOG.info("Removed {} rows of {} that are older than they are kept", rows, kept.code());
                        removed.put(kept, rows);
                    }
                }
            } finally {
                call(connection, "SELECT pg_advisory_unlock(" + LOCK + ")");
            }
        }
        return removed;
    }

    /** Before when a center keeps nothing, by center. */
    private Map<String, Instant> cuts(Kept kept, Instant now) {
        Map<String, Instant> cuts = new TreeMap<>();
        for (Center center : centers.all()) {
            center.retention().of(kept).ifPresent(period -> cuts.put(center.code(), cut(now, period, center.zone())));
        }
        return cuts;
    }

    private static Instant cut(Instant now, Period period, ZoneId zone) {
        return LocalDate.ofInstant(now, zone).minus(period).atStartOfDay(zone).toInstant();
    }

    private static long remove(Connection connection, Kept kept, Map<String, Instant> cuts) throws SQLException {
        long removed = 0;
        if (kept == Kept.READINGS) {
            // First, so that no window is computed anew from what is left of its readings.
            for (Map.Entry<String, Instant> cut : cuts.entrySet()) {
                call(
                        connection,
                        "UPDATE center SET readings_from = greatest(readings_from, ?) WHERE center = ? RETURNING true",
                        cut.getValue(),
                        cut.getKey());
            }
        }
        if (kept != Kept.QUARANTINED && !cuts.isEmpty() && everyCenter(connection, cuts)) {
            removed += (Long) call(
                    connection,
                    "SELECT expire_chunks(?::text::regclass, ?)",
                    TABLES.get(kept),
                    Collections.min(cuts.values()));
        }
        for (Map.Entry<String, Instant> cut : cuts.entrySet()) {
            removed += kept == Kept.QUARANTINED
                    ? (Long) call(connection, "SELECT expire_quarantined(?, ?)", cut.getKey(), cut.getValue())
                    : removeRows(connection, TABLES.get(kept), cut.getKey(), cut.getValue());
        }
        return removed;
    }

    /** What the database knows of a center that is not configured any more is kept for ever. */
    private static boolean everyCenter(Connection connection, Map<String, Instant> cuts) throws SQLException {
        return Boolean.TRUE.equals(call(
                connection,
                "SELECT NOT EXISTS (SELECT FROM series WHERE center <> ALL (string_to_array(?, ' ')))",
                String.join(" ", cuts.keySet())));
    }

    private static long removeRows(Connection connection, String table, String center, Instant cut)
            throws SQLException {
        long removed = 0;
        while (true) {
            Long rows = (Long) call(connection, "SELECT expire(?::text::regclass, ?, ?)", table, center, cut);
            if (rows == null) {
                return removed;
            }
            removed += rows;
        }
    }

    /** The one value that a statement gives; null for none. */
    private static Object call(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(
                        i + 1,
                        parameters[i] instanceof Instant time
                                ? OffsetDateTime.ofInstant(time, ZoneOffset.UTC)
                                : parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? row.getObject(1) : null;
            }
        }
    }
}
