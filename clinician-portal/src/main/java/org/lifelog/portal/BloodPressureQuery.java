package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The {@code blood-pressure} call: pairs of systolic and diastolic pressure in a span of time.
 *
 * @param zone whose clock tells morning from evening, where it is not the center's
 */
record BloodPressureQuery(Optional<ZoneId> zone, Span.Asked asked) {
    static final List<String> PARAMETERS = List.of("from", "to", "zone");
    /** A pressure each ten minutes for nearly a year; bounds the memory of an answer. */
    static final int MAXIMUM_READINGS = 50_000;

    private static final Set<String> PRESSURES = Set.of("bp_systolic", "bp_diastolic");
    private static final String PULSE = "heart_rate";

    /**
     * The values of a pair have the instant, the device and the attributes in common. Senders number readings one by
     * one, so of several pairs of one instant the first values belong together, and the second ones. The pulse is what
     * the same device counted at that instant.
     */
    private static final String SQL = """
            WITH part AS (
              SELECT s.metric, s.attributes, r.device_id, r.time, r.value,
                row_number() OVER (PARTITION BY r.series_id, r.device_id, r.time ORDER BY r.sequence) AS nth
              FROM reading r JOIN series s USING (series_id)
              WHERE r.series_id = ANY (?) AND r.time >= ? AND r.time < ?),
            pair AS (
              SELECT time, device_id, attributes, nth, max(value) FILTER (WHERE metric = 'bp_systolic') AS systolic,
                max(value) FILTER (WHERE metric = 'bp_diastolic') AS diastolic
              FROM part GROUP BY time, device_id, attributes, nth)
            SELECT %s, systolic, diastolic, attributes, (
              SELECT p.value FROM reading p
              WHERE p.series_id = ANY (?) AND p.time = pair.time AND p.device_id = pair.device_id
              ORDER BY p.sequence LIMIT 1)
            FROM pair ORDER BY time, device_id, attributes, nth LIMIT %d
            """.formatted(Micros.sql("time"), MAXIMUM_READINGS + 1);

    /** What was asked for. */
    static BloodPressureQuery of(Parameters parameters) {
        return new BloodPressureQuery(parameters.zone("zone"), Span.Asked.of(parameters));
    }

    /** Reads and computes the report of a subject who holds these series. */
    BloodPressureReport read(Connection connection, List<HeldSeries> held, ZoneId centerZone, Instant now)
            throws SQLException {
        List<HeldSeries> pressures = held.stream()
                .filter(series -> PRESSURES.contains(series.metric()))
                .toList();
        List<HeldSeries> pulses =
                held.stream().filter(series -> series.metric().equals(PULSE)).toList();
        Span span = asked.around(HeldSeries.lastOf(pressures), now);
        List<BloodPressureReport.Pair> pairs = new ArrayList<>();
        int unpaired = 0;
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(pressures)));
            select.setObject(2, Micros.parameter(span.from()));
            select.setObject(3, Micros.parameter(span.to()));
            select.setArray(4, connection.createArrayOf("bigint", HeldSeries.ids(pulses)));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    Optional<Double> systolic = value(row, 2);
                    Optional<Double> diastolic = value(row, 3);
                    if (systolic.isPresent() && diastolic.isPresent()) {
                        pairs.add(new BloodPressureReport.Pair(
                                row.getLong(1), systolic.get(), diastolic.get(), value(row, 5), row.getString(4)));
                    } else {
                        unpaired++;
                    }
                }
            }
        }
        if (pairs.size() + unpaired > MAXIMUM_READINGS) {
            throw RefusedException.malformed(
                    "from and to span more than " + MAXIMUM_READINGS + " blood pressures; ask for less time.");
        }
        return BloodPressureReport.of(span, zone.orElse(centerZone), pairs, unpaired);
    }

    private static Optional<Double> value(ResultSet row, int column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }
}
