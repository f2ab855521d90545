package org.lifelog.streams;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.registry.SchemaRegistryException;
import org.lifelog.runtime.Health;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Settings;
import org.lifelog.streams.research.Research;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams application: its entry point. */
public final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    private Streams() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        Service.run("streams-app", StreamsSettings.ALL, arguments, Streams::start);
    }

    private static void start(Settings settings, Service service) throws InterruptedException {
        Catalogue catalogue =
                settings.get(StreamsSettings.CATALOGUE).map(Catalogue::load).orElseGet(Catalogue::load);
        Centers centers = settings.get(StreamsSettings.CENTERS)
                .map(file -> Centers.load(file, catalogue))
                .orElseGet(() -> Centers.load(catalogue));
        Research research = Research.load(settings.get(StreamsSettings.RESEARCH_KEYS), centers);
        Topology topology = topology(
                        settings, catalogue, centers, service.management().metrics())
                .build(research);
        Properties properties = properties(settings);
        KafkaStreams streams = new KafkaStreams(topology, properties);
        streams.setUncaughtExceptionHandler(error -> answer(error, service));
        // The thread that follows the devices cannot start anew alone: where it ends, this is the state, and for good.
        streams.setStateListener((state, before) -> {
            if (state == KafkaStreams.State.ERROR) {
                service.fail("Kafka Streams has stopped", null);
            }
        });
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(service.management().metrics());
        service.closeAtEnd(() -> {
            metrics.close();
            if (!streams.close(CLOSE_TIMEOUT)) {
                LOG.warn(
                        "Kafka Streams did not close within {}; the last transaction is done again at the next start",
                        CLOSE_TIMEOUT);
            }
        });
        service.management().health().add("streams", () -> check(streams));
        SourceTopics.await(new StreamsConfig(properties).getAdminConfigs("streams-app-start"), research.topics());
        streams.start();
    }

    private static Health.Check check(KafkaStreams streams) {
        KafkaStreams.State state = streams.state();
        return switch (state) {
            case RUNNING -> Health.Check.up("running");
            case CREATED -> Health.Check.down("waits for Kafka to answer and to have its topics");
            default ->
                Health.Check.down("state is " + state
                        + "; it becomes RUNNING when partitions are assigned and their state is restored");
        };
    }

    /** A fault of Kafka or of the registry passes, so the thread starts anew; a bug must be seen. */
    private static StreamThreadExceptionResponse answer(Throwable error, Service service) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            boolean registryAway = cause instanceof SchemaRegistryException refused && refused.passing();
            if (registryAway || cause instanceof RetriableException) {
                LOG.warn("A fault that passes; the thread starts anew", error);
                return StreamThreadExceptionResponse.REPLACE_THREAD;
            }
        }
        service.fail("a stream thread failed", error);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private static LifelogTopology topology(
            Settings settings, Catalogue catalogue, Centers centers, MeterRegistry meters) {
        Map<String, Object> registry = new HashMap<>();
        registry.put(SchemaRegistryConfig.URL, settings.get(StreamsSettings.REGISTRY));
        registry.put(SchemaRegistryConfig.CREDENTIALS_SOURCE, "USER_INFO");
        registry.put(SchemaRegistryConfig.USER_INFO, settings.get(StreamsSettings.REGISTRY_USER_INFO));
        registry.put(SchemaRegistryConfig.AUTO_REGISTER, false);
        registry.put(SchemaRegistryConfig.SPECIFIC_READER, true);
        SchemaRegistryClient client = new SchemaRegistryClient(new SchemaRegistryConfig(registry));
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer(client);
        deserializer.configure(registry, false);
        KafkaAvroSerializer serializer = new KafkaAvroSerializer(client);
        serializer.configure(registry, false);
        Judge judge = new Judge(
                catalogue,
                centers,
                settings.get(StreamsSettings.FUTURE_TOLERANCE),
                settings.get(StreamsSettings.EARLIEST));
        return new LifelogTopology(
                catalogue,
                centers,
                new DeviceCheck(centers, settings.get(StreamsSettings.UNKNOWN_DEVICES)),
                settings.get(StreamsSettings.PARKED_PER_DEVICE),
                judge,
                deserializer,
                serializer,
                meters);
    }

    /** How Kafka Streams is set up; for what is to be compared with it. */
    public static Properties properties(Settings settings) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(StreamsSettings.KAFKA));
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.get(StreamsSettings.APPLICATION_ID));
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.get(StreamsSettings.STATE_FOLDER));
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.get(StreamsSettings.THREADS));
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.get(StreamsSettings.STANDBYS));
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, settings.get(StreamsSettings.REPLICATION));
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.get(StreamsSettings.COMMIT_INTERVAL).toMillis());
        properties.put(
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, (long) settings.get(StreamsSettings.CACHE_MIB) << 20);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        properties.put(BoundedRocksDb.BYTES, (long) settings.get(StreamsSettings.ROCKSDB_MIB) << 20);
        // Neither topic waits for the other, and neither is held up where the other's leader is away.
        properties.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // As it is from Kafka 5 on; without it Kafka Streams warns at each start. Its constant is deprecated already.
        properties.put("processing.exception.handler.global.enabled", true);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        // A restart within this time keeps its partitions, and its state stays where it is.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 << 10);
        // The first batch of a transaction waits until the broker has added its partition. A second one that
        // overtook it would be refused as out of order and sent again, at the cost of a pause.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION), 1);
        // What a killed instance left open is aborted after this, and readers of committed records wait no longer.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 20_000);
        properties.putAll(settings.kafka("streams"));
        return properties;
    }
}
