package org.lifelog.sink;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database schema, brought up to date by Flyway. The sink owns it; others read. */
public final class Schema {
    private static final Logger LOG = LoggerFactory.getLogger(Schema.class);

    private Schema() {}

    /**
     * Brings the schema up to date. Several sinks may do so at once: the first one works, the others wait.
     *
     * @throws org.flywaydb.core.api.FlywayException where the database refuses, or was changed by hand
     */
    public static void migrate(DataSource database) {
        int done = Flyway.configure()
                .dataSource(database)
                .locations("classpath:org/lifelog/sink/migration")
                .load()
                .migrate()
                .migrationsExecuted;
        LOG.info("Database schema is up to date ({} migrations applied), {}", done, edition(database));
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
