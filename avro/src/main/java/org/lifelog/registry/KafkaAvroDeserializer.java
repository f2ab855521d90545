package org.lifelog.registry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads records in Confluent's wire format. With {@code specific.avro.reader=true} it makes objects of the generated
 * classes, resolved to the schema of the class, so that records of older and newer versions are read alike; else it
 * makes generic records as they were written.
 *
 * <p>Safe for use by several threads, since Kafka Streams shares it between its threads.
 */
public final class KafkaAvroDeserializer implements Deserializer<IndexedRecord> {
    private final Map<Integer, DatumReader<IndexedRecord>> readers = new ConcurrentHashMap<>();
    private SchemaRegistryClient client;
    private boolean specific;

    /** For Kafka, which calls {@link #configure}. */
    public KafkaAvroDeserializer() {}

    /** Shares a client; {@link #configure} must still be called. */
    public KafkaAvroDeserializer(SchemaRegistryClient client) {
        this.client = client;
    }

    @Override
    public void configure(Map<String, ?> settings, boolean isKey) {
        TrustedClasses.trust();
        SchemaRegistryConfig config = new SchemaRegistryConfig(settings);
        if (client == null) {
            client = new SchemaRegistryClient(config);
        }
        specific = config.getBoolean(SchemaRegistryConfig.SPECIFIC_READER);
    }

    /**
     * Reads a record.
     *
     * @return the record, or null for null, which is a tombstone
     * @throws SerializationException where the bytes are not in the wire format or do not fit their schema: lasting
     * @throws SchemaRegistryException where the registry does not know the id or does not answer; see
     *     {@link SchemaRegistryException#passing}
     */
    @Override
    public IndexedRecord deserialize(String topic, byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        if (client == null) {
            throw new IllegalStateException("configure() has not been called");
        }
        if (bytes.length < KafkaAvroSerializer.HEADER_BYTES || bytes[0] != KafkaAvroSerializer.MAGIC) {
            throw new SerializationException("A record of topic " + topic
                    + " is not in the wire format: it needs a byte 0 and a schema id of 4 bytes before the body.");
        }
        int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        DatumReader<IndexedRecord> reader = readers.computeIfAbsent(id, this::newReader);
        try {
            BinaryDecoder decoder = DecoderFactory.get()
                    .binaryDecoder(
                            bytes,
                            KafkaAvroSerializer.HEADER_BYTES,
                            bytes.length - KafkaAvroSerializer.HEADER_BYTES,
                            null);
            IndexedRecord record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new SerializationException(
                        "A record of topic " + topic + " has bytes left after its schema with id " + id + ".");
            }
            return record;
        } catch (SerializationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Avro throws what it likes at bytes that are no record: UnsupportedOperation, index out of bounds, ...
            throw new SerializationException(
                    "A record of topic " + topic + " does not fit its schema with id " + id, e);
        }
    }

    private DatumReader<IndexedRecord> newReader(int id) {
        Schema written = client.schema(id);
        if (!specific) {
            return new GenericDatumReader<>(written);
        }
        Class<?> type = SpecificData.get().getClass(written);
        if (type == null || !SpecificRecord.class.isAssignableFrom(type)) {
            throw new SerializationException("There is no generated class " + written.getFullName() + ". Set "
                    + SchemaRegistryConfig.SPECIFIC_READER + "=false to read it as a generic record.");
        }
        Schema expected = SpecificData.get().getSchema(type);
        return new SpecificDatumReader<>(written, expected);
    }
}
