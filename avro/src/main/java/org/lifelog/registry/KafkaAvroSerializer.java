package org.lifelog.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Writes generated and generic Avro records in Confluent's wire format: a byte 0, the id of the schema in 4 bytes, the
 * body. Takes the settings of {@link SchemaRegistryConfig}; the subject is {@code <topic>-value} or {@code <topic>-key}.
 *
 * <p>Safe for use by several threads, since Kafka Streams shares it between its threads.
 */
public final class KafkaAvroSerializer implements Serializer<IndexedRecord> {
    static final byte MAGIC = 0;
    static final int HEADER_BYTES = 5;
    private static final long LATEST_NANOS = Duration.ofMinutes(1).toNanos();

    private record SubjectSchema(String topic, Schema schema) {}

    /** How records of one schema are written to one topic. */
    private record Writer(int id, DatumWriter<IndexedRecord> own, Optional<Schema> latest, long madeAtNanos) {}

    private final Map<SubjectSchema, Writer> writers = new ConcurrentHashMap<>();
    /** Each has a buffer of 2 KiB, and costs more to make than most records to write. */
    private final ThreadLocal<BinaryEncoder> encoders = new ThreadLocal<>();

    private SchemaRegistryClient client;
    private boolean autoRegister;
    private boolean useLatest;
    private boolean key;

    /** For Kafka, which calls {@link #configure}. */
    public KafkaAvroSerializer() {}

    /** Shares a client; {@link #configure} must still be called. */
    public KafkaAvroSerializer(SchemaRegistryClient client) {
        this.client = client;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        TrustedClasses.trust();
        SchemaRegistryConfig config = new SchemaRegistryConfig(settings);
        if (client == null) {
            client = new SchemaRegistryClient(config);
        }
        autoRegister = config.getBoolean(SchemaRegistryConfig.AUTO_REGISTER);
        useLatest = config.getBoolean(SchemaRegistryConfig.USE_LATEST);
        key = isKey;
    }

    /**
     * Looks up beforehand what the first record of a schema would have to wait for.
     *
     * @throws SerializationException where the schema is not registered and may not be
     * @throws SchemaRegistryException where the registry refuses or does not answer
     */
    public void prepare(String topic, Schema schema) {
        writer(topic, schema);
    }

    /**
     * Writes a record.
     *
     * @return the bytes, or null for null, which is a tombstone
     * @throws SerializationException where the schema is not registered and may not be, or the record does not fit it
     * @throws SchemaRegistryException where the registry refuses or does not answer
     */
    @Override
    public byte[] serialize(String topic, IndexedRecord record) {
        if (record == null) {
            return null;
        }
        if (client == null) {
            throw new IllegalStateException("configure() has not been called");
        }
        Writer writer = writer(topic, record.getSchema());
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            // What a record that did not fit has left in the buffer goes to its own stream here, not to this one.
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, encoders.get());
            encoders.set(encoder);
            int id = writer.id();
            encoder.writeFixed(new byte[] {MAGIC, (byte) (id >> 24), (byte) (id >> 16), (byte) (id >> 8), (byte) id});
            if (writer.latest().isPresent()) {
                writeAs(writer.latest().get(), writer.own(), record, encoder);
            } else {
                writer.own().write(record, encoder);
            }
            encoder.flush();
            return out.toByteArray();
        } catch (IOException | AvroRuntimeException | ClassCastException | NullPointerException e) {
            throw new SerializationException(
                    "A record does not fit its schema " + record.getSchema().getFullName() + " for topic " + topic, e);
        }
    }

    private Writer writer(String topic, Schema schema) {
        SubjectSchema wanted = new SubjectSchema(topic, schema);
        Writer writer = writers.get(wanted);
        if (writer == null || (useLatest && System.nanoTime() - writer.madeAtNanos() > LATEST_NANOS)) {
            writer = newWriter(topic + (key ? "-key" : "-value"), schema);
            writers.put(wanted, writer);
        }
        return writer;
    }

    private Writer newWriter(String subject, Schema schema) {
        DatumWriter<IndexedRecord> own = new AnyWriter(schema);
        if (autoRegister) {
            return new Writer(client.register(subject, schema), own, Optional.empty(), System.nanoTime());
        }
        Schema written = useLatest
                ? client.latest(subject)
                        .orElseThrow(() -> new SerializationException(
                                "Subject " + subject + " has no schema yet. Register it with the topics command."))
                : schema;
        int id = client.lookUp(subject, written)
                .orElseThrow(() -> new SerializationException("Schema " + schema.getFullName()
                        + " is not registered under " + subject + ", and " + SchemaRegistryConfig.AUTO_REGISTER
                        + " is false. Register it with the topics command."));
        return new Writer(id, own, Optional.of(written).filter(s -> !s.equals(schema)), System.nanoTime());
    }

    /** Schema resolution is a matter of reading, so the record is written with its own schema and read with the latest. */
    private static void writeAs(
            Schema latest, DatumWriter<IndexedRecord> own, IndexedRecord record, BinaryEncoder encoder)
            throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        BinaryEncoder plainEncoder = EncoderFactory.get().directBinaryEncoder(plain, null);
        own.write(record, plainEncoder);
        plainEncoder.flush();
        GenericRecord resolved = new GenericDatumReader<GenericRecord>(record.getSchema(), latest)
                .read(null, DecoderFactory.get().binaryDecoder(plain.toByteArray(), null));
        new GenericDatumWriter<GenericRecord>(latest).write(resolved, encoder);
    }

    /** Generated classes bring conversions of their own, such as Instant for timestamp-micros; generic records do not. */
    private static final class AnyWriter implements DatumWriter<IndexedRecord> {
        private final GenericDatumWriter<IndexedRecord> generic;
        private final SpecificDatumWriter<IndexedRecord> specific;

        AnyWriter(Schema schema) {
            generic = new GenericDatumWriter<>(schema);
            specific = new SpecificDatumWriter<>(schema);
        }

        @Override
        public void setSchema(Schema schema) {
            generic.setSchema(schema);
            specific.setSchema(schema);
        }

        @Override
        public void write(IndexedRecord record, Encoder to) throws IOException {
            if (record instanceof SpecificRecord) {
                specific.write(record, to);
            } else {
                generic.write(record, to);
            }
        }
    }
}
