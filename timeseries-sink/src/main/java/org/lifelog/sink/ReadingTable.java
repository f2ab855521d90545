package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Flag;
import org.postgresql.util.PSQLState;

/**
 * Writes readings: adds those that are not there, replaces what was corrected, deletes what was withdrawn. Writing the
 * same ones twice changes nothing. Safe for use by several threads.
 */
final class ReadingTable {
    private static final String COLUMNS =
            "series_id, time, device_id, sequence, value, end_time, received_at, sent_value,"
                    + " sent_unit, offset_seconds, flags, priority";

    private static final String SOURCE = """
            SELECT series_id, timestamptz 'epoch' + time * interval '1 microsecond', device_id, sequence, value,
                   timestamptz 'epoch' + end_time * interval '1 microsecond',
                   timestamptz 'epoch' + received_at * interval '1 microsecond', sent_value, sent_unit,
                   offset_seconds, flags, priority
            FROM unnest(?::bigint[], ?::bigint[], ?::int[], ?::bigint[], ?::float8[], ?::bigint[], ?::bigint[],
                        ?::float8[], ?::text[], ?::int[], ?::int[], ?::smallint[])
              AS r(series_id, time, device_id, sequence, value, end_time, received_at, sent_value, sent_unit,
                   offset_seconds, flags, priority)
            """;

    private static final String INSERT = """
            WITH added AS (
              INSERT INTO reading (%s)
              %s
              ON CONFLICT %s
              RETURNING series_id, xmax = 0 AS is_new)
            SELECT center, count(*) FILTER (WHERE is_new) FROM added JOIN series USING (series_id) GROUP BY center
            """;

    private static final String ADD = INSERT.formatted(COLUMNS, SOURCE, "DO NOTHING");

    private static final String REPLACE = INSERT.formatted(COLUMNS, SOURCE, """
            (series_id, time, device_id, sequence) DO UPDATE SET
              value = excluded.value, end_time = excluded.end_time, received_at = excluded.received_at,
              sent_value = excluded.sent_value, sent_unit = excluded.sent_unit,
              offset_seconds = excluded.offset_seconds, flags = excluded.flags, priority = excluded.priority""");

    private static final String DELETE = """
            WITH deleted AS (
              DELETE FROM reading r
              USING unnest(?::bigint[], ?::bigint[], ?::int[], ?::bigint[]) AS w(series_id, time, device_id, sequence)
              WHERE r.series_id = w.series_id AND r.time = timestamptz 'epoch' + w.time * interval '1 microsecond'
                AND r.device_id = w.device_id AND r.sequence = w.sequence
              RETURNING r.series_id)
            SELECT center, -count(*) FROM deleted JOIN series USING (series_id) GROUP BY center
            """;

    private final FirstWrites firstWrites = new FirstWrites();

    /**
     * Writes readings.
     *
     * @param rows in the order of their keys; of one key, in the order in which they came
     */
    BatchWriter.Result write(Connection connection, List<ReadingRow> rows) throws SQLException {
        Map<String, Long> stored = new HashMap<>();
        Map<ReadingStatus, List<ReadingRow>> byStatus = byStatus(rows);
        add(connection, byStatus.get(ReadingStatus.FINAL), stored);
        write(connection, REPLACE, byStatus.get(ReadingStatus.CORRECTED), stored);
        write(connection, DELETE, byStatus.get(ReadingStatus.WITHDRAWN), stored);
        Map<String, Long> already = new LinkedHashMap<>();
        addByCenter(rows, row -> rows(row.reading()), already);
        already.replaceAll((center, counted) -> counted - stored.getOrDefault(center, 0L));
        already.values().removeIf(count -> count == 0);
        SinkLedger.ALREADY_STORED.add(connection, already);
        return new BatchWriter.Result(stored, already);
    }

    /** How many rows a reading brings, as the streams have counted it. */
    static long rows(Reading reading) {
        return switch (reading.getStatus()) {
            case FINAL, UNKNOWN -> 1;
            case CORRECTED -> reading.getFlags().contains(Flag.CORRECTED.code()) ? 0 : 1;
            case WITHDRAWN -> -1;
        };
    }

