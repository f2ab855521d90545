package org.lifelog.embedded.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.lifelog.embedded.EmbeddedDatabase;
import org.postgresql.PGProperty;

/**
 * The database server that the tests of this JVM share.
 *
 * @param url JDBC URL of any database on it
 * @param username may create databases and roles
 * @param timescale whether the extension is available
 */
record DatabaseServer(String url, String username, String password, boolean timescale) {

    private static final String REQUIRED = "LIFELOG_REQUIRE_TIMESCALEDB";

    /** Started on first use. */
    static DatabaseServer shared() {
        return Shared.SERVER;
    }

    /** A server that runs already; says whether it has TimescaleDB. */
    static DatabaseServer at(String url, String username, String password) {
        try (Connection connection = DriverManager.getConnection(url, username, password);
                Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT FROM pg_available_extensions WHERE name = 'timescaledb'")) {
            return new DatabaseServer(url, username, password, rows.next());
        } catch (SQLException e) {
            throw new IllegalStateException("no database at " + withoutParameters(url), e);
        }
    }

    TestDatabase createDatabase(String prefix) {
        if (!prefix.matches("[a-z][a-z0-9_]{0,39}")) {
            throw new IllegalArgumentException("not a database name's beginning: " + prefix);
        }
        String name = prefix + "_" + UUID.randomUUID().toString().substring(0, 8);
        try (Connection connection = DriverManager.getConnection(url, username, password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            return new TestDatabase(urlOf(name), username, password, timescale);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create a database at " + withoutParameters(url), e);
        }
    }

    private String urlOf(String database) {
        String server = withoutParameters(url);
        return server.substring(0, server.lastIndexOf('/') + 1) + database + url.substring(server.length());
    }

    private static String withoutParameters(String url) {
        return url.replaceFirst("\\?.*", "");
    }

    private static final class Shared {

        static final DatabaseServer SERVER = require(start());

        private static DatabaseServer start() {
            Optional<String> named = Environment.value("LIFELOG_DATABASE");
            if (named.isPresent()) {
                return running(named.get());
            }
            boolean embeddedOnly = Environment.value("LIFELOG_INFRASTRUCTURE")
                    .filter("embedded"::equals)
                    .isPresent();
            if (!embeddedOnly) {
                Optional<DatabaseServer> container = TimescaleContainer.start();
                if (container.isPresent()) {
                    return container.get();
                }
            }
            return embedded();
        }

        private static DatabaseServer running(String url) {
            Properties parts = org.postgresql.Driver.parseURL(url, new Properties());
            if (parts == null) {
                throw new IllegalStateException("LIFELOG_DATABASE is not a PostgreSQL JDBC URL");
            }
            DatabaseServer server =
                    at(url, PGProperty.USER.getOrDefault(parts), PGProperty.PASSWORD.getOrDefault(parts));
            return Environment.announce(
                    "database: " + withoutParameters(url) + (server.timescale() ? ", TimescaleDB" : ", no TimescaleDB"),
                    server);
        }

        private static DatabaseServer embedded() {
            EmbeddedDatabase database = TemporaryService.start(
                    "database",
                    directory -> EmbeddedDatabase.start(
                            directory, "127.0.0.1", 0, UUID.randomUUID().toString()));
            return Environment.announce(
                    "database: PostgreSQL 17 embedded, no TimescaleDB: what needs it is skipped",
                    at(database.jdbcUrl(), database.username(), database.password()));
        }

        private static DatabaseServer require(DatabaseServer server) {
            if (!server.timescale() && Environment.isTrue(REQUIRED)) {
                throw new IllegalStateException(REQUIRED + " is set, and the database has no TimescaleDB");
            }
            return server;
        }
    }
}
