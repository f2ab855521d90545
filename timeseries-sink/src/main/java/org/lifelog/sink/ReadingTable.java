package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Flag;

/**
 * Writes readings: adds those that are not there, replaces what was corrected, deletes what was withdrawn. Writing the
 * same ones twice changes nothing.
 */
final class ReadingTable {
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
              INSERT INTO reading (series_id, time, device_id, sequence, value, end_time, received_at, sent_value,
                                   sent_unit, offset_seconds, flags, priority)
              %s
              ON CONFLICT %s
              RETURNING series_id, xmax = 0 AS is_new)
            SELECT center, count(*) FILTER (WHERE is_new) FROM added JOIN series USING (series_id) GROUP BY center
            """;

    private static final String ADD = INSERT.formatted(SOURCE, "DO NOTHING");

    private static final String REPLACE = INSERT.formatted(SOURCE, """
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

    private static final String ALREADY_STORED = """
            INSERT INTO sink_ledger (center, already_stored) SELECT * FROM unnest(?::text[], ?::bigint[])
            ON CONFLICT (center) DO UPDATE SET already_stored = sink_ledger.already_stored + excluded.already_stored
            """;

    private static final long NO_SEQUENCE = -1;

    private record Identity(long seriesId, long time, int deviceId, long sequence) {}

    private ReadingTable() {}

    /**
     * Writes readings in their order.
     *
     * @param seriesId the id of a reading's series
     * @param deviceId the id of a reading's device
     */
    static BatchWriter.Result write(
            Connection connection,
            List<Reading> readings,
            Function<Reading, Long> seriesId,
            Function<Reading, Integer> deviceId)
            throws SQLException {
        Map<String, Long> stored = new HashMap<>();
        Map<ReadingStatus, List<Reading>> byStatus = byStatus(readings, seriesId, deviceId);
        write(connection, ADD, byStatus.get(ReadingStatus.FINAL), seriesId, deviceId, stored);
        write(connection, REPLACE, byStatus.get(ReadingStatus.CORRECTED), seriesId, deviceId, stored);
        write(connection, DELETE, byStatus.get(ReadingStatus.WITHDRAWN), seriesId, deviceId, stored);
        Map<String, Long> already = new LinkedHashMap<>();
        readings.forEach(reading -> already.merge(reading.getCenter(), rows(reading), Long::sum));
        already.replaceAll((center, counted) -> counted - stored.getOrDefault(center, 0L));
        already.values().removeIf(count -> count == 0);
        count(connection, already);
        return new BatchWriter.Result(stored, already);
    }

    /** How many rows a reading brings, as the streams have counted it. */
    private static long rows(Reading reading) {
        return switch (reading.getStatus()) {
            case FINAL, UNKNOWN -> 1;
            case CORRECTED -> reading.getFlags().contains(Flag.CORRECTED.code()) ? 0 : 1;
            case WITHDRAWN -> -1;
        };
    }

    /** Of several records of one reading the last one counts, unless nothing was corrected, as nearly always. */
    private static Map<ReadingStatus, List<Reading>> byStatus(
            List<Reading> readings, Function<Reading, Long> seriesId, Function<Reading, Integer> deviceId) {
        Map<ReadingStatus, List<Reading>> byStatus = new EnumMap<>(ReadingStatus.class);
        for (ReadingStatus status : ReadingStatus.values()) {
            byStatus.put(status, new ArrayList<>());
        }
        Collection<Reading> last = readings;
        if (!readings.stream().allMatch(reading -> status(reading) == ReadingStatus.FINAL)) {
            Map<Identity, Reading> byIdentity = new LinkedHashMap<>();
            readings.forEach(reading -> byIdentity.merge(
                    new Identity(
                            seriesId.apply(reading),
                            ColumnArrays.micros(reading.getTime()),
                            deviceId.apply(reading),
                            sequence(reading)),
                    reading,
                    ReadingTable::last));
            last = byIdentity.values();
        }
        last.forEach(reading -> byStatus.get(status(reading)).add(reading));
        return byStatus;
    }

    /** What is sent once more changes nothing, but what comes after its own withdrawal is new. */
    private static Reading last(Reading before, Reading after) {
        if (status(after) != ReadingStatus.FINAL) {
            return after;
        }
        return status(before) == ReadingStatus.WITHDRAWN
                // The row that was withdrawn may still be there, and then it is replaced.
                ? Reading.newBuilder(after).setStatus(ReadingStatus.CORRECTED).build()
                : before;
    }

    private static ReadingStatus status(Reading reading) {
        return reading.getStatus() == ReadingStatus.UNKNOWN ? ReadingStatus.FINAL : reading.getStatus();
    }

    private static long sequence(Reading reading) {
        return Objects.requireNonNullElse(reading.getSequence(), NO_SEQUENCE);
    }

    private static void write(
            Connection connection,
            String sql,
            List<Reading> rows,
            Function<Reading, Long> seriesId,
            Function<Reading, Integer> deviceId,
            Map<String, Long> stored)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("int8", rows, seriesId);
            columns.add("int8", rows, r -> ColumnArrays.micros(r.getTime()));
            columns.add("int4", rows, deviceId);
            columns.add("int8", rows, ReadingTable::sequence);
            if (!sql.equals(DELETE)) {
                columns.add("float8", rows, Reading::getValue);
                columns.add("int8", rows, r -> ColumnArrays.micros(r.getEnd()));
                columns.add("int8", rows, r -> ColumnArrays.micros(r.getReceivedAt()));
                columns.add("float8", rows, Reading::getSentValue);
                columns.add("text", rows, Reading::getSentUnit);
                columns.add("int4", rows, Reading::getOffsetSeconds);
                columns.add("int4", rows, r -> Flag.bits(r.getFlags()));
                columns.add("int2", rows, r -> (short) r.getPriority());
            }
            try (ResultSet counts = statement.executeQuery()) {
                while (counts.next()) {
                    stored.merge(counts.getString(1), counts.getLong(2), Long::sum);
                }
            }
        }
    }

    private static void count(Connection connection, Map<String, Long> already) throws SQLException {
        if (already.isEmpty()) {
            return;
        }
        List<Map.Entry<String, Long>> rows = List.copyOf(already.entrySet());
        try (PreparedStatement statement = connection.prepareStatement(ALREADY_STORED)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("text", rows, Map.Entry::getKey);
            columns.add("int8", rows, Map.Entry::getValue);
            statement.executeUpdate();
        }
    }
}