    /** Series by series, in whose order the rows are. */
    private static void addByCenter(List<ReadingRow> sorted, ToLongFunction<ReadingRow> count, Map<String, Long> sums) {
        long sum = 0;
        for (int i = 0; i < sorted.size(); i++) {
            ReadingRow row = sorted.get(i);
            sum += count.applyAsLong(row);
            if (i + 1 == sorted.size() || sorted.get(i + 1).seriesId() != row.seriesId()) {
                sums.merge(row.reading().getCenter(), sum, Long::sum);
                sum = 0;
            }
        }
    }

    /** Of each reading the record that counts, in the order of the keys. */
    private static Map<ReadingStatus, List<ReadingRow>> byStatus(List<ReadingRow> sorted) {
        Map<ReadingStatus, List<ReadingRow>> byStatus = new EnumMap<>(ReadingStatus.class);
        for (ReadingStatus status : ReadingStatus.values()) {
            byStatus.put(status, new ArrayList<>());
        }
        ReadingRow last = null;
        for (ReadingRow row : sorted) {
            if (last != null && ReadingRow.BY_KEY.compare(last, row) == 0) {
                last = last.then(row);
                continue;
            }
            if (last != null) {
                byStatus.get(last.status()).add(last);
            }
            last = row;
        }
        if (last != null) {
            byStatus.get(last.status()).add(last);
        }
        return byStatus;
    }

    private void add(Connection connection, List<ReadingRow> rows, Map<String, Long> stored) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        if (firstWrites.likely() && copied(connection, rows)) {
            firstWrites.copied();
            addByCenter(rows, row -> 1, stored);
        } else {
            firstWrites.merged(write(connection, ADD, rows, stored) == rows.size());
        }
    }

    /** False where one of them is there already; then nothing has changed. */
    private boolean copied(Connection connection, List<ReadingRow> rows) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (CopyRows copy = new CopyRows(connection, "reading", COLUMNS)) {
            for (ReadingRow row : rows) {
                Reading reading = row.reading();
                copy.row()
                        .int8(row.seriesId())
                        .time(row.time())
                        .int4(row.deviceId())
                        .int8(row.sequence())
                        .float8(reading.getValue())
                        .time(ColumnArrays.micros(reading.getEnd()))
                        .time(ColumnArrays.micros(reading.getReceivedAt()))
                        .float8(reading.getSentValue())
                        .text(reading.getSentUnit())
                        .int4(reading.getOffsetSeconds())
                        .int4(Flag.bits(reading.getFlags()))
                        .int2(reading.getPriority());
            }
            copy.end();
        } catch (SQLException e) {
            if (!PSQLState.UNIQUE_VIOLATION.getState().equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            firstWrites.refused();
            return false;
        }
        connection.releaseSavepoint(before);
        return true;
    }

    /** Returns how many rows were added, less those that were deleted; by center it is added to what was stored. */
    private static long write(Connection connection, String sql, List<ReadingRow> rows, Map<String, Long> stored)
            throws SQLException {
        if (rows.isEmpty()) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", rows, ReadingRow::seriesId);
            columns.add("int8", rows, ReadingRow::time);
            columns.add("int4", rows, ReadingRow::deviceId);
            columns.add("int8", rows, ReadingRow::sequence);
            if (!sql.equals(DELETE)) {
                bindRest(columns, rows);
            }
            long all = 0;
            try (ResultSet counts = statement.executeQuery()) {
                while (counts.next()) {
                    stored.merge(counts.getString(1), counts.getLong(2), Long::sum);
                    all += counts.getLong(2);
                }
            }
            return all;
        }
    }

    private static void bindRest(ColumnArrays columns, List<ReadingRow> rows) throws SQLException {
        columns.add("float8", rows, row -> row.reading().getValue());
        columns.add("int8", rows, row -> ColumnArrays.micros(row.reading().getEnd()));
        columns.add("int8", rows, row -> ColumnArrays.micros(row.reading().getReceivedAt()));
        columns.add("float8", rows, row -> row.reading().getSentValue());
        columns.add("text", rows, row -> row.reading().getSentUnit());
        columns.add("int4", rows, row -> row.reading().getOffsetSeconds());
        columns.add("int4", rows, row -> Flag.bits(row.reading().getFlags()));
        columns.add("int2", rows, row -> (short) row.reading().getPriority());
    }
}
