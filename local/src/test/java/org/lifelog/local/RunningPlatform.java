package org.lifelog.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.lifelog.embedded.testing.TestDatabase;
import picocli.CommandLine;

/**
 * The whole service for the end-to-end tests, on free ports, started once for all tests of this JVM: services in
 * processes of their own, embedded Kafka and registry, and the database that {@link TestDatabase} has, or the embedded
 * one of the platform where {@code LIFELOG_INFRASTRUCTURE=embedded}.
 */
final class RunningPlatform {
    private static RunningPlatform shared;

    private final Path data;
    private final Platform platform;

    private RunningPlatform() {
        try {
            data = Files.createTempDirectory("lifelog-end-to-end");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> arguments = options(data);
        if (!"embedded".equals(System.getenv("LIFELOG_INFRASTRUCTURE"))) {
            TestDatabase database = TestDatabase.create("e2e");
            arguments.add(
                    "--database=" + database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "user="
                            + database.username() + "&password="
                            + URLEncoder.encode(database.password(), StandardCharsets.UTF_8));
        }
        platform = new Platform(parse(arguments), line -> System.out.println("end-to-end: " + line));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            platform.close();
            delete(data);
        }));
        platform.start();
    }

    static synchronized RunningPlatform shared() {
        if (shared == null) {
            shared = new RunningPlatform();
        }
        return shared;
    }

    static PlatformOptions parse(List<String> arguments) {
        return CommandLine.populateCommand(new PlatformOptions(), arguments.toArray(String[]::new));
    }

    /** Options with a data folder and free ports, to which more may be added. */
    static List<String> options(Path data) {
        List<String> arguments = new ArrayList<>(List.of("--data=" + data));
        for (String option : List.of("http", "mqtt", "portal", "kafka", "registry", "database")) {
            arguments.add("--" + option + "-port=" + freePorts(1));
        }
        arguments.add("--management-port=" + freePorts(4));
        return arguments;
    }

    /** The first of so many ports in a row that are free. */
    private static int freePorts(int count) {
        while (true) {
            List<ServerSocket> sockets = new ArrayList<>();
            try {
                sockets.add(new ServerSocket(0));
                int first = sockets.get(0).getLocalPort();
                for (int i = 1; i < count; i++) {
                    sockets.add(new ServerSocket(first + i));
                }
                return first;
            } catch (IOException | IllegalArgumentException e) {
                // One of them is taken; look elsewhere.
            } finally {
                for (ServerSocket socket : sockets) {
                    try {
                        socket.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        }
    }

    static void delete(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("could not delete " + folder + ": " + e);
        }
    }

    Path data() {
        return data;
    }

    Platform platform() {
        return platform;
    }

    ServiceCredentials credentials() {
        return platform.credentials();
    }

    ReadingSender http(String center) {
        return new HttpSender(
                credentials().gateway().http(),
                center,
                credentials().gateway().centers().get(center));
    }

    ReadingSender mqtt(String center) {
        return new MqttSender(
                credentials().gateway().mqtt(),
                center,
                credentials().gateway().centers().get(center));
    }

    /** Rows of a query, each as the texts of its columns, joined by bars. */
    List<String> query(String sql) {
        return query(credentials().database(), sql);
    }

    void execute(String sql) {
        ServiceCredentials.Database database = credentials().database();
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<String> query(ServiceCredentials.Database database, String sql) {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> result = new ArrayList<>();
            while (rows.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(rows.getString(i)));
                }
                result.add(String.join("|", columns));
            }
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
