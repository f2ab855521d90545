package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Windows;

/**
 * Computes the windows of a center anew from its stored readings, while sinks write. A window that is computed keeps its
 * version, so that what the streams emit later takes its place; one that they emitted meanwhile is left to them.
 */
public final class Recomputation {
    private static final int SERIES_AT_ONCE = 100;

    private static final String SERIES = "SELECT series_id, metric FROM series WHERE center = ? ORDER BY series_id";

    private static final String REMOVED_READINGS = "SELECT readings_from > ? FROM center WHERE center = ?";

    private static final String SPAN =
            "series_id = ANY (?) AND time >= timestamptz 'epoch' + ? * interval '1 microsecond'"
                    + " AND time < timestamptz 'epoch' + ? * interval '1 microsecond'";

    private static final String MINUTES =
            "SELECT DISTINCT series_id, floor(extract(epoch FROM time) / 60)::bigint FROM reading WHERE " + SPAN;

    /**
     * What was done.
     *
     * @param computed windows that readings count in
     * @param changed of them those that were missing or different
     * @param removed windows that no reading counts in
     * @param left windows that the streams emitted meanwhile
     */
    public record Result(long computed, long changed, long removed, long left) {
        private Result plus(Result other) {
            return new Result(
                    computed + other.computed, changed + other.changed, removed + other.removed, left + other.left);
        }
    }

    /** Waits for readings that are on their way. */
    public interface Barrier {
        /** Returns when the readings are stored of which those aggregates were made that are stored when it is called. */
        void await() throws InterruptedException;
    }

    /** Takes how far it is. */
    public interface Progress {
        /** So many parts of all are done. */
        void done(long parts, long all);
    }

    /** Some series of one metric on one day. */
    private record Slice(Metric metric, List<Long> series, Instant from, Instant to) {}

    private final DataSource database;
    private final Catalogue catalogue;
    private final Centers centers;

    /** For the database of a sink, with the catalogue and the centers of that sink. */
    public Recomputation(DataSource database, Catalogue catalogue, Centers centers) {
        this.database = database;
        this.catalogue = catalogue;
        this.centers = centers;
    }

    /**
     * Computes the windows of some days.
     *
     * @param code of a center
     * @param from first day, in the center's zone
     * @param to last day, inclusive
     * @throws IllegalArgumentException where there is no such center, or it does not keep its readings for so long
     */
    public Result run(String code, LocalDate from, LocalDate to, Barrier barrier, Progress progress)
            throws SQLException, InterruptedException {
        Center center = centers.center(code)
                .orElseThrow(() -> new IllegalArgumentException("There is no center " + code + "."));
        try (Connection connection = database.getConnection()) {
            refuseRemoved(connection, center, from);
            makeTables(connection);
            List<Slice> slices = slices(connection, center, from, to);
            Result result = new Result(0, 0, 0, 0);
            for (int i = 0; i < slices.size(); i++) {
                progress.done(i, slices.size());
                result = result.plus(compute(connection, slices.get(i), center.zone(), barrier));
            }
            progress.done(slices.size(), slices.size());
            return result;
        }
    }

