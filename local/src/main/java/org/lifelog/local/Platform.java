package org.lifelog.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.EmbeddedDatabase;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.EmbeddedRegistry;
import org.lifelog.embedded.PortInUseException;
import org.lifelog.gateway.Gateway;
import org.lifelog.portal.Portal;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.runtime.Passwords;
import org.lifelog.sink.Sink;
import org.lifelog.streams.Streams;

/**
 * The whole service on this machine: Kafka in this process; registry, database and the four services in processes of
 * their own. What is started is stopped in the reverse order, the services before what they stand on.
 */
final class Platform implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String DATABASE_USERNAME = "lifelog";

    private final PlatformOptions options;
    private final Consumer<String> messages;
    private final Centers centers = Centers.load(Catalogue.load());
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<String, ServiceProcess> services = new ConcurrentHashMap<>();
    private final Map<String, Integer> managementPorts = new HashMap<>();
    private ServiceCredentials credentials;

    /**
     * Prepares to start.
     *
     * @param messages takes lines for people
     */
    Platform(PlatformOptions options, Consumer<String> messages) {
        this.options = options;
        this.messages = messages;
    }

    /**
     * Starts all and returns when every service is ready. Where it fails, {@link #close} stops what was started.
     *
     * @throws UserException where a port is taken, the data folder is in use, or a service does not become ready
     */
    void start() {
        lockData();
        PortCheck.check(options);
        messages.accept("starting Kafka, schema registry and database");
        ServiceCredentials.Account databaseAccount = databaseAccount();
        CompletableFuture<String> kafka = CompletableFuture.supplyAsync(this::startKafka);
        CompletableFuture<String> registry = CompletableFuture.supplyAsync(this::startRegistry);
        CompletableFuture<ServiceCredentials.Database> database =
                CompletableFuture.supplyAsync(() -> startDatabase(databaseAccount));
        // All of them, before one that failed is told: what starts later would be left running.
        CompletableFuture.allOf(kafka, registry, database)
                .handle((done, error) -> done)
                .join();
        credentials = newCredentials(join(kafka), join(registry), join(database));
        credentials.write(options.data);
        List<String> done =
                applyTopics(credentials.kafka(), credentials.registry(), options.partitions, (short) -1, centers);
        if (!done.isEmpty()) {
            messages.accept("made or changed topics and their schemas: " + done.size() + " changes");
        }
        ResearchFolder.prepare(options.data, centers);
        messages.accept("starting gateway, streams, sink and portal");
        startServices();
        services.values().forEach(this::awaitReady);
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof PortInUseException busy) {
                throw new UserException(
                        busy.getMessage() + ". Choose another with --" + option(busy.service()) + ".", busy);
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static String option(String service) {
        return switch (service) {
            case "Kafka" -> "kafka-port";
            case "schema registry" -> "registry-port";
            default -> "database-port";
        };
    }

    private <T extends AutoCloseable> T add(T part) {
        synchronized (parts) {
            parts.push(part);
        }
        return part;
    }

    private void lockData() {
        try {
            Files.createDirectories(options.data);
            FileChannel channel =
                    FileChannel.open(options.data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new UserException("The service is up already on " + options.data
                        + ". End it with Ctrl-C there, or use another folder with --data.");
            }
            add(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot use the folder " + options.data, e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this process itself
        }
    }

    private ServiceCredentials.Account databaseAccount() {
        try {
            ServiceCredentials.Database known =
                    ServiceCredentials.read(options.data).database();
            return new ServiceCredentials.Account(known.username(), known.password());
        } catch (UserException e) {
            return new ServiceCredentials.Account(DATABASE_USERNAME, Passwords.random());
        }
    }

    private ServiceCredentials.Database startDatabase(ServiceCredentials.Account account) {
        if (options.externalDatabase().isPresent()) {
            return DatabaseUrl.parse(options.externalDatabase().get());
        }
        EmbeddedDatabase embedded = add(EmbeddedDatabase.start(
                options.data.resolve("database"), LOOPBACK, options.databasePort, account.password()));
        return new ServiceCredentials.Database(embedded.jdbcUrl(), embedded.username(), embedded.password());
    }

    private String startKafka() {
        return options.externalKafka().orElseGet(() -> {
            EmbeddedKafka embedded =
                    add(EmbeddedKafka.start(options.data.resolve("kafka"), LOOPBACK, options.kafkaPort));
            return embedded.bootstrap();
        });
    }

    private String startRegistry() {
        return options.externalRegistry().orElseGet(() -> {
            EmbeddedRegistry embedded =
                    add(EmbeddedRegistry.start(options.data.resolve("registry"), LOOPBACK, options.registryPort));
            return embedded.url();
        });
    }

    private ServiceCredentials newCredentials(String kafka, String registry, ServiceCredentials.Database database) {
        Map<String, ServiceCredentials.Account> vendors = Map.of();
        Map<String, ServiceCredentials.Account> clinicians = Map.of();
        try {
            ServiceCredentials known = ServiceCredentials.read(options.data);
            vendors = known.gateway().centers();
            clinicians = known.portal().clinicians();
        } catch (UserException e) {
            // The first start on this folder.
        }
        return new ServiceCredentials(
                new ServiceCredentials.Gateway(
                        "http://" + options.host + ":" + options.httpPort,
                        "mqtt://" + options.host + ":" + options.mqttPort,
                        ServiceCredentials.accounts(centers, "vendor", vendors)),
                new ServiceCredentials.Portal(
                        "http://" + options.host + ":" + options.portalPort,
                        ServiceCredentials.accounts(centers, "clinician", clinicians)),
                kafka,
                registry,
                database);
    }

    /** Creates or updates topics and schemas; gives a line for each thing done. */
    static List<String> applyTopics(String kafka, String registry, int partitions, short replication, Centers centers) {
        try (Admin admin = Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            return new Topics(admin, new SchemaRegistryClient(registry), centers).apply(partitions, replication);
        } catch (IllegalStateException | KafkaException e) {
            throw new UserException(e.getMessage(), e);
        }
    }

    private void startServices() {
        Path logs = options.data.resolve("logs");
        service("timeseries-sink", Sink.class, 384, 2, logs, Map.of());
        service(
                "streams-app",
                Streams.class,
                512,
                1,
                logs,
                Map.of(
                        "LIFELOG_STREAMS_STATE_FOLDER",
                        options.data.resolve("streams").toAbsolutePath().toString(),
                        "LIFELOG_STREAMS_THREADS",
                        "2",
                        "LIFELOG_UNKNOWN_DEVICES",
                        options.unknownDevices.code(),
                        "LIFELOG_RESEARCH_KEYS",
                        ResearchFolder.of(options.data).toAbsolutePath().toString()));
        service(
                "device-gateway",
                Gateway.class,
                384,
                0,
                logs,
                Map.of(
                        "LIFELOG_GATEWAY_HOST", options.host,
                        "LIFELOG_GATEWAY_HTTP_PORT", Integer.toString(options.httpPort),
                        "LIFELOG_GATEWAY_MQTT_PORT", Integer.toString(options.mqttPort),
                        "LIFELOG_GATEWAY_CREDENTIALS",
                                ServiceCredentials.vendorsFile(options.data)
                                        .toAbsolutePath()
                                        .toString()));
        service(
                "clinician-portal",
                Portal.class,
                256,
                3,
                logs,
                Map.of(
                        "LIFELOG_PORTAL_HOST", options.host,
                        "LIFELOG_PORTAL_PORT", Integer.toString(options.portalPort),
                        "LIFELOG_PORTAL_ACCOUNTS",
                                ServiceCredentials.cliniciansFile(options.data)
                                        .toAbsolutePath()
                                        .toString()));
    }

    private void service(
            String name, Class<?> main, int heapMib, int managementOffset, Path logs, Map<String, String> own) {
        Map<String, String> environment = new HashMap<>(own);
        environment.put("LIFELOG_EXIT_WITH_PARENT", "true");
        environment.put("LIFELOG_MANAGEMENT_PORT", Integer.toString(options.managementPort + managementOffset));
        environment.put("LIFELOG_KAFKA_BOOTSTRAP_SERVERS", credentials.kafka());
        environment.put("LIFELOG_SCHEMA_REGISTRY_URL", credentials.registry());
        environment.put("LIFELOG_DATABASE_URL", credentials.database().url());
        environment.put("LIFELOG_DATABASE_USERNAME", credentials.database().username());
        environment.put("LIFELOG_DATABASE_PASSWORD", credentials.database().password());
        services.put(name, add(new ServiceProcess(name, main, heapMib, environment, logs, messages)));
        managementPorts.put(name, options.managementPort + managementOffset);
    }

    /** Waits until a service is ready, for instance after it was killed. */
    void awaitReady(ServiceProcess service) {
        Readiness.await(service, managementPorts.get(service.name()));
    }

    /** Addresses and passwords. */
    ServiceCredentials credentials() {
        return credentials;
    }

    /** A service by its name, such as {@code streams-app}. */
    ServiceProcess service(String name) {
        return services.get(name);
    }

    /** What people need to know first. */
    List<String> addresses() {
        ServiceCredentials.Account clinician =
                credentials.portal().clinicians().values().iterator().next();
        List<String> lines = new ArrayList<>();
        lines.add("  clinicians   " + credentials.portal().url());
        lines.add("  vendors      " + credentials.gateway().http() + "/v1/centers/{center}/readings");
        lines.add("               " + credentials.gateway().mqtt());
        lines.add("  subscribers  Kafka " + credentials.kafka() + ", schema registry " + credentials.registry());
        lines.add("  SQL          " + credentials.database().url());
        lines.add("  metrics      http://" + LOOPBACK + ":" + options.managementPort
                + "/metrics (gateway), streams, sink" + " and portal on the next three ports");
        lines.add("  passwords    " + options.data.resolve("credentials.json") + ", e.g. clinician "
                + clinician.username() + " " + clinician.password());
        return lines;
    }

    @Override
    public void close() {
        services.values().forEach(ServiceProcess::expectEnd);
        while (true) {
            AutoCloseable part;
            synchronized (parts) {
                part = parts.poll();
            }
            if (part == null) {
                return;
            }
            try {
                part.close();
            } catch (Exception e) {
                messages.accept("could not be stopped in order: " + e);
            }
        }
    }
}
