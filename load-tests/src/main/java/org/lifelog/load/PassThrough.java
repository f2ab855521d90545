package org.lifelog.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.lifelog.contract.Topic;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Setting;
import org.lifelog.runtime.Settings;
import org.lifelog.streams.Streams;
import org.lifelog.streams.StreamsSettings;

/**
 * A topology that does nothing with {@code lifelog.readings} but to write it to another topic, set up as the streams
 * application is: what is left is the price of Kafka Streams itself.
 */
final class PassThrough {
    /** Where it writes. */
    static final String TOPIC = "bench.pass-through";

    /** Whether each record is decoded and encoded on its way, as whatever looks into it must do. */
    static final Setting<Boolean> DECODES =
            Setting.flag("pass.through.decodes", false, "Whether records are decoded and encoded again.");

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private PassThrough() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        List<Setting<?>> known = new ArrayList<>(StreamsSettings.ALL);
        known.add(DECODES);
        Service.run("pass-through", known, arguments, PassThrough::start);
    }

    private static void start(Settings settings, Service service) {
        Topology topology = settings.get(DECODES)
                ? decoding(settings.get(StreamsSettings.REGISTRY))
                : topology(new ByteArrayDeserializer(), new ByteArraySerializer());
        KafkaStreams streams = new KafkaStreams(topology, Streams.properties(settings));
        service.closeAtEnd(() -> streams.close(CLOSE_TIMEOUT));
        streams.start();
    }

    private static Topology decoding(String registry) {
        Map<String, Object> settings = Map.of(
                SchemaRegistryConfig.URL,
                registry,
                SchemaRegistryConfig.AUTO_REGISTER,
                true,
                SchemaRegistryConfig.SPECIFIC_READER,
                true);
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(settings, false);
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(settings, false);
        return PassThrough.<IndexedRecord>topology(deserializer, serializer);
    }

    private static <V> Topology topology(Deserializer<V> deserializer, Serializer<V> serializer) {
        Topology topology = new Topology();
        topology.addSource("readings", new StringDeserializer(), deserializer, Topic.READINGS.topicName());
        topology.addSink("out", TOPIC, new StringSerializer(), serializer, "readings");
        return topology;
    }
}
