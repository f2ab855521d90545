package org.lifelog.sink;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Reason;
import org.lifelog.contract.Topic;

/**
 * Writes quarantined readings and their releases. A row is identified by its place in Kafka, so writing it twice changes
 * nothing. A release marks the rows of its reading that lie before it in its partition, and were quarantined for their
 * device: however often it is written, these and no later ones. What the database refuses of other topics is kept here
 * too.
 */
final class QuarantineTable {
    private static final String INSERT = """
            INSERT INTO quarantined (source_topic, source_partition, source_offset, center, subject, device, vendor, metric, attributes,
                                     time, end_time, value, unit, reasons, detail, raw, received_at, quarantined_at,
                                     known_value)
            SELECT t, p, o, center, subject, device, vendor, metric, attributes,
                   timestamptz 'epoch' + time * interval '1 microsecond',
                   timestamptz 'epoch' + end_time * interval '1 microsecond', value, unit, string_to_array(reasons, ' '),
                   detail, decode(raw, 'hex'), timestamptz 'epoch' + received_at * interval '1 microsecond',
                   timestamptz 'epoch' + quarantined_at * interval '1 microsecond', known_value
            FROM unnest(?::text[], ?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[],
                        ?::bigint[], ?::bigint[], ?::float8[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                        ?::bigint[], ?::float8[])
              AS q(t, p, o, center, subject, device, vendor, metric, attributes, time, end_time, value, unit, reasons,
                   detail, raw, received_at, quarantined_at, known_value)
            ON CONFLICT DO NOTHING
            """;

    private static final String RELEASE = """
            UPDATE quarantined q SET released_at = timestamptz 'epoch' + r.released_at * interval '1 microsecond'
            FROM unnest(?::int[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
                        ?::bigint[], ?::float8[], ?::text[], ?::bigint[])
              AS r(p, o, center, subject, device, metric, attributes, time, end_time, value, unit, released_at)
            WHERE q.released_at IS NULL AND q.source_partition = r.p AND q.source_offset < r.o
              AND q.center = r.center AND q.device = r.device
              AND q.time = timestamptz 'epoch' + r.time * interval '1 microsecond'
              AND q.end_time IS NOT DISTINCT FROM timestamptz 'epoch' + r.end_time * interval '1 microsecond'
              AND q.subject IS NOT DISTINCT FROM r.subject AND q.metric = r.metric AND q.attributes = r.attributes
              AND q.value = r.value AND q.unit = r.unit AND q.reasons && ARRAY['%s', '%s']
            """.formatted(Reason.UNKNOWN_DEVICE.code(), Reason.UNASSIGNED_DEVICE.code());

    /** Which rows are what the streams quarantined, and not what the database refused. */
    static final String COUNTED = "source_topic = '" + Topic.QUARANTINED.topicName() + "' AND reasons <> ARRAY['"
            + Reason.REFUSED_BY_STORAGE.code() + "']";

    private QuarantineTable() {}

    /** Writes what was quarantined by the streams or refused by the database, and counts the latter. */
    static void write(Connection connection, Batch batch) throws SQLException {
        write(connection, batch.quarantined());
        SinkLedger.REFUSED.add(connection, batch.refused());
    }

    /** Whether it makes a row that the streams have counted, as {@link #COUNTED} has it. */
    static boolean isCounted(Batch.Quarantined one) {
        return one.reading().getReleasedAt() == null
                && one.source().topic().equals(Topic.QUARANTINED.topicName())
                && !one.reading().getReasons().equals(List.of(Reason.REFUSED_BY_STORAGE.code()));
    }

    static void write(Connection connection, List<Batch.Quarantined> quarantined) throws SQLException {
        Map<Boolean, List<Batch.Quarantined>> byRelease = quarantined.stream()
                .collect(Collectors.partitioningBy(one -> one.reading().getReleasedAt() != null));
        insert(connection, byRelease.get(false));
        release(connection, byRelease.get(true));
    }

    private static void release(Connection connection, List<Batch.Quarantined> releases) throws SQLException {
        if (releases.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            List<QuarantinedReading> rows =
                    releases.stream().map(Batch.Quarantined::reading).toList();
            columns.add("int4", releases, one -> one.source().partition());
            columns.add("int8", releases, Batch.Quarantined::offset);
            columns.add("text", rows, QuarantinedReading::getCenter);
            columns.add("text", rows, QuarantinedReading::getSubject);
            columns.add("text", rows, QuarantinedReading::getDevice);
            columns.add("text", rows, q -> of(q, Reading::getMetric));
            columns.add("text", rows, q -> of(q, Reading::getAttributes));
            columns.add("int8", rows, q -> of(q, reading -> ColumnArrays.micros(reading.getTime())));
            columns.add("int8", rows, q -> of(q, reading -> ColumnArrays.micros(reading.getEnd())));
            columns.add("float8", rows, q -> of(q, Reading::getValue));
            columns.add("text", rows, q -> of(q, Reading::getUnit));
            columns.add("int8", rows, q -> ColumnArrays.micros(q.getReleasedAt()));
            statement.executeUpdate();
        }
    }

    /** Something of the reading that was quarantined; null where it could not be decoded. */
    private static <T> T of(QuarantinedReading quarantined, Function<Reading, T> field) {
        return quarantined.getReading() == null ? null : field.apply(quarantined.getReading());
    }

    private static void insert(Connection connection, List<Batch.Quarantined> quarantined) throws SQLException {
        if (quarantined.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            List<QuarantinedReading> rows =
                    quarantined.stream().map(Batch.Quarantined::reading).toList();
            columns.add("text", quarantined, one -> one.source().topic());
            columns.add("int4", quarantined, one -> one.source().partition());
            columns.add("int8", quarantined, Batch.Quarantined::offset);
            columns.add("text", rows, QuarantinedReading::getCenter);
            columns.add("text", rows, QuarantinedReading::getSubject);
            columns.add("text", rows, QuarantinedReading::getDevice);
            columns.add("text", rows, QuarantinedReading::getVendor);
            columns.add("text", rows, q -> of(q, Reading::getMetric));
            columns.add("text", rows, q -> of(q, Reading::getAttributes));
            columns.add("int8", rows, q -> of(q, reading -> ColumnArrays.micros(reading.getTime())));
            columns.add("int8", rows, q -> of(q, reading -> ColumnArrays.micros(reading.getEnd())));
            columns.add("float8", rows, q -> of(q, Reading::getValue));
            columns.add("text", rows, q -> of(q, Reading::getUnit));
            columns.add("text", rows, q -> String.join(" ", q.getReasons()));
            columns.add("text", rows, QuarantinedReading::getDetail);
            columns.add("text", rows, q -> q.getRaw() == null ? null : hex(q.getRaw()));
            columns.add("int8", rows, q -> ColumnArrays.micros(q.getReceivedAt()));
            columns.add("int8", rows, q -> ColumnArrays.micros(q.getQuarantinedAt()));
            columns.add("float8", rows, QuarantinedReading::getKnownValue);
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
