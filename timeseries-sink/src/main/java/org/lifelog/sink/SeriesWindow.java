package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Windows;

/**
 * A window of a series.
 *
 * @param start microseconds since the epoch, inclusive
 * @param end microseconds since the epoch, exclusive
 */
record SeriesWindow(long seriesId, long start, long end) {
    /** The one that a time lies in. */
    static SeriesWindow at(long seriesId, WindowSize size, Instant time, ZoneId zone) {
        Instant start = Windows.start(size, time, zone);
        return new SeriesWindow(
                seriesId, ColumnArrays.micros(start), ColumnArrays.micros(Windows.end(size, start, zone)));
    }

    Instant startTime() {
        return Instant.EPOCH.plus(start, ChronoUnit.MICROS);
    }

    /** Executes a statement whose parameters are arrays of series, starts and ends; gives the number of rows. */
    static int execute(Connection connection, String sql, List<SeriesWindow> windows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", windows, SeriesWindow::seriesId);
            columns.add("int8", windows, SeriesWindow::start);
            columns.add("int8", windows, SeriesWindow::end);
            return statement.executeUpdate();
        }
    }
}
