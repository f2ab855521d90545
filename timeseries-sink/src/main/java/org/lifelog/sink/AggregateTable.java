package org.lifelog.sink;

import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Bands;
import org.lifelog.contract.Metric;

/** The table of a window size, and the SQL that computes its columns from stored readings. */
enum AggregateTable {
    MINUTES("aggregate_1m", WindowSize.MINUTE),
    HOURS("aggregate_1h", WindowSize.HOUR),
    DAYS("aggregate_1d", WindowSize.DAY);

    /** Makes windows that are too old for the streams, and were not there, those of the sink. Parameters as of {@link #recompute}. */
    static final String MARK_LATE = "UPDATE recomputed c SET version = " + Long.MAX_VALUE
            + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS w(series_id, s, e) WHERE c.version = 0"
            + " AND c.series_id = w.series_id AND c.time = timestamptz 'epoch' + w.s * interval '1 microsecond'";

    private static final String COLUMNS = "series_id, time, n, sum, mean, min, max, first, last, sd, bands, version";

    /** The windows of arrays of series, starts and ends, but for those whose readings are not kept any longer. */
    private static final String WINDOWS = """
            (SELECT series_id, timestamptz 'epoch' + s * interval '1 microsecond' AS time,
                    timestamptz 'epoch' + e * interval '1 microsecond' AS end_time
             FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS a(series_id, s, e)) u
            JOIN series USING (series_id) JOIN center USING (center)
            WHERE u.time >= center.readings_from""";

    private final String table;
    private final WindowSize size;

    AggregateTable(String table, WindowSize size) {
        this.table = table;
        this.size = size;
    }

    WindowSize size() {
        return size;
    }

    String table() {
        return table;
    }

    /**
     * Upserts aggregates from arrays, one per column in the order of the table, with times in microseconds since the
     * epoch and bands as texts. A newer version is never overwritten.
     */
    String upsert() {
        return "INSERT INTO " + table + " (" + COLUMNS + ")"
                + " SELECT series_id, timestamptz 'epoch' + micros * interval '1 microsecond',"
                + " n, sum, mean, min, max, first, last, sd, bands::bigint[], version"
                + " FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::float8[], ?::float8[], ?::float8[], ?::float8[],"
                + " ?::float8[], ?::float8[], ?::float8[], ?::text[], ?::bigint[])"
                + " AS a(series_id, micros, n, sum, mean, min, max, first, last, sd, bands, version)"
                + onConflict() + " WHERE excluded.version > " + table + ".version";
    }

    /**
     * Computes the given windows, which must have been deleted, from the stored readings of one metric. Parameters: arrays
     * of series, and of the starts and ends of the windows in microseconds since the epoch.
     */
    String recompute(Metric metric) {
        return compute(metric, table, Long.MAX_VALUE);
    }

    /**
     * Computes windows from the stored readings of one metric into a table that has none of them. Parameters as of
     * {@link #recompute}.
     *
     * @param version of all of them
     */
    static String compute(Metric metric, String into, long version) {
        return "WITH w AS (SELECT u.series_id, u.time, u.end_time FROM " + WINDOWS + ")"
                + CountedAmounts.of(metric)
                + "INSERT INTO " + into + " (" + COLUMNS + ")"
                + " SELECT r.series_id, r.start, count(*), sum(r.value), " + mean(metric)
                + ", min(r.value), max(r.value),"
                + " (array_agg(r.value ORDER BY r.time, r.value))[1],"
                + " (array_agg(r.value ORDER BY r.time DESC, r.value DESC))[1],"
                + " stddev_samp(r.value), " + bands(metric.bands()) + ", " + version
                + " FROM counted r GROUP BY r.series_id, r.start";
    }

    /**
     * Deletes windows that no reading is left in. Parameters: arrays of series, of starts in microseconds since the epoch
     * and of versions.
     */
    String deleteEmpty() {
        return "DELETE FROM " + table + " a USING unnest(?::bigint[], ?::bigint[], ?::bigint[])"
                + " AS w(series_id, micros, version)"
                + " WHERE a.series_id = w.series_id"
                + " AND a.time = timestamptz 'epoch' + w.micros * interval '1 microsecond' AND a.version < w.version";
    }

    /** Deletes the given windows. Parameters as of {@link #recompute}. */
    String delete() {
        return "DELETE FROM " + table + " a USING (SELECT u.series_id, u.time FROM " + WINDOWS + ") w"
                + " WHERE a.series_id = w.series_id AND a.time = w.time";
    }

    /** A table of the versions that the windows of {@code recomputed} should still have. */
    String expected() {
        return "expected_" + table;
    }

    /** Gives what was computed into {@code recomputed} the versions that are expected. */
    String takeExpectedVersions() {
        return "UPDATE recomputed c SET version = e.version FROM " + expected()
                + " e WHERE e.series_id = c.series_id AND e.time = c.time";
    }

    /** Counts the windows that have another version by now. */
    String countLeft() {
        return "SELECT count(*) FROM recomputed c JOIN " + table
                + " a USING (series_id, time) WHERE a.version <> c.version";
    }

    /** Takes over what was computed where it is missing or different and has the version that is expected. */
    String replaceDifferent() {
        return "INSERT INTO " + table + " (" + COLUMNS + ") SELECT " + COLUMNS + " FROM recomputed"
                + onConflict() + " WHERE excluded.version = " + table + ".version AND ("
                + different("n", "min", "max", "first", "last", "bands")
                + " OR abs(excluded.sum - " + table + ".sum) > 1e-9 * abs(excluded.sum)"
                + " OR abs(excluded.mean - " + table + ".mean) > 1e-9 * abs(excluded.mean))";
    }

    private String different(String... columns) {
        return Stream.of(columns)
                .map(column -> "excluded." + column + " IS DISTINCT FROM " + table + "." + column)
                .collect(Collectors.joining(" OR "));
    }

    /** Deletes the windows that were expected and not computed, unless they have another version by now. */
    String deleteExpectedWithout() {
        return "DELETE FROM " + table + " a USING " + expected() + " e"
                + " WHERE a.series_id = e.series_id AND a.time = e.time AND a.version = e.version AND NOT EXISTS"
                + " (SELECT FROM recomputed c WHERE c.series_id = e.series_id AND c.time = e.time)";
    }

    private static String onConflict() {
        StringJoiner set = new StringJoiner(", ", " ON CONFLICT (series_id, time) DO UPDATE SET ", "");
        for (String column : COLUMNS.split(", ")) {
            if (!column.equals("series_id") && !column.equals("time")) {
                set.add(column + " = excluded." + column);
            }
        }
        return set.toString();
    }

    private static String mean(Metric metric) {
        return metric.kind() == Metric.Kind.LEVEL ? "10 * log(avg(power(10::float8, r.value / 10)))" : "avg(r.value)";
    }

    private static String bands(Bands bands) {
        List<Bands.Edge> edges = bands.edges();
        if (edges.isEmpty()) {
            return "NULL::bigint[]";
        }
        StringJoiner counts = new StringJoiner(", ", "ARRAY[", "]");
        for (int band = 0; band < bands.count(); band++) {
            StringJoiner inside = new StringJoiner(" AND ");
            if (band > 0) {
                Bands.Edge below = edges.get(band - 1);
                inside.add("r.value " + (below.inUpper() ? ">= " : "> ") + below.value());
            }
            if (band < edges.size()) {
                Bands.Edge above = edges.get(band);
                inside.add("r.value " + (above.inUpper() ? "< " : "<= ") + above.value());
            }
            counts.add("count(*) FILTER (WHERE " + inside + ")");
        }
        return counts.toString();
    }
}
