package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Conversion;
import org.lifelog.contract.Metric;

/**
 * The {@code glucose} call: the figures of a subject's glucose in a span of time.
 *
 * @param unit in which the figures are given
 * @param conversion from that unit to the canonical one
 * @param zone whose clock the profile and the days follow, where it is not the center's
 */
record GlucoseQuery(Metric metric, String unit, Conversion conversion, Optional<ZoneId> zone, Span.Asked asked) {
    static final List<String> PARAMETERS = List.of("metric", "from", "to", "unit", "zone");
    /** Nearly a year of readings each minute; bounds the memory of a report (16 bytes each, and as many for sorting). */
    private static final int MAXIMUM_READINGS = 500_000;

    private static final String SQL = "SELECT " + Micros.sql("time") + ", value FROM reading"
            + " WHERE series_id = ANY (?) AND time >= ? AND time < ? ORDER BY time LIMIT " + (MAXIMUM_READINGS + 1);
    private static final int FETCH = 10_000;

    /** What was asked for. */
    static GlucoseQuery of(Parameters parameters, Catalogue catalogue) {
        Metric metric = parameters.metric(catalogue, "glucose_cgm");
        if (!GlucoseReport.covers(metric)) {
            throw RefusedException.malformed("metric must be a glucose that is counted by the consensus ranges: "
                    + String.join(
                            ", ",
                            catalogue.metrics().stream()
                                    .filter(GlucoseReport::covers)
                                    .map(Metric::code)
                                    .toList())
                    + ".");
        }
        Map<String, Conversion> units = new LinkedHashMap<>();
        for (String unit : List.of("mg/dL", "mmol/L")) {
            catalogue.conversion(metric.code(), unit).ifPresent(conversion -> units.put(unit, conversion));
        }
        Conversion conversion = parameters.oneOf("unit", units, metric.unit());
        return new GlucoseQuery(
                metric,
                parameters.text("unit").orElse(metric.unit()),
                conversion,
                parameters.zone("zone"),
                Span.Asked.of(parameters));
    }

    /** Reads and computes the report of a subject who holds these series. */
    GlucoseReport read(Connection connection, List<HeldSeries> held, ZoneId centerZone, Instant now)
            throws SQLException {
        List<HeldSeries> chosen = held.stream()
                .filter(series -> series.metric().equals(metric.code()))
                .toList();
        Span span = asked.around(HeldSeries.lastOf(chosen), now);
        GlucoseReadings readings = readings(connection, chosen, span);
        ZoneId clock = zone.orElse(centerZone);
        return GlucoseReport.of(metric, unit, conversion, span, clock.getId(), GlucoseStatistics.of(readings, clock));
    }

    private static GlucoseReadings readings(Connection connection, List<HeldSeries> chosen, Span span)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            // Needs no auto-commit, which the pool's connections have not: else all rows come at once.
            select.setFetchSize(FETCH);
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(chosen)));
            select.setObject(2, Micros.parameter(span.from()));
            select.setObject(3, Micros.parameter(span.to()));
            GlucoseReadings readings = new GlucoseReadings(FETCH);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    readings.add(row.getLong(1), row.getDouble(2));
                }
            }
            if (readings.n() > MAXIMUM_READINGS) {
                throw RefusedException.malformed(
                        "from and to span more than " + MAXIMUM_READINGS + " readings; ask for less time.");
            }
            return readings;
        }
    }
}
