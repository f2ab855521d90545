package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lifelog.contract.Attributes;

/** The {@code audiogram} call: hearing tests in a span of time, all of them unless told otherwise. */
record AudiogramQuery(Span.Asked asked) {
    static final List<String> PARAMETERS = List.of("from", "to");
    private static final String AUDIOGRAM = "audiogram";
    /** A thousand tests of both ears; bounds the memory of an answer. */
    static final int MAXIMUM_THRESHOLDS = 16_000;

    private static final String SQL = "SELECT series_id, time, value FROM reading"
            + " WHERE series_id = ANY (?) AND time >= ? AND time < ?"
            + " ORDER BY time, sequence LIMIT " + (MAXIMUM_THRESHOLDS + 1);

    /** What was asked for. */
    static AudiogramQuery of(Parameters parameters) {
        return new AudiogramQuery(Span.Asked.of(parameters));
    }

    /** Reads the tests of a subject who holds these series; what was measured on one day of the zone is one test. */
    AudiogramReport read(Connection connection, List<HeldSeries> held, ZoneId zone, Instant now) throws SQLException {
        Map<Long, HeldSeries> thresholds = held.stream()
                .filter(series -> series.metric().equals(AUDIOGRAM))
                .collect(Collectors.toMap(HeldSeries::id, Function.identity()));
        Span latest = asked.around(HeldSeries.lastOf(thresholds.values()), now);
        Instant first = HeldSeries.firstOf(thresholds.values()).orElse(latest.from());
        Span span = new Span(asked.from().orElse(first.isBefore(latest.to()) ? first : latest.from()), latest.to());
        Map<LocalDate, Map<String, SortedMap<Integer, Double>>> tests = new TreeMap<>(Comparator.reverseOrder());
        int count = 0;
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(thresholds.values())));
            select.setObject(2, Micros.parameter(span.from()));
            select.setObject(3, Micros.parameter(span.to()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    count++;
                    Map<String, String> where =
                            Attributes.parse(thresholds.get(row.getLong(1)).attributes());
                    LocalDate date =
                            HeldSeries.time(row, 2).orElseThrow().atZone(zone).toLocalDate();
                    // Of two thresholds of one tone and day the later one stands.
                    tests.computeIfAbsent(date, day -> new HashMap<>())
                            .computeIfAbsent(where.get("ear"), ear -> new TreeMap<>())
                            .put(Integer.valueOf(where.get("frequency")), row.getDouble(3));
                }
            }
        }
        if (count > MAXIMUM_THRESHOLDS) {
            throw RefusedException.malformed(
                    "from and to span more than " + MAXIMUM_THRESHOLDS + " thresholds; ask for less time.");
        }
        return new AudiogramReport(
                span.from(),
                span.to(),
                zone.getId(),
                tests.entrySet().stream()
                        .map(test -> AudiogramReport.Test.of(test.getKey(), test.getValue()))
                        .toList());
    }
}
