package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;

class KafkaAvroDeserializerTest {
    private static final String TOPIC = "deserializer";
    private static final SchemaRegistryClient REGISTRY = new SchemaRegistryClient(Infrastructure.registryUrl());

    private final KafkaAvroSerializer serializer = serializer();
    private final KafkaAvroDeserializer specific = deserializer(true);
    private final KafkaAvroDeserializer generic = deserializer(false);

    @Test
    void aGeneratedClassComesBack() {
        byte[] bytes = serializer.serialize(TOPIC, Example.reading());
        assertThat(specific.deserialize(TOPIC, bytes)).isEqualTo(Example.reading());
    }

    @Test
    void aGenericRecordComesBack() {
        GenericRecord mood =
                new GenericRecordBuilder(Example.MOOD).set("score", 3).build();
        assertThat(generic.deserialize(TOPIC + ".mood", serializer.serialize(TOPIC + ".mood", mood)))
                .isEqualTo(mood);
    }

    @Test
    void aGeneratedClassCanBeReadAsAGenericRecord() {
        IndexedRecord record = generic.deserialize(TOPIC, serializer.serialize(TOPIC, Example.reading()));
        assertThat(record).isInstanceOf(GenericRecord.class);
        GenericRecord reading = (GenericRecord) record;
        assertThat(reading.get("subject")).hasToString("S-0042");
        assertThat(reading.get("time"))
                .isEqualTo(1_000_000L * Instant.parse("2026-11-23T22:31:05Z").getEpochSecond() + 123_456);
        // And a generic record of that schema is the same bytes again.
        assertThat(serializer.serialize(TOPIC, record)).isEqualTo(serializer.serialize(TOPIC, Example.reading()));
    }

