package org.lifelog.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.embedded.EmbeddedDatabase;
import org.lifelog.portal.Portal;
import org.lifelog.runtime.Passwords;
import org.lifelog.sink.Schema;
import org.postgresql.ds.PGSimpleDataSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What clinicians wait for, over years of data. */
@Command(
        name = "queries",
        sortOptions = false,
        description =
                "Fills a database with glucose and its windows of hours and days, in the order of time as they would have come,"
                        + " and calls the portal for subjects at random: the report and the trend of 14 days, and pages of"
                        + " the worklist in each order.")
final class QueriesBenchmark implements Callable<Integer> {
    private static final String CENTER = "isens";
    private static final int WARM_UP = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--readings",
            defaultValue = "10000000",
            description = "How many readings are stored. Default: ${DEFAULT-VALUE}")
    long readings;

    @Option(
            names = "--subjects",
            defaultValue = "1000",
            description = "Of how many subjects. Default: ${DEFAULT-VALUE}")
    int subjects;

    @Option(
            names = "--minutes",
            defaultValue = "5",
            description = "How many minutes lie between the readings of a subject. Default: ${DEFAULT-VALUE}")
    int minutes;

    @Option(
            names = "--calls",
            defaultValue = "200",
            description = "How often each is called. Default: ${DEFAULT-VALUE}")
    int calls;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            description =
                    "An empty database to fill instead of an embedded one, as jdbc:postgresql://host/db?user=...&password=...")
    String database;

    @Option(
            names = "--filled",
            description = "The database was filled by a run before, with as many subjects: only call.")
    boolean filled;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @CommandLine.Spec
    CommandLine.Model.CommandSpec spec;

    private final Random random = new Random(42);

    @Override
    public Integer call() throws Exception {
        run().print(spec.commandLine().getOut());
        return 0;
    }

    Figures run() throws IOException, InterruptedException, SQLException {
        Path folder = Files.createTempDirectory("lifelog-queries");
        try (Parts parts = new Parts()) {
            parts.add(() -> Folders.delete(folder));
            PGSimpleDataSource source = source(parts, folder);
            double filling = filled ? 0 : fill(source);
            String portal = startPortal(parts, folder, source);
            HttpClient client = HttpClient.newHttpClient();
            String token = login(client, portal);
            String path = portal + "/api/v1/centers/" + CENTER + "/subjects";
            Figures figures = new Figures("queries")
                    .add("readings", "readings stored", count(source), 0)
                    .add("subjects", "subjects", subjects, 0)
                    .add("filledPerSecond", "filled, readings/s", filling, 0)
                    .add("bytesPerReading", "bytes per reading, table and key", bytes(source) / count(source), 1);
            measure(figures, client, token, "glucose", "glucose report of 14 days", i -> path + subject() + "/glucose");
            measure(
                    figures,
                    client,
                    token,
                    "series",
                    "glucose trend of 14 days, every reading",
                    i -> path + subject() + "/series?metric=glucose_cgm&resolution=raw");
            int pages = (subjects + 49) / 50;
            figures.add("worklistFirstMillis", "worklist, the first call of all, ms", first(client, token, path), 1);
            for (String sort : List.of("risk", "staleness", "code")) {
                measure(
                        figures,
                        client,
                        token,
                        "worklist-" + sort,
                        "worklist page of 50 subjects by " + sort,
                        i -> path + "?sort=" + sort + "&page=" + (1 + random.nextInt(pages)));
            }
            measure(
                    figures,
                    client,
                    token,
                    "worklist-search",
                    "worklist, search of a part of the code",
                    i -> path + "?q=-" + (1 + random.nextInt(subjects)));
            return figures;
        }
    }

    private static double first(HttpClient client, String token, String address)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        call(client, token, address);
        return (System.nanoTime() - start) / 1e6;
    }

    private double fill(PGSimpleDataSource source) throws SQLException {
        Schema.migrate(source, Centers.load(Catalogue.load()));
        return new GlucoseHistory(CENTER, subjects, minutes).fill(source, readings);
    }

    private String subject() {
        return "/S-" + (1 + random.nextInt(subjects));
    }

    private PGSimpleDataSource source(Parts parts, Path folder) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        if (database != null) {
            source.setUrl(database);
            return source;
        }
        tell("starting PostgreSQL, without TimescaleDB");
        EmbeddedDatabase embedded =
                parts.add(EmbeddedDatabase.start(folder.resolve("database"), "127.0.0.1", 0, Passwords.random()));
        source.setUrl(embedded.jdbcUrl());
        source.setUser(embedded.username());
        source.setPassword(embedded.password());
        return source;
    }

    private static double count(PGSimpleDataSource source) throws SQLException {
        return number(source, "SELECT count(*) FROM reading");
    }

    private static double bytes(PGSimpleDataSource source) throws SQLException {
        boolean hypertable = number(source, "SELECT count(*) FROM pg_extension WHERE extname = 'timescaledb'") > 0;
        return number(
                source, hypertable ? "SELECT hypertable_size('reading')" : "SELECT pg_total_relation_size('reading')");
    }

    private static double number(PGSimpleDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }

    private String startPortal(Parts parts, Path folder, PGSimpleDataSource source) throws IOException {
        tell("starting the portal");
        Path accounts = folder.resolve("accounts.json");
        Files.writeString(
                accounts,
                JSON.writeValueAsString(Map.of(
                        "bench", Map.of("center", CENTER, "role", "clinician", "hash", Passwords.hash("bench")))));
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        Map<String, String> environment = new HashMap<>(Map.of(
                "LIFELOG_PORTAL_PORT", Integer.toString(port),
                "LIFELOG_PORTAL_ACCOUNTS", accounts.toString(),
                "LIFELOG_DATABASE_URL", source.getURL()));
        if (source.getUser() != null) {
            environment.put("LIFELOG_DATABASE_USERNAME", source.getUser());
            environment.put("LIFELOG_DATABASE_PASSWORD", source.getPassword());
        }
        Victim portal = parts.add(new Victim(Portal.class, 256, environment, folder.resolve("portal.log")));
        portal.start();
        return "http://127.0.0.1:" + port;
    }

    private static String login(HttpClient client, String portal) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(portal + "/api/v1/login"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"username\": \"bench\", \"password\": \"bench\"}"))
                .build();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                JsonNode answer = JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString())
                        .body());
                if (answer.hasNonNull("token")) {
                    return answer.get("token").asText();
                }
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
            Thread.sleep(200);
        }
    }

    private void measure(
            Figures figures, HttpClient client, String token, String key, String label, IntFunction<String> address)
            throws IOException, InterruptedException {
        tell("calling: " + label);
        double[] millis = new double[calls];
        for (int i = -WARM_UP; i < calls; i++) {
            String wanted = address.apply(i);
            long start = System.nanoTime();
            call(client, token, wanted);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(millis);
        figures.add(key + "P50Millis", label + ", p50 ms", millis[calls / 2], 1)
                .add(key + "P99Millis", label + ", p99 ms", millis[(int) Math.min(calls - 1, calls * 0.99)], 1);
    }

    private static void call(HttpClient client, String token, String address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address))
                .header("Authorization", "Bearer " + token)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("A call was answered " + answer.statusCode() + ": " + answer.body());
        }
    }

    private void tell(String message) {
        spec.commandLine().getErr().println(message);
        spec.commandLine().getErr().flush();
    }
}
