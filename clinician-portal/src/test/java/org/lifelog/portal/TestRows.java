package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Writes rows as the sink would, and reads any. */
record TestRows(DataSource source) {

    long series(String center, String subject, String metric, String attributes, String unit) {
        return (Long) query(
                        "INSERT INTO series (center, subject, metric, attributes, unit) VALUES (?, ?, ?, ?, ?)"
                                + " RETURNING series_id",
                        center,
                        subject,
                        metric,
                        attributes,
                        unit)
                .get(0)
                .get(0);
    }

    int device(String center, String device) {
        return (Integer) query(
                        "INSERT INTO device (center, device) VALUES (?, ?)"
                                + " ON CONFLICT (center, device) DO UPDATE SET device = excluded.device RETURNING device_id",
                        center,
                        device)
                .get(0)
                .get(0);
    }

    void reading(long series, int device, Instant time, double value, int flags) {
        query(
                "INSERT INTO reading (series_id, time, device_id, value, received_at, flags)"
                        + " VALUES (?, ?, ?, ?, now(), ?) RETURNING 1",
                series,
                time,
                device,
                value,
                flags);
    }

    /** Readings at a fixed distance; the values are those of a sawtooth: {@code low + i % period}. */
    void readings(long series, int device, Instant first, int n, int stepSeconds, double low, int period) {
        query(
                "WITH done AS (INSERT INTO reading (series_id, time, device_id, value, received_at)"
                        + " SELECT ?, ?::timestamptz + i * ?::int * interval '1 second', ?, ? + i % ?, now()"
                        + " FROM generate_series(0, ? - 1) i RETURNING 1) SELECT count(*) FROM done",
                series, first, stepSeconds, device, low, period, n);
    }

    /** Computes the aggregates of all stored readings, as the streams would. */
    void aggregate() {
        for (String window : List.of("minute", "hour", "day")) {
            query(
                    "WITH done AS (INSERT INTO aggregate_1" + window.charAt(0)
                            + " SELECT series_id, date_trunc('" + window
                            + "', time, 'Asia/Seoul'), count(*), sum(value),"
                            + " avg(value), min(value), max(value), (array_agg(value ORDER BY time))[1],"
                            + " (array_agg(value ORDER BY time DESC))[1], stddev_samp(value), CASE"
                            + " WHEN metric LIKE 'glucose%' THEN ARRAY[count(*) FILTER (WHERE value < 54),"
                            + " count(*) FILTER (WHERE value >= 54 AND value < 70), count(*) FILTER (WHERE value BETWEEN 70 AND 180),"
                            + " count(*) FILTER (WHERE value > 180 AND value <= 250), count(*) FILTER (WHERE value > 250)]"
                            + " WHEN metric = 'spo2' THEN ARRAY[count(*) FILTER (WHERE value < 90),"
                            + " count(*) FILTER (WHERE value >= 90)] END, 1"
                            + " FROM reading JOIN series USING (series_id) GROUP BY 1, 2, metric ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) FROM done");
        }
    }

    List<List<Object>> query(String sql, Object... parameters) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                Object value = parameters[i];
                statement.setObject(
                        i + 1, value instanceof Instant time ? OffsetDateTime.ofInstant(time, ZoneOffset.UTC) : value);
            }
            List<List<Object>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                int columns = result.getMetaData().getColumnCount();
                while (result.next()) {
                    List<Object> row = new ArrayList<>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(result.getObject(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
