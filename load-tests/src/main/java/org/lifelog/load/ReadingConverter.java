package org.lifelog.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.storage.Converter;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Flag;
import org.lifelog.registry.KafkaAvroDeserializer;

/**
 * Gives Kafka Connect readings in the shape of table {@code reading}. The ids of series and devices must be in the
 * database; it reads them once, so that a connector pays no more for them than the sink does.
 */
public final class ReadingConverter implements Converter {
    private static final Schema TIME =
            SchemaBuilder.int64().name("io.debezium.time.MicroTimestamp").build();
    private static final Schema TIME_IF_ANY = SchemaBuilder.int64()
            .name("io.debezium.time.MicroTimestamp")
            .optional()
            .build();
    private static final Schema ROW = SchemaBuilder.struct()
            .name("reading")
            .field("series_id", Schema.INT64_SCHEMA)
            .field("time", TIME)
            .field("device_id", Schema.INT32_SCHEMA)
            .field("sequence", Schema.INT64_SCHEMA)
            .field("value", Schema.FLOAT64_SCHEMA)
            .field("end_time", TIME_IF_ANY)
            .field("received_at", TIME)
            .field("sent_value", Schema.OPTIONAL_FLOAT64_SCHEMA)
            .field("sent_unit", Schema.OPTIONAL_STRING_SCHEMA)
            .field("offset_seconds", Schema.OPTIONAL_INT32_SCHEMA)
            .field("flags", Schema.INT32_SCHEMA)
            .field("priority", Schema.INT16_SCHEMA)
            .build();

    private final Map<List<String>, Long> series = new HashMap<>();
    private final Map<List<String>, Long> devices = new HashMap<>();
    private final KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        deserializer.configure(settings, isKey);
        try (Connection connection = DriverManager.getConnection(
                (String) settings.get("database.url"), (String) settings.get("database.username"), (String)
                        settings.get("database.password"))) {
            read(connection, "SELECT series_id, center, subject, metric, attributes FROM series", series);
            read(connection, "SELECT device_id, center, device FROM device", devices);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read series and devices", e);
        }
    }

    private static void read(Connection connection, String sql, Map<List<String>, Long> ids) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                String[] name = new String[rows.getMetaData().getColumnCount() - 1];
                for (int i = 0; i < name.length; i++) {
                    name[i] = rows.getString(i + 2);
                }
                ids.put(List.of(name), rows.getLong(1));
            }
        }
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte[] bytes) {
        Reading r = (Reading) deserializer.deserialize(topic, bytes);
        Struct row = new Struct(ROW)
                .put("series_id", series.get(List.of(r.getCenter(), r.getSubject(), r.getMetric(), r.getAttributes())))
                .put("time", micros(r.getTime()))
                .put(
                        "device_id",
                        devices.get(List.of(r.getCenter(), r.getDevice())).intValue())
                .put("sequence", Objects.requireNonNullElse(r.getSequence(), -1L))
                .put("value", r.getValue())
                .put("end_time", r.getEnd() == null ? null : micros(r.getEnd()))
                .put("received_at", micros(r.getReceivedAt()))
                .put("sent_value", r.getSentValue())
                .put("sent_unit", r.getSentUnit())
                .put("offset_seconds", r.getOffsetSeconds())
                .put("flags", Flag.bits(r.getFlags()))
                .put("priority", (short) r.getPriority());
        return new SchemaAndValue(ROW, row);
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    @Override
    public byte[] fromConnectData(String topic, Schema schema, Object value) {
        throw new UnsupportedOperationException("only for sinks");
    }
}
