package org.lifelog.sink;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import org.lifelog.avro.QuarantinedReading;

/** Writes quarantined readings; each is identified by its place in Kafka, so writing it twice changes nothing. */
final class QuarantineTable {
    private static final String INSERT = """
            INSERT INTO quarantined (source_partition, source_offset, center, subject, device, vendor, metric, attributes,
                                     time, end_time, value, unit, reasons, detail, raw, received_at, quarantined_at)
            SELECT p, o, center, subject, device, vendor, metric, attributes,
                   timestamptz 'epoch' + time * interval '1 microsecond',
                   timestamptz 'epoch' + end_time * interval '1 microsecond', value, unit, string_to_array(reasons, ' '),
                   detail, decode(raw, 'hex'), timestamptz 'epoch' + received_at * interval '1 microsecond',
                   timestamptz 'epoch' + quarantined_at * interval '1 microsecond'
            FROM unnest(?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::bigint[], ?::bigint[], ?::float8[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                        ?::bigint[])
              AS q(p, o, center, subject, device, vendor, metric, attributes, time, end_time, value, unit, reasons,
                   detail, raw, received_at, quarantined_at)
            ON CONFLICT DO NOTHING
            """;

    private QuarantineTable() {}

    static void write(Connection connection, List<Batch.Quarantined> quarantined) throws SQLException {
        if (quarantined.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            List<QuarantinedReading> rows =
                    quarantined.stream().map(Batch.Quarantined::reading).toList();
            columns.add("int4", quarantined, Batch.Quarantined::partition);
            columns.add("int8", quarantined, Batch.Quarantined::offset);
            columns.add("text", rows, QuarantinedReading::getCenter);
            columns.add("text", rows, QuarantinedReading::getSubject);
            columns.add("text", rows, QuarantinedReading::getDevice);
            columns.add("text", rows, QuarantinedReading::getVendor);
            columns.add(
                    "text",
                    rows,
                    q -> q.getReading() == null ? null : q.getReading().getMetric());
            columns.add(
                    "text",
                    rows,
                    q -> q.getReading() == null ? null : q.getReading().getAttributes());
            columns.add(
                    "int8",
                    rows,
                    q -> q.getReading() == null
                            ? null
                            : ColumnArrays.micros(q.getReading().getTime()));
            columns.add(
                    "int8",
                    rows,
                    q -> q.getReading() == null
                            ? null
                            : ColumnArrays.micros(q.getReading().getEnd()));
            columns.add(
                    "float8",
                    rows,
                    q -> q.getReading() == null ? null : q.getReading().getValue());
            columns.add(
                    "text",
                    rows,
                    q -> q.getReading() == null ? null : q.getReading().getUnit());
            columns.add("text", rows, q -> String.join(" ", q.getReasons()));
            columns.add("text", rows, QuarantinedReading::getDetail);
            columns.add("text", rows, q -> q.getRaw() == null ? null : hex(q.getRaw()));
            columns.add("int8", rows, q -> ColumnArrays.micros(q.getReceivedAt()));
            columns.add("int8", rows, q -> ColumnArrays.micros(q.getQuarantinedAt()));
            statement.executeUpdate();
        }
    }

    /** The driver takes no arrays of bytes, so they travel as text. */
    private static String hex(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
