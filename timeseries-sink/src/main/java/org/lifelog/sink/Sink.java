package org.lifelog.sink;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
    /** More than a statement may take, and less than the group waits for a consumer that does not poll. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);
    /**
     * How long a statement and a lock are waited for; and when the server gives up on a sink that is gone in the middle of
     * a transaction, which else would keep its partitions locked until TCP notices. No commit waits for the disk: what a
     * server that dies has not written yet, rows and offsets alike, is read from Kafka once more. The address of the
     * database may say otherwise.
     */
    private static final String SESSION = "-c statement_timeout=45s -c lock_timeout=10s"
            + " -c idle_in_transaction_session_timeout=20s -c synchronous_commit=off";

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
        try (HikariDataSource database = new HikariDataSource(pool(settings))) {
            migrate(database, centers);
        }
        HikariDataSource database = service.closeAtEnd(database(settings, meters));
        BatchWriter writer = new BatchWriter(database, catalogue, centers, settings.get(SinkSettings.CONNECTIONS));
        for (int i = 0; i < settings.get(SinkSettings.THREADS); i++) {
            startWorker(settings, service, writer, new Offsets(database), workers);
        }
        startRetention(settings, service, new RetentionRun(database, centers));
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

    private static void startRetention(Settings settings, Service service, RetentionRun retention) {
        ScheduledExecutorService executor =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "sink-retention"));
        service.closeAtEnd(executor::shutdownNow);
        executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        retention.run(Instant.now());
                    } catch (SQLException | RuntimeException e) {
                        LOG.warn("What is too old was not removed, or not all of it; it is tried again later", e);
                    }
                },
                1,
                TimeUnit.HOURS.toMinutes(settings.get(SinkSettings.RETENTION_HOURS)),
                TimeUnit.MINUTES);
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
    private static void migrate(HikariDataSource database, Centers centers) throws InterruptedException {
        while (true) {
            try {
                Schema.migrate(database, centers);
                return;
            } catch (FlywayException e) {
                SQLException fault = fault(e).filter(DatabaseFault::isOfServer).orElseThrow(() -> e);
                LOG.warn(
                        "Cannot bring the schema up to date: {}; trying again in {} ms",
                        DatabaseFault.describe(fault),
                        DATABASE_PAUSE_MILLIS);
                TimeUnit.MILLISECONDS.sleep(DATABASE_PAUSE_MILLIS);
            }
        }
    }

    private static Optional<SQLException> fault(Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause)
                .filter(SQLException.class::isInstance)
                .map(SQLException.class::cast)
                .findFirst();
    }

    private static HikariDataSource database(Settings settings, MeterRegistry meters) {
        HikariConfig config = pool(settings);
        config.setMaximumPoolSize(settings.get(SinkSettings.THREADS) + 2);
        config.setExceptionOverride(new StandbyEviction());
        config.addDataSourceProperty("socketTimeout", Long.toString(SOCKET_TIMEOUT.toSeconds()));
        config.addDataSourceProperty("options", SESSION);
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
        return new HikariDataSource(config);
    }

    /** What a migration needs, which may take its time. */
    private static HikariConfig pool(Settings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("sink");
        config.setJdbcUrl(settings.get(SinkSettings.DATABASE));
        config.setUsername(settings.get(SinkSettings.DATABASE_USERNAME));
        config.setPassword(settings.get(SinkSettings.DATABASE_PASSWORD));
        config.setConnectionTimeout(5_000);
        // The pool opens its connections when they are asked for, so that the sink outlives a database that is away.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "lifelog-sink");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // Details of errors quote rows, and are logged.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        return config;
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
