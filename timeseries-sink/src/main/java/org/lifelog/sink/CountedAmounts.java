package org.lifelog.sink;

import org.lifelog.contract.Metric;
import org.lifelog.contract.Windows;

/**
 * SQL for what counts of stored readings, so that no time is counted twice where several devices measure the same amounts:
 * of intervals that overlap, the time that they share belongs to the one of the higher priority, or of the smaller code of
 * the device. The streams count in the same way; only intervals whose starts are less than {@link Windows#REACH}
 * apart are held against each other.
 */
final class CountedAmounts {
    /** Hours and not days, which would depend on the time zone of the session. */
    private static final String REACH = "interval '" + Windows.REACH.toHours() + " hours'";

    /**
     * The intervals of other devices that overlap some, and so may count for less or for more now. Parameters: arrays of
     * series, of devices, and of starts and ends in microseconds since the epoch. Columns: which of the given ones, and the
     * start in microseconds since the epoch.
     */
    static final String OVERLAPPED = """
            SELECT DISTINCT x.index, (extract(epoch FROM r.time) * 1000000)::bigint
            FROM (SELECT series_id, device_id, timestamptz 'epoch' + s * interval '1 microsecond' AS time,
                         timestamptz 'epoch' + e * interval '1 microsecond' AS end_time, index
                  FROM unnest(?::bigint[], ?::int[], ?::bigint[], ?::bigint[])
                    WITH ORDINALITY AS u(series_id, device_id, s, e, index)) x
            JOIN reading r ON r.series_id = x.series_id AND r.device_id <> x.device_id
              AND r.time > x.time - REACH AND r.time < x.time + REACH AND r.time < x.end_time AND r.end_time > x.time
            """.replace("REACH", REACH);

    /**
     * What counts of the readings of windows. Where there is one device only, that is found out once for each series and day,
     * and no reading is held against another one.
     */
    private static final String SHARED = """
            , day AS (
              SELECT d.series_id, d.day, min(r.device_id) <> max(r.device_id) AS several,
                     (max(extract(epoch FROM r.end_time - r.time)) + 1)::float8 * interval '1 second' AS longest
              FROM (SELECT DISTINCT series_id, date_trunc('day', time, 'UTC') AS day FROM w) d
              JOIN reading r ON r.series_id = d.series_id AND r.end_time IS NOT NULL
                AND r.time >= d.day - REACH AND r.time < d.day + interval '49 hours' + REACH
              GROUP BY d.series_id, d.day
            ), counted AS (
              SELECT w.series_id, w.time AS start, r.time,
                     CASE WHEN taken.micros = 0 THEN r.value
                          ELSE r.value * ((whole.micros - taken.micros)::float8 / whole.micros::float8) END AS value
              FROM w
              JOIN reading r ON r.series_id = w.series_id AND r.time >= w.time AND r.time < w.end_time
              LEFT JOIN day ON day.series_id = w.series_id AND day.day = date_trunc('day', w.time, 'UTC')
              CROSS JOIN LATERAL (
                SELECT (extract(epoch FROM r.end_time - r.time) * 1000000)::bigint AS micros) whole
              CROSS JOIN LATERAL (
                SELECT coalesce(sum((extract(epoch FROM upper(part) - lower(part)) * 1000000)::bigint), 0)::bigint AS micros
                FROM (SELECT unnest(range_agg(tstzrange(greatest(i.time, r.time), least(i.end_time, r.end_time)))) AS part
                      FROM reading i
                      WHERE day.several AND i.series_id = r.series_id AND i.device_id <> r.device_id
                        AND i.time > r.time - least(day.longest, REACH) AND i.time < r.time + REACH
                        AND i.time < r.end_time AND i.end_time > r.time
                        AND (i.priority > r.priority
                             OR (i.priority = r.priority
                                 AND (SELECT device COLLATE "C" FROM device d WHERE d.device_id = i.device_id)
                                   < (SELECT device COLLATE "C" FROM device d WHERE d.device_id = r.device_id)))) parts) taken
              WHERE whole.micros > taken.micros OR r.end_time IS NULL)
            """.replace("REACH", REACH);

    private static final String PLAIN = """
            , counted AS (
              SELECT w.series_id, w.time AS start, r.time, r.value
              FROM w JOIN reading r ON r.series_id = w.series_id AND r.time >= w.time AND r.time < w.end_time)
            """;

    private CountedAmounts() {}

    /**
     * A table {@code counted} (series_id, start, time, value) of the readings of the windows in a table {@code w} (series_id,
     * time, end_time), to follow its definition.
     */
    static String of(Metric metric) {
        return metric.kind() == Metric.Kind.DELTA ? SHARED : PLAIN;
    }
}
