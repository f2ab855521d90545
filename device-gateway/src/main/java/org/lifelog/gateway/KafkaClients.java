package org.lifelog.gateway;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.runtime.Settings;

/** How the gateway's clients of Kafka and the registry are set up. */
final class KafkaClients {
    private static final int MOST_BACKOFF_MILLIS = 1_000;
    private static final int CONNECT_MILLIS = 2_000;
    private static final long BUFFER_BYTES = 64L << 20;

    private final Settings settings;

    KafkaClients(Settings settings) {
        this.settings = settings;
    }

    /** The settings of a client of this kind: {@code admin}, {@code consumer} or {@code producer}. */
    Map<String, Object> common(String kind) {
        Map<String, Object> common = new HashMap<>();
        common.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.get(GatewaySettings.KAFKA));
        // A broker that comes back is found within a second.
        common.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, MOST_BACKOFF_MILLIS);
        common.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, CONNECT_MILLIS);
        common.put(CommonClientConfigs.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, CONNECT_MILLIS);
        common.putAll(settings.kafka(kind));
        return common;
    }

    KafkaProducer<String, byte[]> producer() {
        int timeoutMillis = (int) settings.get(GatewaySettings.DELIVERY_TIMEOUT).toMillis();
        Map<String, Object> producer = new HashMap<>();
        producer.put(ProducerConfig.CLIENT_ID_CONFIG, "lifelog-gateway");
        producer.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        producer.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, BUFFER_BYTES);
        producer.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis / 2);
        producer.putAll(common("producer"));
        // Promises, not tunables: what is acknowledged is on every in-sync replica, in order, once; and an event loop
        // never waits.
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
        return new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer());
    }

    private Map<String, Object> registry() {
        Map<String, Object> registry = new HashMap<>();
        registry.put(SchemaRegistryConfig.URL, settings.get(GatewaySettings.REGISTRY));
        registry.put(SchemaRegistryConfig.CREDENTIALS_SOURCE, "USER_INFO");
        registry.put(SchemaRegistryConfig.USER_INFO, settings.get(GatewaySettings.REGISTRY_USER_INFO));
        registry.put(SchemaRegistryConfig.AUTO_REGISTER, false);
        registry.put(SchemaRegistryConfig.MAX_RETRIES, 1);
        return registry;
    }

    KafkaAvroDeserializer deserializer() {
        Map<String, Object> registry = registry();
        registry.put(SchemaRegistryConfig.SPECIFIC_READER, true);
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(registry, false);
        return deserializer;
    }

    KafkaAvroSerializer serializer() {
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(registry(), false);
        return serializer;
    }
}
