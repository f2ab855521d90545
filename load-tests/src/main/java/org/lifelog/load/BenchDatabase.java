package org.lifelog.load;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.lifelog.embedded.EmbeddedDatabase;
import org.postgresql.PGConnection;
import picocli.CommandLine.Option;

/** A database of a benchmark's own, on an embedded server or on one that runs already; it is dropped at the end. */
final class BenchDatabase implements AutoCloseable {
    /** Where the server is. */
    static final class Options {
        @Option(
                names = "--database-url",
                paramLabel = "URL",
                description =
                        "Server on which it makes a database and drops it at the end, such as"
                                + " jdbc:postgresql://host:5432/postgres. Without it an embedded one, which has no TimescaleDB.")
        String url;

        @Option(
                names = "--database-username",
                defaultValue = "postgres",
                description = "Role that may create databases there. Default: ${DEFAULT-VALUE}")
        String username;

        @Option(
                names = "--database-password",
                defaultValue = "${env:PGPASSWORD:-}",
                description = "Its password; better in the variable PGPASSWORD.")
        String password;
    }

    private final Parts parts = new Parts();
    private final String url;
    private final String username;
    private final String password;

    /**
     * Creates it.
     *
     * @param folder of the embedded server's files
     */
    BenchDatabase(Options options, Path folder) {
        if (options.url == null) {
            EmbeddedDatabase embedded = parts.add(EmbeddedDatabase.start(
                    folder, "127.0.0.1", 0, UUID.randomUUID().toString()));
            url = embedded.jdbcUrl();
            username = embedded.username();
            password = embedded.password();
            return;
        }
        username = options.username;
        password = options.password;
        String name = "lifelog_bench_" + UUID.randomUUID().toString().substring(0, 8);
        url = options.url.substring(0, options.url.lastIndexOf('/') + 1) + name;
        execute(options.url, "CREATE DATABASE " + name);
        parts.add(() -> execute(options.url, "DROP DATABASE " + name + " WITH (FORCE)"));
    }

    String url() {
        return url;
    }

    String username() {
        return username;
    }

    String password() {
        return password;
    }

    void execute(String sql) {
        execute(url, sql);
    }

    private void execute(String server, String sql) {
        try (Connection connection = DriverManager.getConnection(server, username, password);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The database refuses: " + sql, e);
        }
    }

    /** The only column of the only row of a query. */
    String one(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("The database refuses: " + sql, e);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url, username, password);
    }

    /** Writes the rows of a query to a file, in COPY's binary format. */
    void export(String sql, Path file) {
        try (Connection connection = connect();
                OutputStream out = Files.newOutputStream(file)) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + sql + ") TO STDOUT (FORMAT binary)", out);
        } catch (SQLException e) {
            throw new IllegalStateException("The database refuses: " + sql, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}
