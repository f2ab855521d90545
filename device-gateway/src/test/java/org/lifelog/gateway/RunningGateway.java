package org.lifelog.gateway;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.lifelog.contract.Topics;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.registry.SchemaRegistryClient;
import org.lifelog.runtime.Management;
import org.lifelog.runtime.Passwords;
import org.lifelog.runtime.Settings;

/** A gateway on free ports with two vendors of different centers. */
public final class RunningGateway implements AutoCloseable {
    public static final int PARTITIONS = 4;
    public static final String ISENS = "isens-vendor";
    public static final String KWEATHER = "kweather-vendor";
    public static final String PASSWORD = "correct horse: 한글";
    /** SHA-1 of a secret of twelve characters, as an uploader of Nightscout sends it. */
    public static final String API_SECRET = "d8b04ff2ac01cb21b8a2a3a6ea3e1a6ba5e2d8fd";
    /** Subject of a client certificate of i-SENS. */
    public static final String CERTIFICATE = "CN=fleet,O=Vendor";

    private static final String HASH = Passwords.hash(PASSWORD);

    public final Management management = new Management("127.0.0.1", 0);
    public final Gateway.Ports ports;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>(List.of(management));
    private final HttpClient http = HttpClient.newHttpClient();
    private final Path credentials;

    /** Starts one on the shared Kafka, with topics and schemas, and waits until it is ready. */
    public static RunningGateway start() {
        applyTopics(Infrastructure.kafka());
        RunningGateway gateway = new RunningGateway(Infrastructure.kafka(), Map.of());
        gateway.awaitReady();
        return gateway;
    }

    /** Starts one and does not wait. */
    public RunningGateway(String kafka, Map<String, String> more) {
        try {
            credentials = Files.createTempFile("credentials", ".json");
            Files.writeString(
                    credentials,
                    JsonObject.of(
                                    ISENS,
                                    JsonObject.of("center", "isens", "hash", HASH),
                                    KWEATHER,
                                    JsonObject.of("center", "kweather", "hash", HASH),
                                    "fleet",
                                    JsonObject.of("center", "isens", "certificate", CERTIFICATE),
                                    "uploader",
                                    JsonObject.of("center", "isens", "nightscout", Passwords.hash(API_SECRET)))
                            .encode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> environment = new HashMap<>(Map.of(
                "LIFELOG_KAFKA_BOOTSTRAP_SERVERS",
                kafka,
                "LIFELOG_SCHEMA_REGISTRY_URL",
                Infrastructure.registryUrl(),
                "LIFELOG_GATEWAY_CREDENTIALS",
                credentials.toString(),
                "LIFELOG_GATEWAY_HTTP_PORT",
                "0",
                "LIFELOG_GATEWAY_MQTT_PORT",
                "0"));
        environment.putAll(more);
        try {
            ports = Gateway.start(
                    Settings.load(GatewaySettings.ALL, List.of(), environment), management, new Gateway.Parts() {
                        @Override
                        public <T extends AutoCloseable> T closeAtEnd(T part) {
                            parts.push(part);
                            return part;
                        }
                    });
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    public static void applyTopics(String kafka) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            new Topics(admin, new SchemaRegistryClient(Infrastructure.registryUrl())).apply(PARTITIONS, (short) 1);
        }
    }

    public void awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> ready() == 200);
    }

    /** Status of the readiness check. */
    public int ready() {
        return send(HttpRequest.newBuilder(management("/health/ready"))).statusCode();
    }

    /** Status of the liveness check. */
    public int live() {
        return send(HttpRequest.newBuilder(management("/health/live"))).statusCode();
    }

    private URI management(String path) {
        return URI.create("http://127.0.0.1:" + management.port() + path);
    }

    /** The value of a meter in the format of Prometheus; 0 where there is none yet. */
    public double meter(String nameAndTags) {
        return send(HttpRequest.newBuilder(management("/metrics")))
                .body()
                .lines()
                .filter(line -> line.startsWith(nameAndTags + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + path))
                .timeout(Duration.ofSeconds(60));
    }

    /** A request to the readings of i-SENS with its own credential. */
    public HttpRequest.Builder readings() {
        return request("/v1/centers/isens/readings").header("Authorization", basic(ISENS, PASSWORD));
    }

    public HttpResponse<String> post(String body) {
        return send(readings().POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    public HttpResponse<String> post(HttpRequest.Builder request, byte[] body) {
        return send(request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public static String basic(String username, String password) {
        return "Basic "
                + Base64.getEncoder().encodeToString((username + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        for (AutoCloseable part : parts) {
            try {
                part.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        try {
            Files.delete(credentials);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
