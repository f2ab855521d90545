package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Metric;
import org.lifelog.contract.Windows;

/** Computes the windows that the streams leave to the database, because they are too old, from what is stored. */
final class LateWindows {
    /** A time whose windows are to be computed. */
    private record Late(Metric metric, ZoneId zone, long seriesId, Instant time) {}

    private record Window(long seriesId, long start, long end) {}

    private final Catalogue catalogue;
    private final Centers centers;

    LateWindows(Catalogue catalogue, Centers centers) {
        this.catalogue = catalogue;
        this.centers = centers;
    }

    /**
     * Computes the windows that these readings change, which have been written by now.
     *
     * @param seriesId the id of a reading's series
     * @param deviceId the id of a reading's device
     */
    void write(
            Connection connection,
            List<Reading> readings,
            Function<Reading, Long> seriesId,
            Function<Reading, Integer> deviceId)
            throws SQLException {
        List<Late> late = new ArrayList<>();
        List<Reading> mayOverlap = new ArrayList<>();
        for (Reading reading : readings) {
            if (isLate(reading)) {
                late.add(late(reading, seriesId.apply(reading), reading.getTime()));
            }
            if (mayOverlapLate(reading)) {
                mayOverlap.add(reading);
            }
        }
        addOverlapped(connection, mayOverlap, seriesId, deviceId, late);
        for (AggregateTable table : AggregateTable.values()) {
            compute(connection, table, late);
        }
    }

    private Late late(Reading reading, long seriesId, Instant time) {
        Metric metric = catalogue.metric(reading.getMetric()).orElseThrow();
        return new Late(metric, zone(reading), seriesId, time);
    }

    private ZoneId zone(Reading reading) {
        return centers.center(reading.getCenter()).orElseThrow().zone();
    }

    private static boolean isLate(Reading reading) {
        return reading.getFlags().contains(Flag.LATE.code());
    }

    /** Whether it is, or was, an interval that may take time from another one, or give it back, in a window that is late. */
    private boolean mayOverlapLate(Reading reading) {
        return (reading.getEnd() != null || reading.getStatus() != ReadingStatus.FINAL)
                && catalogue.metric(reading.getMetric()).orElseThrow().kind() == Metric.Kind.DELTA
                && (isLate(reading)
                        || Windows.late(
                                reading.getTime().minus(Windows.REACH), reading.getReceivedAt(), zone(reading)));
    }

    private void addOverlapped(
            Connection connection,
            List<Reading> readings,
            Function<Reading, Long> seriesId,
            Function<Reading, Integer> deviceId,
            List<Late> late)
            throws SQLException {
        if (readings.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(CountedAmounts.OVERLAPPED)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", readings, seriesId);
            columns.add("int4", readings, deviceId);
            columns.add("int8", readings, reading -> ColumnArrays.micros(reading.getTime()));
            columns.add("int8", readings, reading -> ColumnArrays.micros(end(reading)));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Reading reading = readings.get(rows.getInt(1) - 1);
                    Instant time = Instant.EPOCH.plus(rows.getLong(2), ChronoUnit.MICROS);
                    if (leftToUs(time, reading)) {
                        late.add(late(reading, seriesId.apply(reading), time));
                    }
                }
            }
        }
    }

    /** Where another interval was before, it is not known any more how far it went. */
    private static Instant end(Reading reading) {
        return reading.getStatus() == ReadingStatus.FINAL
                ? reading.getEnd()
                : reading.getTime().plus(Windows.REACH);
    }

    /** Whether the windows of a time were late when a reading came. */
    private boolean leftToUs(Instant time, Reading reading) {
        ZoneId zone = zone(reading);
        return Windows.late(time, reading.getReceivedAt(), zone)
                || (isLate(reading)
                        && !Windows.start(WindowSize.DAY, time, zone)
                                .isAfter(Windows.start(WindowSize.DAY, reading.getTime(), zone)));
    }

    private static void compute(Connection connection, AggregateTable table, List<Late> late) throws SQLException {
        Map<Metric, Set<Window>> windows = new HashMap<>();
        for (Late one : late) {
            Instant start = Windows.start(table.size(), one.time(), one.zone());
            windows.computeIfAbsent(one.metric(), metric -> new LinkedHashSet<>())
                    .add(new Window(
                            one.seriesId(),
                            ColumnArrays.micros(start),
                            ColumnArrays.micros(Windows.end(table.size(), start, one.zone()))));
        }
        for (Map.Entry<Metric, Set<Window>> entry : windows.entrySet()) {
            List<Window> rows = List.copyOf(entry.getValue());
            execute(connection, table.delete(), rows);
            execute(connection, table.recompute(entry.getKey()), rows);
        }
    }

    private static void execute(Connection connection, String sql, List<Window> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", rows, Window::seriesId);
            columns.add("int8", rows, Window::start);
            columns.add("int8", rows, Window::end);
            statement.executeUpdate();
        }
    }
}
