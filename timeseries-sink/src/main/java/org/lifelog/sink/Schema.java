package org.lifelog.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database schema, brought up to date by Flyway. The sink owns it; others read. */
public final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);
    private static final String CENTERS = """
            INSERT INTO center (center, name, zone) SELECT * FROM unnest(?::text[], ?::text[], ?::text[])
            ON CONFLICT (center) DO UPDATE SET name = excluded.name, zone = excluded.zone
            """;

    private Schema() {}

    /**
     * Brings the schema up to date, with a role for each center. Several sinks may do so at once: the first one works, the
     * others wait.
     *
     * @param centers those of this installation; what the database knows of others stays
     * @throws org.flywaydb.core.api.FlywayException where the database refuses, or was changed by hand
     */
    public static void migrate(DataSource database, Centers centers) {
        int done = Flyway.configure()
                .dataSource(database)
                .locations("classpath:org/lifelog/sink/migration")
                .load()
                .migrate()
                .migrationsExecuted;
        try (Connection connection = database.getConnection()) {
            write(connection, centers);
            grantRights(connection);
        } catch (SQLException e) {
            throw new FlywayException("The centers and the rights of their roles could not be written", e);
        }
        LOG.info("Database schema is up to date ({} migrations applied), {}", done, edition(database));
    }

    private static void write(Connection connection, Centers centers) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CENTERS)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            List<Center> rows = List.copyOf(centers.all());
            columns.add("text", rows, Center::code);
            columns.add("text", rows, Center::name);
            columns.add("text", rows, center -> center.zone().getId());
            statement.executeUpdate();
        }
    }

    private static void grantRights(Connection connection) throws SQLException {
        try (InputStream script = Schema.class.getResourceAsStream("roles.sql");
                Statement statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                LOG.warn(warning.getMessage());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String edition(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'),"
                                + " current_setting('timescaledb.license', true)")) {
            row.next();
            return row.getString(1) == null
                    ? "plain PostgreSQL: no hypertables"
                    : "TimescaleDB " + row.getString(1) + ", "
                            + ("timescale".equals(row.getString(2)) ? "community" : "Apache") + " edition";
        } catch (SQLException e) {
            return "edition unknown (" + e.getSQLState() + ")";
        }
    }
}
