package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;

class KafkaAvroSerializerTest {
    private final SchemaRegistryClient registry = new SchemaRegistryClient(Infrastructure.registryUrl());

    @Test
    void aRecordIsAZeroTheSchemaIdAndTheBody() throws IOException {
        KafkaAvroSerializer serializer = serializer(Map.of(), false);
        byte[] bytes = serializer.serialize("serializer.wire", Example.reading());

        int id = registry.lookUp("serializer.wire-value", Reading.getClassSchema())
                .orElseThrow();
        assertThat(bytes[0]).isZero();
        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
        assertThat(Arrays.copyOfRange(bytes, 5, bytes.length)).isEqualTo(body(Example.reading()));
    }

    @Test
    void nullIsATombstone() {
        assertThat(serializer(Map.of(), false).serialize("serializer.tombstone", null))
                .isNull();
    }

    @Test
    void keysHaveASubjectOfTheirOwn() {
        serializer(Map.of(), true).serialize("serializer.keys", mood(3));
        assertThat(registry.lookUp("serializer.keys-key", Example.MOOD)).isPresent();
        assertThat(registry.lookUp("serializer.keys-value", Example.MOOD)).isEmpty();
    }

    @Test
    void whatIsNotRegisteredIsRefusedWithWhatToDo() {
        KafkaAvroSerializer serializer = serializer(Map.of("auto.register.schemas", false), false);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serializer.serialize("serializer.strict", mood(3)))
                .withMessage("Schema org.example.Mood is not registered under serializer.strict-value, and"
                        + " auto.register.schemas is false. Register it with the topics command.");
        assertThat(registry.versionsOf("serializer.strict-value")).isEmpty();

        int id = registry.register("serializer.strict-value", Example.MOOD);
        byte[] bytes = serializer.serialize("serializer.strict", mood(3));
        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(id);
    }

    @Test
    void theLatestVersionIsWrittenWhereItIsWanted() {
        registry.register("serializer.latest-value", Example.MOOD);
        int latest = registry.register("serializer.latest-value", Example.MOOD_WITH_NOTE);
        KafkaAvroSerializer serializer =
                serializer(Map.of("auto.register.schemas", false, "use.latest.version", true), false);
        byte[] bytes = serializer.serialize("serializer.latest", mood(3));
        assertThat(ByteBuffer.wrap(bytes, 1, 4).getInt()).isEqualTo(latest);
        // 3 as a zigzag number, then the first type of the union: null.
        assertThat(Arrays.copyOfRange(bytes, 5, bytes.length)).containsExactly(6, 0);
    }

    @Test
    void theLatestVersionIsWrittenFromGeneratedClassesToo() {
        registry.register("serializer.latest.specific-value", Reading.getClassSchema());
        KafkaAvroSerializer serializer =
                serializer(Map.of("auto.register.schemas", false, "use.latest.version", true), false);
        byte[] bytes = serializer.serialize("serializer.latest.specific", Example.reading());
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer(registry);
        deserializer.configure(
                Map.of("schema.registry.url", Infrastructure.registryUrl(), "specific.avro.reader", true), false);
        assertThat(deserializer.deserialize("serializer.latest.specific", bytes))
                .isEqualTo(Example.reading());
    }

    @Test
    void aSubjectWithoutAVersionIsRefusedWithWhatToDo() {
        KafkaAvroSerializer serializer =
                serializer(Map.of("auto.register.schemas", false, "use.latest.version", true), false);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serializer.serialize("serializer.none", mood(3)))
                .withMessage("Subject serializer.none-value has no schema yet. Register it with the topics command.");
    }

    @Test
    void aRecordThatDoesNotFitItsSchemaIsRefused() {
        KafkaAvroSerializer serializer = serializer(Map.of(), false);
        GenericRecord empty = new GenericData.Record(Example.MOOD);
        assertRefused(serializer, empty);
        GenericRecord wrong = new GenericData.Record(Example.MOOD);
        wrong.put("score", "three");
        assertRefused(serializer, wrong);
        assertRefused(serializer, new Reading());
    }

    @Test
    void whatWasWrittenOfARecordThatDoesNotFitDoesNotGetIntoTheNext() throws IOException {
        KafkaAvroSerializer serializer = serializer(Map.of(), false);
        Reading good = Example.reading();
        serializer.serialize("serializer.leak", good);
        Reading withoutItsEnd = Example.reading();
        withoutItsEnd.setFlags(null);
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serializer.serialize("serializer.leak", withoutItsEnd));
        byte[] bytes = serializer.serialize("serializer.leak", good);
        assertThat(Arrays.copyOfRange(bytes, 5, bytes.length)).isEqualTo(body(good));
    }

    private static void assertRefused(KafkaAvroSerializer serializer, IndexedRecord record) {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> serializer.serialize(
                        "serializer.misfit." + record.getSchema().getName(), record))
                .withMessageStartingWith(
                        "A record does not fit its schema " + record.getSchema().getFullName());
    }

    @Test
    void withoutConfigurationItSaysSo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new KafkaAvroSerializer().serialize("any", mood(3)))
                .withMessage("configure() has not been called");
    }

    private static KafkaAvroSerializer serializer(Map<String, ?> settings, boolean key) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("schema.registry.url", Infrastructure.registryUrl());
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(all, key);
        return serializer;
    }

    private static GenericRecord mood(int score) {
        return new GenericRecordBuilder(Example.MOOD).set("score", score).build();
    }

    private static byte[] body(Reading reading) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new SpecificDatumWriter<>(Reading.class).write(reading, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
