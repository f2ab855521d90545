package org.lifelog.portal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.embedded.testing.TestDatabase;
import org.lifelog.runtime.Health;
import org.lifelog.runtime.Passwords;
import org.lifelog.runtime.Settings;
import org.lifelog.sink.Schema;
import org.postgresql.ds.PGSimpleDataSource;

/** A portal over a database of its own, with two clinicians of different centers. */
final class RunningPortal implements AutoCloseable {
    static final String ISENS = "isens-clinician";
    static final String WONJU = "wonju-clinician";
    static final String PASSWORD = "correct horse";
    private static final String HASH = Passwords.hash(PASSWORD);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What came back. */
    record Answer(int status, HttpResponse<String> response, JsonNode body) {
        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String code() {
            return body.path("code").asText();
        }
    }

    final Health health = new Health();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final TestRows rows;
    private final HttpClient client = HttpClient.newHttpClient();
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Map<String, String> tokens = new HashMap<>();
    private final Path accounts;
    private final Portal portal;
    /** No owner of the tables and no member of a center's role. */
    private final String role = "portal_" + UUID.randomUUID().toString().replace("-", "");

    /** Starts one and waits until it is ready. */
    static RunningPortal start() {
        TestDatabase database = TestDatabase.create("portal");
        RunningPortal running = new RunningPortal(database, database.jdbcUrl(), true);
        running.awaitReady();
        return running;
    }

    /** Starts one that reaches its database at another address, and does not wait. */
    RunningPortal(TestDatabase database, String portalUrl, boolean migrate) {
        source.setUrl(database.jdbcUrl());
        source.setUser(database.username());
        source.setPassword(database.password());
        execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + PASSWORD + "'");
        if (migrate) {
            migrate();
        }
        rows = new TestRows(source);
        try {
            accounts = Files.createTempFile("accounts", ".json");
            Files.writeString(
                    accounts,
                    JSON.writeValueAsString(Map.of(
                            ISENS, Map.of("center", "isens", "role", "clinician", "hash", HASH),
                            WONJU, Map.of("center", "wonju-yonsei", "role", "clinician", "hash", HASH))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> environment = Map.of(
                "LIFELOG_PORTAL_PORT",
                "0",
                "LIFELOG_PORTAL_ACCOUNTS",
                accounts.toString(),
                "LIFELOG_DATABASE_URL",
                portalUrl,
                "LIFELOG_DATABASE_USERNAME",
                role,
                "LIFELOG_DATABASE_PASSWORD",
                PASSWORD,
                "LIFELOG_DATABASE_POOL_SIZE",
                "2");
        Settings settings = Settings.load(PortalSettings.ALL, List.of(), environment);
        portal = Portal.start(settings, metrics, health, Clock.systemUTC());
    }

    /** Makes the tables; from then on the portal has the rights of the role for portals. */
    void migrate() {
        Schema.migrate(source, Centers.load(Catalogue.load()));
        execute("GRANT lifelog_portal TO " + role);
    }

    private void execute(String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return portal.port();
    }

    boolean isReady() {
        return health.checks().get("database").ok();
    }

    void awaitReady() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(this::isReady);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            boolean json =
                    response.headers().firstValue("content-type").orElse("").contains("json");
            return new Answer(response.statusCode(), response, json ? JSON.readTree(response.body()) : JSON.nullNode());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Answer login(String username, String password) {
        String body = JSON.createObjectNode()
                .put("username", username)
                .put("password", password)
                .toString();
        return send(request("/api/v1/login")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A GET under {@code /api/v1} by a clinician who logs in once. */
    Answer get(String username, String path) {
        return send(authorized(username, path));
    }

    /** The same, by a reader who holds an answer with this tag. */
    Answer get(String username, String path, String tag) {
        return send(authorized(username, path).header("If-None-Match", tag));
    }

    private HttpRequest.Builder authorized(String username, String path) {
        String token = tokens.computeIfAbsent(
                username, name -> login(name, PASSWORD).body().path("token").asText());
        return request("/api/v1" + path).header("Authorization", "Bearer " + token);
    }

    Connection connection() throws SQLException {
        return source.getConnection();
    }

    @Override
    public void close() {
        portal.close();
        execute("DROP ROLE " + role);
        try {
            Files.delete(accounts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
