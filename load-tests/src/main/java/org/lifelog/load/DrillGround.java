package org.lifelog.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.EmbeddedRegistry;
import org.lifelog.gateway.Gateway;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.runtime.Passwords;

/** Kafka, a registry and a gateway in processes of their own, on free ports and in a folder of their own. */
final class DrillGround implements AutoCloseable {
    static final String CENTER = "isens";
    static final String USERNAME = "drill-vendor";
    static final int PARTITIONS = 4;

    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final int KAFKA_HEAP_MIB = 512;
    private static final int GATEWAY_HEAP_MIB = 384;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final int kafkaPort = freePort();
    private final int httpPort = freePort();
    private final int mqttPort = freePort();
    private final int managementPort = freePort();
    private final String password = Passwords.random();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Path kafkaReady;
    private final Victim kafka;
    private final Victim gateway;
    private final String registry;

    private DrillGround(Path folder) throws InterruptedException, IOException {
        kafkaReady = folder.resolve("kafka.ready");
        kafka = add(new Victim(
                KafkaNode.class,
                KAFKA_HEAP_MIB,
                Map.of(),
                folder.resolve("kafka.log"),
                folder.resolve("kafka").toString(),
                Integer.toString(kafkaPort),
                kafkaReady.toString()));
        try {
            startKafka();
            registry = add(EmbeddedRegistry.start(folder.resolve("registry"), "127.0.0.1", 0))
                    .url();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
                new Topics(admin, new SchemaRegistryClient(registry)).apply(PARTITIONS, (short) 1);
            }
            gateway = add(new Victim(
                    Gateway.class, GATEWAY_HEAP_MIB, gatewaySettings(folder), folder.resolve("gateway.log")));
            gateway.start();
            await("the gateway", this::ready);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts all in a folder, and returns when the gateway is ready. */
    static DrillGround start(Path folder) throws InterruptedException, IOException {
        return new DrillGround(folder);
    }

    private Map<String, String> gatewaySettings(Path folder) throws IOException {
        Path credentials = folder.resolve("gateway-credentials.json");
        Files.writeString(
                credentials,
                "{\"" + USERNAME + "\": {\"center\": \"" + CENTER + "\", \"hash\": \"" + Passwords.hash(password)
                        + "\"}}");
        return Map.of(
                "LIFELOG_EXIT_WITH_PARENT", "true",
                "LIFELOG_MANAGEMENT_PORT", Integer.toString(managementPort),
                "LIFELOG_KAFKA_BOOTSTRAP_SERVERS", bootstrap(),
                "LIFELOG_SCHEMA_REGISTRY_URL", registry,
                "LIFELOG_GATEWAY_HTTP_PORT", Integer.toString(httpPort),
                "LIFELOG_GATEWAY_MQTT_PORT", Integer.toString(mqttPort),
                "LIFELOG_GATEWAY_CREDENTIALS", credentials.toString());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    String bootstrap() {
        return "127.0.0.1:" + kafkaPort;
    }

    String registry() {
        return registry;
    }

    URI readings() {
        return URI.create("http://127.0.0.1:" + httpPort + "/v1/centers/" + CENTER + "/readings");
    }

    int mqttPort() {
        return mqttPort;
    }

    String password() {
        return password;
    }

    Victim kafka() {
        return kafka;
    }

    Victim gateway() {
        return gateway;
    }

    /** Starts Kafka on the data that are there, and returns when it accepts clients. */
    void startKafka() throws InterruptedException, IOException {
        Files.deleteIfExists(kafkaReady);
        kafka.start();
        await("Kafka", () -> Files.exists(kafkaReady));
    }

    /** Whether the gateway says that it is ready; false where it does not answer. */
    boolean ready() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + managementPort + "/health/ready"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Waits for something, and looks fifty times a second. */
    static void await(String what, BooleanSupplier there) throws InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        what + " did not come within " + START_TIMEOUT.toMinutes() + " minutes");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
