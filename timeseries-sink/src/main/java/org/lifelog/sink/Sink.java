package org.lifelog.sink;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.flywaydb.core.api.FlywayException;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.SchemaRegistryConfig;
import org.lifelog.runtime.Health;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The time-series sink: its entry point. */
public final class Sink {
    private static final Logger LOG = LoggerFactory.getLogger(Sink.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final long DATABASE_PAUSE_MILLIS = 2_000;

    private Sink() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        Service.run("timeseries-sink", SinkSettings.ALL, arguments, Sink::start);
    }

    private static void start(Settings settings, Service service) throws InterruptedException {
        MeterRegistry meters = service.management().metrics();
        Catalogue catalogue =
                settings.get(SinkSettings.CATALOGUE).map(Catalogue::load).orElseGet(Catalogue::load);
        Centers centers = settings.get(SinkSettings.CENTERS)
                .map(file -> Centers.load(file, catalogue))
                .orElseGet(() -> Centers.load(catalogue));
        List<SinkWorker> workers = new ArrayList<>();
        service.management().health().add("writing", () -> check(workers));
        HikariDataSource database = service.closeAtEnd(database(settings, meters));
        migrate(database);
        BatchWriter writer = new BatchWriter(database, catalogue, centers);
        for (int i = 0; i < settings.get(SinkSettings.THREADS); i++) {
            startWorker(settings, service, writer, new Offsets(database), workers);
        }
    }

    private static void startWorker(
            Settings settings, Service service, BatchWriter writer, Offsets offsets, List<SinkWorker> workers) {
        KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(consumerSettings(settings), new StringDeserializer(), new ByteArrayDeserializer());
        KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(service.management().metrics());
        SinkWorker worker = new SinkWorker(
                consumer,
                deserializer(settings),
                writer,
                offsets,
                service.management().metrics());
        synchronized (workers) {
            workers.add(worker);
        }
        Thread thread = new Thread(worker, "sink-" + workers.size());
        thread.setUncaughtExceptionHandler((failed, error) -> service.fail("a sink thread failed", error));
        service.closeAtEnd(() -> {
            worker.stop();
            thread.join(STOP_TIMEOUT.toMillis());
            metrics.close();
        });
        thread.start();
    }

    private static Health.Check check(List<SinkWorker> workers) {
        synchronized (workers) {
            if (workers.isEmpty()) {
                return Health.Check.down("waiting for the database to bring its schema up to date");
            }
            return workers.stream()
                    .map(SinkWorker::trouble)
                    .filter(trouble -> !trouble.isEmpty())
                    .findFirst()
                    .map(Health.Check::down)
                    .orElseGet(() -> Health.Check.up("writing"));
        }
    }

    /** The database may start after the sink, so the schema waits for it. A faulty migration does not pass by waiting. */
    private static void migrate(HikariDataSource database) throws InterruptedException {
        while (true) {
            try {
                Schema.migrate(database);
                return;
            } catch (FlywayException e) {
                if (database.getHikariPoolMXBean() != null
                        && database.getHikariPoolMXBean().getTotalConnections() > 0) {
                    throw e;
                }
                LOG.warn("The database does not answer; trying again in {} ms", DATABASE_PAUSE_MILLIS);
                TimeUnit.MILLISECONDS.sleep(DATABASE_PAUSE_MILLIS);
            }
        }
    }

    private static HikariDataSource database(Settings settings, MeterRegistry meters) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sink");
        config.setJdbcUrl(settings.get(SinkSettings.DATABASE));
        config.setUsername(settings.get(SinkSettings.DATABASE_USERNAME));
        config.setPassword(settings.get(SinkSettings.DATABASE_PASSWORD));
        config.setMaximumPoolSize(settings.get(SinkSettings.THREADS) + 2);
        config.setConnectionTimeout(5_000);
        // The pool opens its connections when they are asked for, so that the sink outlives a database that is away.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "lifelog-sink");
        config.addDataSourceProperty("socketTimeout", "60");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
        return new HikariDataSource(config);
    }

    private static KafkaAvroDeserializer deserializer(Settings settings) {
        Map<String, Object> registry = new HashMap<>();
        registry.put(SchemaRegistryConfig.URL, settings.get(SinkSettings.REGISTRY));
        registry.put(SchemaRegistryConfig.CREDENTIALS_SOURCE, "USER_INFO");
        registry.put(SchemaRegistryConfig.USER_INFO, settings.get(SinkSettings.REGISTRY_USER_INFO));
        registry.put(SchemaRegistryConfig.SPECIFIC_READER, true);
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(registry, false);
        return deserializer;
    }

    private static Map<String, Object> consumerSettings(Settings settings) {
        Map<String, Object> consumer = new HashMap<>();
        consumer.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.get(SinkSettings.KAFKA));
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, settings.get(SinkSettings.GROUP));
        consumer.put(ConsumerConfig.CLIENT_ID_CONFIG, "lifelog-sink");
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Where to start is in the database; an offset that Kafka does not have must be seen and not skipped.
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.get(SinkSettings.BATCH_ROWS));
        // All partitions are given back and taken anew, so that one worker never writes for two generations at once.
        consumer.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
        consumer.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
        consumer.putAll(settings.kafka("consumer"));
        return consumer;
    }
}