    @Property
    void timesKeepTheirMicroseconds(
            @ForAll @LongRange(min = -4_000_000_000_000_000L, max = 8_000_000_000_000_000L) long micros,
            @ForAll double value) {
        Reading sent = Example.reading();
        sent.setTime(instant(micros));
        sent.setEnd(instant(micros + 1));
        sent.setValue(value);
        assertThat(specific.deserialize(TOPIC, serializer.serialize(TOPIC, sent)))
                .isEqualTo(sent);
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), 1_000L * Math.floorMod(micros, 1_000_000));
    }

    @Test
    void nullIsATombstone() {
        assertThat(specific.deserialize(TOPIC, null)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4})
    void fewerBytesThanAHeaderAreRefused(int length) {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> specific.deserialize(TOPIC, new byte[length]))
                .withMessageContaining("is not in the wire format");
    }

    @Test
    void anotherFirstByteIsRefused() {
        byte[] bytes = serializer.serialize(TOPIC, Example.reading());
        bytes[0] = 1;
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> specific.deserialize(TOPIC, bytes))
                .withMessageContaining("is not in the wire format");
    }

    @Test
    void anUnknownIdIsRefusedForGood() {
        byte[] bytes = serializer.serialize(TOPIC, Example.reading());
        ByteBuffer.wrap(bytes).putInt(1, 999_999);
        assertThatExceptionOfType(SchemaRegistryException.class)
                .isThrownBy(() -> specific.deserialize(TOPIC, bytes))
                .satisfies(e -> {
                    assertThat(e.status()).isEqualTo(404);
                    assertThat(e.passing()).isFalse();
                });
    }

    @Test
    void everyTruncatedRecordIsRefused() {
        byte[] bytes = serializer.serialize(TOPIC, Example.reading());
        for (int length = 0; length < bytes.length; length++) {
            byte[] part = Arrays.copyOf(bytes, length);
            assertThatExceptionOfType(SerializationException.class)
                    .as("%d of %d bytes", length, bytes.length)
                    .isThrownBy(() -> specific.deserialize(TOPIC, part));
        }
    }

    @Test
    void bytesThatAreLeftOverAreRefused() {
        byte[] bytes = serializer.serialize(TOPIC, Example.reading());
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> specific.deserialize(TOPIC, Arrays.copyOf(bytes, bytes.length + 1)))
                .withMessageContaining("has bytes left");
    }

    /** Whatever stands after the header, it is read or refused, and never another exception that would end a service. */
    @Test
    void anyBodyIsReadOrRefused() {
        Random random = new Random(42);
        byte[] good = serializer.serialize(TOPIC, Example.reading());
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = good.clone();
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
            }
            for (KafkaAvroDeserializer deserializer : new KafkaAvroDeserializer[] {specific, generic}) {
                try {
                    assertThat(deserializer.deserialize(TOPIC, bytes)).isNotNull();
                } catch (SerializationException e) {
                    assertThat(e).hasMessageContaining("topic " + TOPIC);
                }
            }
        }
    }

    @Test
    void whatHasNoGeneratedClassIsRefusedWithWhatToDo() {
        byte[] bytes = serializer.serialize(
                TOPIC + ".mood",
                new GenericRecordBuilder(Example.MOOD).set("score", 3).build());
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> specific.deserialize(TOPIC + ".mood", bytes))
                .withMessage("There is no generated class org.example.Mood. Set specific.avro.reader=false to read it"
                        + " as a generic record.");
    }

    /** A writer of an earlier version, without the fields that came later and with a symbol that went. */
    @Test
    void anOlderRecordIsReadWithDefaults() {
        Schema older = Schema.createRecord("Reading", null, "org.lifelog.avro", false);
        older.setFields(Reading.getClassSchema().getFields().stream()
                .filter(field -> !field.name().matches("attributes|limit|end|offsetSeconds|sequence|flags|sent.*"))
                .map(field -> new Schema.Field(field, field.schema()))
                .toList());
        GenericRecord record = new GenericData.Record(older);
        Reading expected = Example.reading();
        older.getFields().forEach(field -> {
            Object value = expected.get(field.name());
            record.put(
                    field.name(),
                    value instanceof Instant time
                            ? (Object) (time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000)
                            : value);
        });
        expected.setAttributes("");
        expected.setLimit(Limit.NONE);
        expected.setOffsetSeconds(null);
        expected.setSequence(null);
        assertThat(specific.deserialize(TOPIC + ".older", serializer.serialize(TOPIC + ".older", record)))
                .isEqualTo(expected);
    }

    @Test
    void aSymbolOfANewerVersionIsUnknown() {
        String newer = Reading.getClassSchema().toString().replace("\"LOW\"", "\"FAR_LOW\",\"LOW\"");
        Schema schema = new Schema.Parser().parse(newer);
        GenericRecord record =
                (GenericRecord) generic.deserialize(TOPIC, serializer.serialize(TOPIC, Example.reading()));
        GenericRecord far = new GenericData.Record(schema);
        schema.getFields().forEach(field -> far.put(field.name(), record.get(field.name())));
        far.put("limit", new GenericData.EnumSymbol(schema.getField("limit").schema(), "FAR_LOW"));
        Reading read = (Reading) specific.deserialize(TOPIC + ".newer", serializer.serialize(TOPIC + ".newer", far));
        assertThat(read.getLimit()).isEqualTo(Limit.UNKNOWN);
        assertThat(read.getValue()).isEqualTo(6.4);
    }

    @Test
    void withoutConfigurationItSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new KafkaAvroDeserializer().deserialize(TOPIC, new byte[5]))
                .withMessage("configure() has not been called");
    }

    private static KafkaAvroSerializer serializer() {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer(REGISTRY);
        serializer.configure(Map.of("schema.registry.url", Infrastructure.registryUrl()), false);
        return serializer;
    }

    private static KafkaAvroDeserializer deserializer(boolean specific) {
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer(REGISTRY);
        deserializer.configure(
                Map.of("schema.registry.url", Infrastructure.registryUrl(), "specific.avro.reader", specific), false);
        return deserializer;
    }
}
