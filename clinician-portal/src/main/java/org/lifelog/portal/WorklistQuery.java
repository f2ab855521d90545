package org.lifelog.portal;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lifelog.contract.Center;

/**
 * The worklist call: a page of a center's subjects. Which subjects, in which order and with which flags comes from a snapshot
 * of the center; the rest is read for the subjects of the page alone, so it takes as long for a hundred thousand subjects.
 *
 * @param page from 1
 * @param search part of a subject's code, in any case; empty for all
 */
record WorklistQuery(WorklistSnapshot.Sort sort, int page, String search) {
    static final List<String> PARAMETERS = List.of("sort", "page", "q");
    static final int PAGE_SIZE = 50;

    private static final Map<String, WorklistSnapshot.Sort> SORTS = Map.of(
            "risk", WorklistSnapshot.Sort.RISK,
            "staleness", WorklistSnapshot.Sort.STALENESS,
            "code", WorklistSnapshot.Sort.CODE);

    /** The last window of a day bounds the look for the last reading, which may be there before its window. */
    static final String HELD = """
            SELECT s.subject, max(coalesce(l.time, d.time)), array_agg(DISTINCT s.metric ORDER BY s.metric),
                   max(l.time) FILTER (WHERE s.metric = 'glucose_cgm'),
                   max(s.series_id) FILTER (WHERE s.metric = 'glucose_cgm')
            FROM series s
            LEFT JOIN LATERAL (
              SELECT a.time FROM aggregate_1d a WHERE a.series_id = s.series_id ORDER BY a.time DESC LIMIT 1) d ON true
            LEFT JOIN LATERAL (
              SELECT r.time FROM reading r
              WHERE r.series_id = s.series_id AND r.time >= coalesce(d.time, '-infinity')
              ORDER BY r.time DESC LIMIT 1) l ON true
            WHERE s.center = ? AND s.subject = ANY (?)
            GROUP BY s.subject
            """;

    private record Held(Optional<Instant> last, List<String> metrics, Optional<WorklistGlucose.Monitor> monitor) {}

    /** What was asked for. */
    static WorklistQuery of(Parameters parameters) {
        return new WorklistQuery(
                parameters.oneOf("sort", SORTS, "risk"),
                parameters.page(),
                parameters.text("q").map(String::trim).orElse(""));
    }

    /** Reads the page, and writes an audit row for each subject on it. */
    Worklist read(Connection connection, Audit.Reader reader, Center center, WorklistSnapshot snapshot, String detail)
            throws SQLException {
        WorklistSnapshot.Part part = snapshot.part(sort, search, (page - 1L) * PAGE_SIZE, PAGE_SIZE);
        int pages = (int) Math.max(1, (part.total() + PAGE_SIZE - 1) / PAGE_SIZE);
        return new Worklist(
                page, pages, part.total(), snapshot.asOf(), rows(connection, reader, center, part.entries(), detail));
    }

    private static List<Worklist.Row> rows(
            Connection connection,
            Audit.Reader reader,
            Center center,
            List<WorklistSnapshot.Entry> entries,
            String detail)
            throws SQLException {
        if (entries.isEmpty()) {
            return List.of();
        }
        List<String> subjects =
                entries.stream().map(WorklistSnapshot.Entry::subject).toList();
        Audit.write(connection, reader, subjects, "worklist", detail);
        Map<String, Held> held = held(connection, center.code(), subjects);
        Map<String, WorklistGlucose> glucose = WorklistGlucose.read(connection, monitors(held), center.zone());
        return entries.stream()
                // One that was erased since the snapshot is none any more.
                .filter(entry -> held.containsKey(entry.subject()))
                .map(entry -> row(entry, held.get(entry.subject()), Optional.ofNullable(glucose.get(entry.subject()))))
                .toList();
    }

    private static Worklist.Row row(WorklistSnapshot.Entry entry, Held held, Optional<WorklistGlucose> glucose) {
        return new Worklist.Row(
                entry.subject(),
                held.last(),
                held.metrics(),
                glucose.map(WorklistGlucose::activePercent).orElse(OptionalDouble.empty()),
                glucose.map(WorklistGlucose::timeInRange),
                entry.risk().flags());
    }

    private static List<WorklistGlucose.Monitor> monitors(Map<String, Held> held) {
        List<WorklistGlucose.Monitor> monitors = new ArrayList<>();
        held.values().forEach(one -> one.monitor().ifPresent(monitors::add));
        return monitors;
    }

    private static Map<String, Held> held(Connection connection, String center, List<String> subjects)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(HELD)) {
            select.setString(1, center);
            select.setArray(2, connection.createArrayOf("text", subjects.toArray()));
            Map<String, Held> held = new LinkedHashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String subject = row.getString(1);
                    Array metrics = row.getArray(3);
                    long series = row.getLong(5);
                    held.put(
                            subject,
                            new Held(
                                    HeldSeries.time(row, 2),
                                    List.of((String[]) metrics.getArray()),
                                    HeldSeries.time(row, 4)
                                            .map(last -> new WorklistGlucose.Monitor(subject, series, last))));
                }
            }
            return held;
        }
    }
}
