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

    private final Catalogue catalogue;
    private final Centers centers;

    LateWindows(Catalogue catalogue, Centers centers) {
        this.catalogue = catalogue;
        this.centers = centers;
    }

    /** Computes the windows that these readings change, which have been written by now. */
    void write(Connection connection, List<ReadingRow> readings) throws SQLException {
        List<Late> late = new ArrayList<>();
        List<ReadingRow> mayOverlap = new ArrayList<>();
        for (ReadingRow row : readings) {
            if (isLate(row.reading())) {
                late.add(late(row, row.reading().getTime()));
            }
            if (mayOverlapLate(row.reading())) {
                mayOverlap.add(row);
            }
        }
        addOverlapped(connection, mayOverlap, late);
        for (AggregateTable table : AggregateTable.values()) {
            compute(connection, table, late);
        }
    }

    private Late late(ReadingRow row, Instant time) {
        Metric metric = catalogue.metric(row.reading().getMetric()).orElseThrow();
        return new Late(metric, zone(row.reading()), row.seriesId(), time);
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

    private void addOverlapped(Connection connection, List<ReadingRow> rows, List<Late> late) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(CountedAmounts.OVERLAPPED)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", rows, ReadingRow::seriesId);
            columns.add("int4", rows, ReadingRow::deviceId);
            columns.add("int8", rows, ReadingRow::time);
            columns.add("int8", rows, row -> ColumnArrays.micros(end(row.reading())));
            try (ResultSet overlapped = statement.executeQuery()) {
                while (overlapped.next()) {
                    ReadingRow row = rows.get(overlapped.getInt(1) - 1);
                    Instant time = Instant.EPOCH.plus(overlapped.getLong(2), ChronoUnit.MICROS);
                    if (leftToUs(time, row.reading())) {
                        late.add(late(row, time));
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
        Map<Metric, Set<SeriesWindow>> windows = new HashMap<>();
        for (Late one : late) {
            windows.computeIfAbsent(one.metric(), metric -> new LinkedHashSet<>())
                    .add(SeriesWindow.at(one.seriesId(), table.size(), one.time(), one.zone()));
        }
        for (Map.Entry<Metric, Set<SeriesWindow>> entry : windows.entrySet()) {
            List<SeriesWindow> rows = List.copyOf(entry.getValue());
            SeriesWindow.execute(connection, table.delete(), rows);
            SeriesWindow.execute(connection, table.recompute(entry.getKey()), rows);
        }
    }
}
