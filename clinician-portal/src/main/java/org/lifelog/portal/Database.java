package org.lifelog.portal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pool of connections. The database may be away, at the start and at any time after: then every call is refused as
 * {@link Failure#UNAVAILABLE} at once, until the probe sees the database again.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int CONNECT_SECONDS = 2;
    private static final int STATEMENT_SECONDS = 10;
    /** Above the statement's own limit: ends only what the server will never answer. */
    private static final int SOCKET_SECONDS = 15;
    /** Connection lost, server stopping or out of resources, statement cancelled, tables not there yet. */
    private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "57");

    private static final String UNDEFINED_TABLE = "42P01";

    /** Work in one transaction. */
    interface Work<T> {
        /** Does the work; what it throws rolls the transaction back. */
        T run(Connection connection) throws SQLException;
    }

    private final HikariDataSource pool;
    private final DatabaseProbe probe;

    Database(String url, String username, String password, int size, MeterRegistry metrics) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("portal");
        config.setJdbcUrl(url);
        config.setUsername(username);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(Math.min(2, size));
        config.setAutoCommit(false);
        config.setConnectionTimeout(CONNECT_SECONDS * 1_000L);
        config.setInitializationFailTimeout(-1);
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics));
        config.addDataSourceProperty("ApplicationName", "clinician-portal");
        config.addDataSourceProperty("connectTimeout", CONNECT_SECONDS);
        config.addDataSourceProperty("socketTimeout", SOCKET_SECONDS);
        config.addDataSourceProperty("options", "-c statement_timeout=" + STATEMENT_SECONDS + "s -c timezone=UTC");
        pool = new HikariDataSource(config);
        probe = new DatabaseProbe(url, username, password);
    }

    /** What the last look at the database found. */
    DatabaseProbe probe() {
        return probe;
    }

    /**
     * Does work in one transaction, on the caller's thread, which must not be an event loop.
     *
     * @throws RefusedException where the database is away
     */
    <T> T inTransaction(Work<T> work) {
        if (!probe.check().ok()) {
            throw away();
        }
        try (Connection connection = pool.getConnection()) {
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            // Not the message: PostgreSQL's quotes values.
            LOG.warn(
                    "A query failed with SQL state {} ({})",
                    e.getSQLState(),
                    e.getClass().getSimpleName());
            if (passes(e)) {
                throw away();
            }
            throw new IllegalStateException("A query failed with SQL state " + e.getSQLState());
        }
    }

    private static void rollBack(Connection connection, Exception cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static boolean passes(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return e instanceof SQLTransientException
                || state.equals(UNDEFINED_TABLE)
                || (state.length() == 5 && PASSING_CLASSES.contains(state.substring(0, 2)));
    }

    private static RefusedException away() {
        return RefusedException.unavailable("The database cannot be reached now; try again.");
    }

    @Override
    public void close() {
        probe.close();
        pool.close();
    }
}
