package org.lifelog.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {

    private static final String PASSWORD = "it's a \"secret\"";

    @TempDir
    private Path directory;

    @Test
    void rowsSurviveRestart() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD)) {
            assertThat(database.jdbcUrl()).matches("jdbc:postgresql://127\\.0\\.0\\.1:\\d+/lifelog");
            assertThat(database.username()).isEqualTo("lifelog");
            execute(database, "CREATE TABLE reading AS SELECT n FROM generate_series(1, 1000) n");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD)) {
            assertThat(query(database, "SELECT count(*) || ',' || sum(n) FROM reading"))
                    .isEqualTo("1000,500500");
        }
    }

    @Test
    void settingsAreSafe() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD)) {
            assertThat(query(database, "SHOW fsync")).isEqualTo("on");
            assertThat(query(database, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(database, "SHOW shared_buffers")).isEqualTo("128MB");
            assertThat(query(database, "SHOW server_encoding")).isEqualTo("UTF8");
            assertThat(query(database, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
                    .isEqualTo("f");
        }
    }

    @Test
    void wrongPasswordIsRefused() {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD)) {
            for (String user : new String[] {"lifelog", "postgres"}) {
                assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), user, "wrong"))
                        .isInstanceOfSatisfying(
                                SQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("28P01"));
            }
        }
    }

    @Test
    void passwordMayChangeFromStartToStart() throws Exception {
        EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD).close();
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, "127.0.0.1", 0, "another")) {
            assertThat(query(database, "SELECT 1")).isEqualTo("1");
            assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), "lifelog", PASSWORD))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void busyPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(directory, "127.0.0.1", taken.getLocalPort(), PASSWORD))
                    .isInstanceOfSatisfying(PortInUseException.class, e -> {
                        assertThat(e.service()).isEqualTo("database");
                        assertThat(e.port()).isEqualTo(taken.getLocalPort());
                    });
        }
    }

    @Test
    void directoryInUseLeavesTheRunningServerAlone() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD)) {
            assertThatThrownBy(() -> EmbeddedDatabase.start(directory, "127.0.0.1", 0, PASSWORD))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in use");
            assertThat(query(database, "SELECT 1")).isEqualTo("1");
        }
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }
}
