package org.lifelog.embedded.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** TimescaleDB by Testcontainers, where a Docker engine answers. */
final class TimescaleContainer {

    private static final String DEFAULT_IMAGE = "timescale/timescaledb:2.19.3-pg17";
    private static final String OWNER = "lifelog";

    private TimescaleContainer() {}

    /** Empty where there is no engine, or it cannot get the image; in the second case the reason is printed. */
    static Optional<DatabaseServer> start() {
        String image = Environment.value("LIFELOG_TIMESCALEDB_IMAGE").orElse(DEFAULT_IMAGE);
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.empty();
            }
            PostgreSQLContainer container = container(image);
            return Environment.announce(
                    "database: TimescaleDB in Testcontainers (" + image + ")", Optional.of(server(container)));
        } catch (RuntimeException e) {
            return Environment.announce("database: no container of " + image + ": " + rootMessage(e), Optional.empty());
        }
    }

    private static PostgreSQLContainer container(String image) {
        PostgreSQLContainer container =
                new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"));
        // Without Testcontainers' reaper nobody else ends it.
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "end-timescaledb"));
        container.start();
        return container;
    }

    /** The container's own user is a superuser, to whom row security does not apply. */
    private static DatabaseServer server(PostgreSQLContainer container) {
        String password = UUID.randomUUID().toString();
        try (Connection connection = DriverManager.getConnection(
                        container.getJdbcUrl(), container.getUsername(), container.getPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + OWNER + " LOGIN CREATEDB CREATEROLE PASSWORD '" + password + "'");
        } catch (SQLException e) {
            throw new IllegalStateException("TimescaleDB container: cannot create the role " + OWNER, e);
        }
        return DatabaseServer.at(container.getJdbcUrl(), OWNER, password);
    }

    private static String rootMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
