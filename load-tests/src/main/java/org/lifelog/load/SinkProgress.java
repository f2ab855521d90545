package org.lifelog.load;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.lifelog.contract.Topic;

/** How far the sinks are, by what stands in the database. */
final class SinkProgress {
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 20;
    private static final String SECONDS_TO_ANSWER = "2";

    private final DrillDatabase database;

    SinkProgress(DrillDatabase database) {
        this.database = database;
    }

    /** How many readings are written; -1 where the database does not answer. */
    long written() {
        return number("SELECT coalesce(sum(next_offset), 0) FROM sink_offset WHERE topic = '" + Topic.VALID.topicName()
                + "'");
    }

    /** Whether a sink is in the middle of a batch. */
    boolean inBatch() {
        return number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'lifelog-sink'"
                        + " AND xact_start IS NOT NULL AND backend_xid IS NOT NULL")
                > 0;
    }

    private long number(String query) {
        Properties properties = new Properties();
        properties.put("user", database.username());
        properties.put("password", database.password());
        properties.put("connectTimeout", SECONDS_TO_ANSWER);
        properties.put("socketTimeout", SECONDS_TO_ANSWER);
        try (Connection connection = DriverManager.getConnection(database.url(), properties);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            return -1;
        }
    }

    /**
     * Waits until something more is written.
     *
     * @return after how many seconds
     */
    double untilWriting() throws InterruptedException {
        long began = System.nanoTime();
        long before = -1;
        while (System.nanoTime() - began < DEADLINE.toNanos()) {
            long now = written();
            if (before >= 0 && now > before) {
                return (System.nanoTime() - began) / 1e9;
            }
            before = before < 0 ? now : before;
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        throw new IllegalStateException("Nothing was written for " + DEADLINE.toMinutes() + " minutes after a fault");
    }

    /**
     * Looks for some time.
     *
     * @return the longest time in which nothing was written, in seconds
     */
    double longestStandstill(Duration time) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        long changed = System.nanoTime();
        long before = written();
        long longest = 0;
        while (System.nanoTime() < end) {
            long now = written();
            if (now > before) {
                before = now;
                changed = System.nanoTime();
            }
            longest = Math.max(longest, System.nanoTime() - changed);
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return longest / 1e9;
    }
}
