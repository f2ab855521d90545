package org.lifelog.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import javax.sql.DataSource;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Glucose of the subjects of a center up to yesterday, with the windows of hours and days that the streams would have made.
 * Those of minutes are left out: no call that is measured reads them.
 *
 * @param minutes between the readings of a subject
 */
record GlucoseHistory(String center, int subjects, int minutes) {
    private static final ZoneId ZONE = ZoneId.of("Asia/Seoul");
    private static final int MINUTES_PER_DAY = 1_440;
    /** The worklist compares 14 days with the 14 before them. */
    private static final int FEWEST_DAYS = 29;

    /**
     * All readings of a day with their windows. They are added in the order of time, so that the rows of a series lie as far
     * apart as they do in real life.
     */
    private static final String DAY = """
            WITH added AS (
              INSERT INTO reading (series_id, time, device_id, value, received_at)
              SELECT s, t, 1, 125 + (40 + s %% 50) * sin(extract(epoch FROM t) / 5000 + s), t
              FROM generate_series(?::timestamptz, ?::timestamptz + interval '1 day' - interval '1 second',
                     interval '%d minutes') t,
                   generate_series(1, ?) s
              RETURNING series_id, time, value),
            hours AS (%s)
            %s
            """;

    private static final String WINDOWS = """
            INSERT INTO aggregate_1%s (series_id, time, n, sum, mean, min, max, first, last, sd, bands, version)
            SELECT series_id, date_trunc('%s', time, 'Asia/Seoul'), count(*), sum(value), avg(value), min(value), max(value),
                   min(value), max(value), stddev_samp(value),
                   ARRAY[count(*) FILTER (WHERE value < 54), count(*) FILTER (WHERE value >= 54 AND value < 70),
                         count(*) FILTER (WHERE value BETWEEN 70 AND 180),
                         count(*) FILTER (WHERE value > 180 AND value <= 250), count(*) FILTER (WHERE value > 250)], 1
            FROM added GROUP BY 1, 2
            """;

    /**
     * Fills the tables.
     *
     * @param readings how many there are at least
     * @return readings per second
     */
    double fill(DataSource source, long readings) throws SQLException {
        long perDay = (long) subjects * ((MINUTES_PER_DAY + minutes - 1) / minutes);
        long days = Math.max(FEWEST_DAYS, (readings + perDay - 1) / perDay);
        // Days of the center, of which the last one is yesterday.
        Instant first = LocalDate.now(ZONE).minusDays(days).atStartOfDay(ZONE).toInstant();
        long start = System.nanoTime();
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ProgressBar bar = bar(days)) {
            statement.execute("INSERT INTO device (center, device) VALUES ('" + center + "', 'cgm')");
            statement.execute("INSERT INTO series (center, subject, metric, attributes, unit)"
                    + " SELECT '" + center + "', 'S-' || s, 'glucose_cgm', '', 'mg/dL' FROM generate_series(1, "
                    + subjects
                    + ") s");
            String day = DAY.formatted(minutes, WINDOWS.formatted("h", "hour"), WINDOWS.formatted("d", "day"));
            try (PreparedStatement insert = connection.prepareStatement(day)) {
                for (long i = 0; i < days; i++) {
                    String time = first.plus(Duration.ofDays(i)).toString();
                    insert.setString(1, time);
                    insert.setString(2, time);
                    insert.setInt(3, subjects);
                    insert.executeUpdate();
                    bar.step();
                }
            }
            statement.execute("VACUUM ANALYZE");
        }
        return days * (double) perDay / ((System.nanoTime() - start) / 1e9);
    }

    private static ProgressBar bar(long days) {
        return new ProgressBarBuilder()
                .setTaskName("filling, days")
                .setInitialMax(days)
                .setUpdateIntervalMillis(System.console() == null ? 10_000 : 200)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
    }
}
