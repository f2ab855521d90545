package org.lifelog.portal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.lifelog.runtime.Health;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether the database answers and has our tables, and remembers what it saw. It has a connection of
 * its own, so that a busy pool does not look like a database that is away.
 */
final class DatabaseProbe implements Health.Probe, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseProbe.class);
    private static final long PERIOD_MILLIS = 1_000;
    private static final int TIMEOUT_SECONDS = 2;
    private static final Health.Check UP = Health.Check.up("The database answers.");

    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "database-probe");
        thread.setDaemon(true);
        return thread;
    });
    private volatile Health.Check last =
            Health.Check.down("The database was not reached yet; it is tried every second.");
    /** Used by the executor's thread only. */
    private Connection connection;

    DatabaseProbe(String url, String username, String password) {
        source.setUrl(url);
        source.setUser(username);
        source.setPassword(password);
        source.setApplicationName("clinician-portal-probe");
        source.setConnectTimeout(TIMEOUT_SECONDS);
        source.setLoginTimeout(TIMEOUT_SECONDS);
        source.setSocketTimeout(TIMEOUT_SECONDS);
        executor.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public Health.Check check() {
        return last;
    }

    private void look() {
        Health.Check now;
        try {
            if (connection == null) {
                connection = source.getConnection();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT FROM audit LIMIT 0");
            }
            now = UP;
        } catch (SQLException | RuntimeException e) {
            disconnect();
            now = Health.Check.down("The database does not answer, or its tables are not there yet (SQL state "
                    + (e instanceof SQLException sql ? sql.getSQLState() : "unknown") + "); it is tried every second.");
        }
        if (now.ok() != last.ok()) {
            LOG.info("{}", now.detail());
        }
        last = now;
    }

    private void disconnect() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("The probe's connection could not be closed in order", e);
            }
        }
    }

    @Override
    public void close() {
        executor.execute(this::disconnect);
        executor.shutdown();
        try {
            if (!executor.awaitTermination(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
