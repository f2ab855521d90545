package org.lifelog.portal;

import io.vertx.core.MultiMap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;

/**
 * A search for Observations: the newest first, page by page.
 *
 * @param tokens of {@code code}, of which one must match; empty where any metric may be
 * @param span effective times that match; of an interval its start is what counts
 * @param count at most so many in a page
 * @param before the last of the page before this one
 */
record FhirSearch(List<String> tokens, Span span, int count, Optional<FhirObservation.Key> before) {
    static final int DEFAULT_COUNT = 100;
    static final int MAXIMUM_COUNT = 1_000;
    /** The parameters of a search: {@code _page} comes from the link of the page before. */
    static final List<String> PARAMETERS = List.of("code", "date", "_count", "_page", "_format");

    private static final Set<String> REPEATED = Set.of("date");
    private static final Set<String> FORMATS =
            Set.of("json", "application/json", "application/fhir+json", "application/fhir json");
    private static final int MAXIMUM_LENGTH = 200;
    private static final int MAXIMUM_REPEATED = 10;

    private static final String SQL = """
            SELECT %s, r.series_id, r.device_id, r.sequence, d.device, r.value, r.end_time, r.received_at, r.offset_seconds, r.flags
            FROM unnest(?::bigint[]) AS s (series_id)
            CROSS JOIN LATERAL (
              SELECT * FROM reading
              WHERE series_id = s.series_id AND time >= ? AND time < ?
                AND (time, series_id, device_id, sequence) < (?, ?, ?, ?)
              ORDER BY time DESC, device_id DESC, sequence DESC LIMIT ?) r
            JOIN device d USING (device_id)
            ORDER BY r.time DESC, r.series_id DESC, r.device_id DESC, r.sequence DESC LIMIT ?
            """.formatted(Micros.sql("r.time"));

    /**
     * What was asked for.
     *
     * @param zone of times that have none
     * @throws RefusedException as {@link Failure#MALFORMED}, with the parameter's name and never its value
     */
    static FhirSearch of(MultiMap given, ZoneId zone) {
        for (String name : given.names()) {
            check(name, given.getAll(name));
        }
        Span span = FhirDate.ALL;
        for (String date : given.getAll("date")) {
            span = FhirDate.both(span, FhirDate.parse(date, zone));
        }
        String code = given.get("code");
        return new FhirSearch(
                code == null ? List.of() : List.of(code.split(",", -1)),
                span,
                count(given.get("_count")),
                Optional.ofNullable(given.get("_page"))
                        .map(page -> FhirObservation.Key.of(page)
                                .orElseThrow(() ->
                                        RefusedException.malformed("_page must come from the link of another page."))));
    }

    private static void check(String name, List<String> values) {
        if (!PARAMETERS.contains(name)) {
            throw RefusedException.malformed(
                    "A search parameter is not known; this search has: " + String.join(", ", PARAMETERS) + ".");
        }
        if (values.size() > (REPEATED.contains(name) ? MAXIMUM_REPEATED : 1)) {
            throw RefusedException.malformed(name + " is given too often.");
        }
        for (String value : values) {
            if (value.isEmpty() || value.length() > MAXIMUM_LENGTH || !Parameters.printable(value)) {
                throw RefusedException.malformed(name + " is empty, too long or has control characters; give 1 to "
                        + MAXIMUM_LENGTH + " characters.");
            }
            if (name.equals("_format") && !FORMATS.contains(value)) {
                throw RefusedException.malformed("_format must be json.");
            }
        }
    }

    private static int count(String text) {
        if (text == null) {
            return DEFAULT_COUNT;
        }
        try {
            int count = Integer.parseInt(text);
            if (count >= 1) {
                return Math.min(count, MAXIMUM_COUNT);
            }
        } catch (NumberFormatException e) {
            // Answered below, like a number that is too small.
        }
        throw RefusedException.malformed("_count must be a whole number from 1.");
    }

    /** A search for the one Observation with a key. */
    static FhirSearch of(FhirObservation.Key key) {
        var time = Micros.instant(key.micros());
        return new FhirSearch(
                List.of(), new Span(time, time.plus(1, ChronoUnit.MICROS)), MAXIMUM_COUNT, Optional.empty());
    }

    /** What is found, and one more than the page takes where there is another page. */
    List<FhirObservation> read(Connection connection, Catalogue catalogue, List<HeldSeries> held) throws SQLException {
        Map<Long, HeldSeries> chosen = held.stream()
                .filter(series -> matches(catalogue, series))
                .collect(Collectors.toMap(HeldSeries::id, Function.identity()));
        Span bounds = before.map(key -> FhirDate.both(span, new Span(span.from(), Micros.instant(key.micros() + 1))))
                .orElse(span);
        FhirObservation.Key last = before.orElse(new FhirObservation.Key(Micros.of(FhirDate.ALL.to()), 0, 0, 0));
        List<FhirObservation> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(chosen.values())));
            select.setObject(2, Micros.parameter(bounds.from()));
            select.setObject(3, Micros.parameter(bounds.to()));
            select.setObject(4, Micros.parameter(Micros.instant(last.micros())));
            select.setLong(5, last.series());
            select.setInt(6, last.device());
            select.setLong(7, last.sequence());
            select.setInt(8, count + 1);
            select.setInt(9, count + 1);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(observation(row, chosen));
                }
            }
        }
        return found;
    }

    private static FhirObservation observation(ResultSet row, Map<Long, HeldSeries> series) throws SQLException {
        return new FhirObservation(
                new FhirObservation.Key(row.getLong(1), row.getLong(2), row.getInt(3), row.getLong(4)),
                series.get(row.getLong(2)),
                row.getString(5),
                row.getDouble(6),
                HeldSeries.time(row, 7),
                HeldSeries.time(row, 8).orElseThrow(),
                Optional.ofNullable(row.getObject(9, Integer.class)),
                row.getInt(10));
    }

    private boolean matches(Catalogue catalogue, HeldSeries series) {
        Optional<Metric> metric = catalogue.metric(series.metric());
        return tokens.isEmpty()
                || tokens.stream().anyMatch(token -> {
                    int bar = token.indexOf('|');
                    String system = token.substring(0, Math.max(bar, 0));
                    String code = token.substring(bar + 1);
                    boolean loinc = (bar < 0 || system.equals(FhirObservation.LOINC))
                            && FhirObservation.loinc(metric).contains(code);
                    boolean text = system.isEmpty()
                            && (code.equals(series.metric())
                                    || metric.map(Metric::name)
                                            .filter(code::equalsIgnoreCase)
                                            .isPresent());
                    return loinc || text;
                });
    }

    /** What was asked for, for the audit and for links; the page is left out. */
    static Map<String, List<String>> asked(MultiMap given) {
        Map<String, List<String>> asked = new LinkedHashMap<>();
        Stream.of("code", "date", "_count", "_format")
                .filter(given::contains)
                .forEach(name -> asked.put(name, given.getAll(name)));
        return asked;
    }

    /** What was asked for, for the audit. */
    static String description(Map<String, List<String>> asked) {
        return asked.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(value -> entry.getKey() + "=" + value))
                .collect(Collectors.joining(" "));
    }
}
