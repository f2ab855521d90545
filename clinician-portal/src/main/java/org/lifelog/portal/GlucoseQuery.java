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
import java.util.stream.Collectors;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Conversion;
import org.lifelog.contract.Metric;

/**
 * The {@code glucose} call: the figures of a subject's glucose in a span of time.
 *
 * @param unit in which the figures are given
 * @param conversion from that unit to the canonical one
 * @param zone whose clock the profile and the days follow, where it is not the center's
 * @param previous whether the figures of the time just before are wanted too
 */
record GlucoseQuery(
        Metric metric, String unit, Conversion conversion, Optional<ZoneId> zone, Span.Asked asked, boolean previous) {
    static final List<String> PARAMETERS = List.of("metric", "from", "to", "unit", "zone", "previous");
    /** Nearly a year of readings each minute; bounds the memory of a report (16 bytes each, and as many for sorting). */
    private static final int MAXIMUM_READINGS = 500_000;

    private static final String SQL = "SELECT series_id, " + Micros.sql("time") + ", value FROM reading"
            + " WHERE series_id = ANY (?) AND time >= ? AND time < ? ORDER BY time LIMIT " + (MAXIMUM_READINGS + 1);
    private static final int FETCH = 10_000;

    /** Takes a reading: its series, its time in microseconds since 1970 UTC, and its value in mg/dL. */
    private interface EachReading {
        void take(long series, long time, double value);
    }

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
                Span.Asked.of(parameters),
                parameters.oneOf("previous", Map.of("true", true, "false", false), "false"));
    }

    /** Reads and computes the report of a subject who holds these series. */
    GlucoseReport read(Connection connection, List<HeldSeries> held, ZoneId centerZone, Instant now)
            throws SQLException {
        List<HeldSeries> chosen = held.stream()
                .filter(series -> series.metric().equals(metric.code()))
                .toList();
        Span span = asked.around(HeldSeries.lastOf(chosen), now);
        ZoneId clock = zone.orElse(centerZone);
        GlucoseReadings readings = new GlucoseReadings(FETCH);
        Optional<ModalDay.Builder> modalDay =
                GlucoseReport.isSpot(metric) ? Optional.of(new ModalDay.Builder(clock)) : Optional.empty();
        Map<Long, String> meals = meals(chosen);
        each(connection, chosen, span, (series, time, value) -> {
            readings.add(time, value);
            modalDay.ifPresent(day -> day.add(time, value, meals.get(series)));
        });
        return GlucoseReport.of(
                metric,
                unit,
                conversion,
                span,
                clock.getId(),
                GlucoseStatistics.of(readings, clock),
                previous ? Optional.of(figures(connection, chosen, span.before(), clock)) : Optional.empty(),
                modalDay.map(day -> day.build(conversion)));
    }

    private GlucoseFigures figures(Connection connection, List<HeldSeries> chosen, Span span, ZoneId clock)
            throws SQLException {
        GlucoseReadings readings = new GlucoseReadings(FETCH);
        each(connection, chosen, span, (series, time, value) -> readings.add(time, value));
        return GlucoseFigures.of(metric, conversion, span, GlucoseStatistics.of(readings, clock));
    }

    /** The meal tag of each series, empty where it has none. */
    private static Map<Long, String> meals(List<HeldSeries> chosen) {
        return chosen.stream()
                .collect(Collectors.toMap(
                        HeldSeries::id,
                        series -> Attributes.parse(series.attributes()).getOrDefault("meal", "")));
    }

    private static void each(Connection connection, List<HeldSeries> chosen, Span span, EachReading each)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            // Needs no auto-commit, which the pool's connections have not: else all rows come at once.
            select.setFetchSize(FETCH);
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(chosen)));
            select.setObject(2, Micros.parameter(span.from()));
            select.setObject(3, Micros.parameter(span.to()));
            int n = 0;
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    if (++n > MAXIMUM_READINGS) {
                        throw RefusedException.malformed(
                                "from and to span more than " + MAXIMUM_READINGS + " readings; ask for less time.");
                    }
                    each.take(row.getLong(1), row.getLong(2), row.getDouble(3));
                }
            }
        }
    }
}
