package org.lifelog.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.BindException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.KafkaProbe;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.accept.ReadingProducer;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.access.Credentials;
import org.lifelog.gateway.format.ReadingDecoder;
import org.lifelog.gateway.http.HttpFront;
import org.lifelog.gateway.mqtt.MqttFront;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.runtime.Management;
import org.lifelog.runtime.PortInUseException;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Setting;
import org.lifelog.runtime.Settings;

/** The device gateway: its entry point. */
public final class Gateway {
    private static final int PASSWORD_THREADS = 2;
    private static final long START_SECONDS = 30;

    private Gateway() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        Service.run(
                "device-gateway",
                GatewaySettings.ALL,
                arguments,
                (settings, service) -> start(settings, service.management(), service::closeAtEnd));
    }

    /** Takes parts as they are started, to close them at the end in the reverse order. */
    interface Parts {
        /** Hands over a part. */
        <T extends AutoCloseable> T closeAtEnd(T part);
    }

    /** The ports that were opened. */
    public record Ports(int http, int mqtt) {}

    /**
     * Starts all parts.
     *
     * @throws PortInUseException where the port of HTTP or MQTT is taken
     */
    static Ports start(Settings settings, Management management, Parts parts) {
        MeterRegistry meters = management.metrics();
        Catalogue catalogue =
                settings.get(GatewaySettings.CATALOGUE).map(Catalogue::load).orElseGet(Catalogue::load);
        Centers centers = settings.get(GatewaySettings.CENTERS)
                .map(file -> Centers.load(file, catalogue))
                .orElseGet(() -> Centers.load(catalogue));

        KafkaProbe probe = parts.closeAtEnd(new KafkaProbe(adminSettings(settings)));
        management.health().add("kafka", probe::check);
        KafkaProducer<String, byte[]> producer = parts.closeAtEnd(producer(settings));
        KafkaClientMetrics producerMetrics = parts.closeAtEnd(new KafkaClientMetrics(producer));
        producerMetrics.bindTo(meters);
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(meters))
                .build();
        parts.closeAtEnd(() -> vertx.close().await(START_SECONDS, TimeUnit.SECONDS));

        Acceptor acceptor = new Acceptor(
                new ReadingProducer(producer, serializer(settings)),
                vertx.createSharedWorkerExecutor("accept", settings.get(GatewaySettings.WORKERS)),
                new Memory((long) settings.get(GatewaySettings.MEMORY_MIB) << 20, meters),
                meters,
                Clock.systemUTC());
        ReadingDecoder decoder = new ReadingDecoder(catalogue);
        Authenticator authenticator = new Authenticator(
                new Credentials(settings.get(GatewaySettings.CREDENTIALS), centers),
                vertx.createSharedWorkerExecutor("passwords", PASSWORD_THREADS));
        String host = settings.get(GatewaySettings.HOST);
        HttpFront http = parts.closeAtEnd(new HttpFront(vertx, acceptor, decoder, authenticator, centers, meters));
        int httpPort = open(
                        http.start(host, settings.get(GatewaySettings.HTTP_PORT)), settings, GatewaySettings.HTTP_PORT)
                .actualPort();
        MqttFront mqtt = parts.closeAtEnd(new MqttFront(vertx, acceptor, decoder, authenticator, meters));
        int mqttPort = open(
                        mqtt.start(host, settings.get(GatewaySettings.MQTT_PORT)), settings, GatewaySettings.MQTT_PORT)
                .actualPort();
        return new Ports(httpPort, mqttPort);
    }

    private static <T> T open(Future<T> opening, Settings settings, Setting<Integer> port) {
        try {
            return opening.await(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new PortInUseException(
                        settings.get(GatewaySettings.HOST),
                        settings.get(port),
                        port.name() + " (" + port.variable() + ")");
            }
            throw new IllegalStateException("could not open " + port.name(), e);
        }
    }

    private static Map<String, Object> adminSettings(Settings settings) {
        Map<String, Object> admin = new HashMap<>();
        admin.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.get(GatewaySettings.KAFKA));
        admin.putAll(settings.kafka("admin"));
        return admin;
    }

    private static KafkaProducer<String, byte[]> producer(Settings settings) {
        int timeoutMillis = (int) settings.get(GatewaySettings.DELIVERY_TIMEOUT).toMillis();
        Map<String, Object> producer = new HashMap<>();
        producer.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(GatewaySettings.KAFKA));
        producer.put(ProducerConfig.CLIENT_ID_CONFIG, "lifelog-gateway");
        producer.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        producer.put(ProducerConfig.BATCH_SIZE_CONFIG, 64 << 10);
        producer.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
        producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis / 2);
        producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis / 2);
        producer.putAll(settings.kafka("producer"));
        // Promises, not tunables: what is acknowledged is on every in-sync replica, in order, once.
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer());
    }

    private static KafkaAvroSerializer serializer(Settings settings) {
        Map<String, Object> registry = new HashMap<>();
        registry.put(SchemaRegistryConfig.URL, settings.get(GatewaySettings.REGISTRY));
        registry.put(SchemaRegistryConfig.CREDENTIALS_SOURCE, "USER_INFO");
        registry.put(SchemaRegistryConfig.USER_INFO, settings.get(GatewaySettings.REGISTRY_USER_INFO));
        registry.put(SchemaRegistryConfig.AUTO_REGISTER, false);
        registry.put(SchemaRegistryConfig.MAX_RETRIES, 1);
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(registry, false);
        return serializer;
    }
}
