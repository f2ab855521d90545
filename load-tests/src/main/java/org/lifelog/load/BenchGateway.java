package org.lifelog.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.EmbeddedRegistry;
import org.lifelog.gateway.Gateway;
import org.lifelog.local.ServiceCredentials.Account;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.runtime.Passwords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway in a process of its own, so that its time and memory can be told from those of the load, with Kafka in this
 * process and a registry: all on free ports of loopback and in a folder that is deleted at the end.
 */
final class BenchGateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BenchGateway.class);
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LOWEST_PORT = 15_000;
    private static final int HIGHEST_PORT = 30_000;
    private static final int PARTITIONS = 4;
    private static final long READY_SECONDS = 120;
    private static final long STOP_SECONDS = 40;

    private final Parts parts = new Parts();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final Map<String, Account> accounts = new HashMap<>();
    private final String kafka;
    private final int httpPort = freePort();
    private final int mqttPort = freePort();
    private final int managementPort = freePort();
    private final Process process;

    /**
     * Starts all of it and returns when the gateway is ready.
     *
     * @param options heap and flags of the gateway's JVM
     * @param centers those that have an account
     * @param settings the gateway's environment beside addresses and credentials
     */
    BenchGateway(GatewayOptions options, List<String> centers, Map<String, String> settings) {
        try {
            Path folder = Files.createTempDirectory("lifelog-bench-");
            parts.add(() -> Folders.delete(folder));
            EmbeddedKafka broker = parts.add(EmbeddedKafka.start(folder.resolve("kafka"), LOOPBACK, 0));
            kafka = broker.bootstrap();
            EmbeddedRegistry registry = parts.add(EmbeddedRegistry.start(folder.resolve("registry"), LOOPBACK, 0));
            try (Admin admin = admin()) {
                new Topics(admin, new SchemaRegistryClient(registry.url())).apply(PARTITIONS, (short) 1);
            }
            Map<String, String> environment = new HashMap<>(settings);
            environment.put("LIFELOG_KAFKA_BOOTSTRAP_SERVERS", kafka);
            environment.put("LIFELOG_SCHEMA_REGISTRY_URL", registry.url());
            environment.put(
                    "LIFELOG_GATEWAY_CREDENTIALS", credentials(folder, centers).toString());
            environment.put("LIFELOG_GATEWAY_HTTP_PORT", Integer.toString(httpPort));
            environment.put("LIFELOG_GATEWAY_MQTT_PORT", Integer.toString(mqttPort));
            environment.put("LIFELOG_MANAGEMENT_PORT", Integer.toString(managementPort));
            environment.put("LIFELOG_EXIT_WITH_PARENT", "true");
            process = start(options.command(Gateway.class), environment, folder.resolve("gateway.log"));
            parts.add(this::stop);
            awaitReady(folder.resolve("gateway.log"));
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka));
    }

    /** A port below those that the system gives to outgoing connections, which could take it before the gateway does. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                LOG.debug("Port {} is taken", port, e);
            }
        }
    }

    private Path credentials(Path folder, List<String> centers) throws IOException {
        Map<String, Map<String, String>> hashes = new HashMap<>();
        for (String center : centers) {
            Account account = new Account(center + "-vendor", Passwords.random());
            accounts.put(center, account);
            hashes.put(account.username(), Map.of("center", center, "hash", Passwords.hash(account.password())));
        }
        Path file = folder.resolve("credentials.json");
        new ObjectMapper().writeValue(file.toFile(), hashes);
        return file;
    }

    private static Process start(List<String> command, Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("LIFELOG_"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void awaitReady(Path log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        String last = "";
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                HttpResponse<String> answer = get("/health/ready");
                if (answer.statusCode() == 200) {
                    return;
                }
                last = answer.body();
            } catch (IOException e) {
                last = "it does not answer";
            }
            pause();
        }
        throw new IllegalStateException("The gateway did not become ready: " + last + "\n" + Files.readString(log));
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://" + LOOPBACK + ":" + managementPort + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    InetSocketAddress http() {
        return new InetSocketAddress(LOOPBACK, httpPort);
    }

    InetSocketAddress mqtt() {
        return new InetSocketAddress(LOOPBACK, mqttPort);
    }

    Account account(String center) {
        return accounts.get(center);
    }

    /** Kafka, for whoever counts its records. */
    String kafka() {
        return kafka;
    }

    /** What the gateway's process is and takes. */
    ProcessFigures figures() {
        return new ProcessFigures(process.toHandle());
    }

    /** The sum of a meter in the format of Prometheus over all its tags that contain a text. */
    double meter(String name, String tag) {
        try {
            return get("/metrics")
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") && line.contains(tag))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
