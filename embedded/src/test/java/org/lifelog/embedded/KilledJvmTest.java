package org.lifelog.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL for a JVM that runs all three: nothing acknowledged is lost, and the next start is clean. */
class KilledJvmTest {

    @TempDir
    private Path directory;

    @Test
    void everythingStartsAgain() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ProcessHandle registryProcess;
        try (BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null && !line.startsWith("registry ")) {
                line = output.readLine();
            }
            assertThat(line).as("the JVM reached its last line").isNotNull();
            registryProcess =
                    ProcessHandle.of(Long.parseLong(line.substring(9))).orElseThrow();
        } finally {
            jvm.destroyForcibly();
        }
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        Awaitility.await("the registry ends with its parent")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !registryProcess.isAlive());

        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), "127.0.0.1", 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("survivor"));
        }
        EmbeddedRegistry.start(directory.resolve("registry"), "127.0.0.1", 0).close();
        try (EmbeddedDatabase database =
                        EmbeddedDatabase.start(directory.resolve("database"), "127.0.0.1", 0, "secret");
                Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT sum(n) FROM survivor")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(5050);
        }
    }

    /** What runs in the JVM that is killed. */
    static final class Victim {

        private Victim() {}

        @SuppressWarnings("resource") // It is killed, that is the point.
        public static void main(String[] arguments) throws Exception {
            Path directory = Path.of(arguments[0]);
            EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), "127.0.0.1", 0);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                admin.createTopics(List.of(new NewTopic("survivor", 2, (short) 1)))
                        .all()
                        .get();
            }
            EmbeddedDatabase database = EmbeddedDatabase.start(directory.resolve("database"), "127.0.0.1", 0, "secret");
            try (Connection connection =
                            DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE survivor AS SELECT n FROM generate_series(1, 100) n");
            }
            EmbeddedRegistry registry = EmbeddedRegistry.start(directory.resolve("registry"), "127.0.0.1", 0);
            System.out.println("registry " + registry.process().pid());
            Thread.currentThread().join();
        }
    }
}