    private static void refuseRemoved(Connection connection, Center center, LocalDate from) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVED_READINGS)) {
            statement.setObject(1, from.atStartOfDay(center.zone()).toOffsetDateTime());
            statement.setString(2, center.code());
            try (ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    throw new IllegalArgumentException("Readings of " + from
                            + " were removed for their age, so its windows cannot be computed anew. Begin later.");
                }
            }
        }
    }

    private static void makeTables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (AggregateTable table : AggregateTable.values()) {
                statement.execute("CREATE TEMPORARY TABLE IF NOT EXISTS " + table.expected()
                        + " (series_id bigint, time timestamptz, version bigint, PRIMARY KEY (series_id, time))");
            }
            statement.execute("CREATE TEMPORARY TABLE IF NOT EXISTS recomputed (LIKE aggregate_1m)");
        }
    }

    private List<Slice> slices(Connection connection, Center center, LocalDate from, LocalDate to) throws SQLException {
        Map<String, List<Long>> byMetric = new TreeMap<>();
        try (PreparedStatement statement = connection.prepareStatement(SERIES)) {
            statement.setString(1, center.code());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    byMetric.computeIfAbsent(rows.getString(2), metric -> new ArrayList<>())
                            .add(rows.getLong(1));
                }
            }
        }
        List<Slice> slices = new ArrayList<>();
        for (LocalDate day = from; !day.isAfter(to); day = day.plusDays(1)) {
            Instant start = day.atStartOfDay(center.zone()).toInstant();
            Instant end = day.plusDays(1).atStartOfDay(center.zone()).toInstant();
            for (Map.Entry<String, List<Long>> entry : byMetric.entrySet()) {
                Metric metric = catalogue.metric(entry.getKey()).orElseThrow();
                List<Long> series = entry.getValue();
                for (int i = 0; i < series.size(); i += SERIES_AT_ONCE) {
                    slices.add(new Slice(
                            metric, series.subList(i, Math.min(i + SERIES_AT_ONCE, series.size())), start, end));
                }
            }
        }
        return slices;
    }

    private Result compute(Connection connection, Slice slice, ZoneId zone, Barrier barrier)
            throws SQLException, InterruptedException {
        connection.setAutoCommit(true);
        for (AggregateTable table : AggregateTable.values()) {
            execute(connection, "TRUNCATE " + table.expected());
            try (PreparedStatement statement = connection.prepareStatement("INSERT INTO " + table.expected()
                    + " SELECT series_id, time, version FROM " + table.table() + " WHERE " + SPAN)) {
                bind(connection, statement, slice);
                statement.executeUpdate();
            }
        }
        barrier.await();
        connection.setAutoCommit(false);
        try {
            // A sink that stored a late reading now would compute its windows itself, and this would undo it.
            execute(connection, "LOCK TABLE reading IN SHARE MODE");
            List<SeriesWindow> minutes = minutes(connection, slice);
            Result result = new Result(0, 0, 0, 0);
            for (AggregateTable table : AggregateTable.values()) {
                result = result.plus(
                        write(connection, table, slice.metric(), windows(minutes, table.size(), zone), zone));
            }
            connection.commit();
            return result;
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    private static List<SeriesWindow> minutes(Connection connection, Slice slice) throws SQLException {
        List<SeriesWindow> minutes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(MINUTES)) {
            bind(connection, statement, slice);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Instant start = Instant.ofEpochSecond(rows.getLong(2) * 60);
                    minutes.add(SeriesWindow.at(rows.getLong(1), WindowSize.MINUTE, start, ZoneOffset.UTC));
                }
            }
        }
        return minutes;
    }

    private static List<SeriesWindow> windows(List<SeriesWindow> minutes, WindowSize size, ZoneId zone) {
        Set<SeriesWindow> windows = new LinkedHashSet<>();
        for (SeriesWindow minute : minutes) {
            windows.add(SeriesWindow.at(minute.seriesId(), size, minute.startTime(), zone));
        }
        return List.copyOf(windows);
    }

    private static Result write(
            Connection connection, AggregateTable table, Metric metric, List<SeriesWindow> windows, ZoneId zone)
            throws SQLException {
        execute(connection, "TRUNCATE recomputed");
        long computed = SeriesWindow.execute(connection, AggregateTable.compute(metric, "recomputed", 0), windows);
        Instant now = Instant.now();
        // Of a window that is not there the streams may still hold the first version, unless it is late.
        execute(connection, table.takeExpectedVersions());
        List<SeriesWindow> late = windows.stream()
                .filter(window -> Windows.late(window.startTime(), now, zone))
                .toList();
        SeriesWindow.execute(connection, AggregateTable.MARK_LATE, late);
        long left = count(connection, table.countLeft());
        long changed = execute(connection, table.replaceDifferent());
        long removed = execute(connection, table.deleteExpectedWithout());
        return new Result(computed, changed, removed, left);
    }

    private static void bind(Connection connection, PreparedStatement statement, Slice slice) throws SQLException {
        statement.setArray(1, connection.createArrayOf("int8", slice.series().toArray()));
        statement.setLong(2, ColumnArrays.micros(slice.from()));
        statement.setLong(3, ColumnArrays.micros(slice.to()));
    }

    private static long execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
