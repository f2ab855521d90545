package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Reason;

/**
 * The {@code quality} call. A valid reading belongs to the span by its time. So does one in quarantine, unless its time is
 * what is not believed, or cannot be read: that one belongs to it by its arrival. What was released from quarantine is not in
 * it any more.
 */
record QualityQuery(Span.Asked asked) {
    static final List<String> PARAMETERS = List.of("from", "to");
    static final int EXAMPLES = 20;
    /** All readings of the span are looked at. */
    private static final Duration LONGEST = Duration.ofDays(92);

    private static final Set<Flag> CENSORED = EnumSet.of(Flag.BELOW_RANGE, Flag.ABOVE_RANGE);
    private static final Set<Flag> CLOCK = EnumSet.of(Flag.CLOCK_SUSPECT, Flag.TIME_FAULT_REPORTED);
    private static final Set<Flag> DOUBTFUL = EnumSet.of(Flag.RATE_OF_CHANGE, Flag.FROZEN, Flag.OFF_GRID);
    /** A value outside the usual range is no fault of the data, and neither is one made of others. */
    private static final Set<Flag> COUNTED = EnumSet.complementOf(EnumSet.of(Flag.OUTSIDE_USUAL_RANGE, Flag.DERIVED));

    private static final Set<Reason> CLOCK_REASONS = EnumSet.of(Reason.FUTURE_TIME, Reason.ANCIENT_TIME);

    private static final String READINGS = """
            SELECT r.flags, s.metric, d.device, count(*), max(r.time)
            FROM reading r JOIN series s USING (series_id) JOIN device d USING (device_id)
            WHERE r.series_id = ANY (?) AND r.time >= ? AND r.time < ?
            GROUP BY r.flags, s.metric, d.device
            """;

    private static final String NEWEST = """
            SELECT r.flags, s.metric, d.device, r.time, r.received_at, r.value, s.unit
            FROM reading r JOIN series s USING (series_id) JOIN device d USING (device_id)
            WHERE r.series_id = ANY (?) AND r.time >= ? AND r.time < ? AND r.flags & %d <> 0
            ORDER BY r.time DESC LIMIT %d
            """.formatted(bits(COUNTED), EXAMPLES);

    private static final String IN_SPAN = """
            FROM quarantined q
            WHERE center = ? AND subject = ? AND released_at IS NULL
              AND CASE WHEN time IS NULL OR reasons && '{%s}' THEN received_at ELSE time END >= ?
              AND CASE WHEN time IS NULL OR reasons && '{%1$s}' THEN received_at ELSE time END < ?
            """.formatted(
                    String.join(",", CLOCK_REASONS.stream().map(Reason::code).toList()));

    private static final String QUARANTINED =
            "SELECT reason, metric, device, count(*), max(received_at) FROM (SELECT q.*, unnest(reasons) AS reason "
                    + IN_SPAN + ") q GROUP BY reason, metric, device";

    private static final String NEWEST_QUARANTINED =
            "SELECT reasons, metric, device, time, received_at, value, unit, detail " + IN_SPAN
                    + " ORDER BY received_at DESC LIMIT " + EXAMPLES;

    private static final Comparator<Quality.Count> ORDER = Comparator.comparingLong((Quality.Count count) -> -count.n())
            .thenComparing(Quality.Count::code)
            .thenComparing(count -> count.metric().orElse(""))
            .thenComparing(count -> count.device().orElse(""));

    private record Key(String code, String metric, String device) {}

    /** What was asked for. */
    static QualityQuery of(Parameters parameters) {
        return new QualityQuery(Span.Asked.of(parameters));
    }

    /** Reads what is asked for; without ends from 14 days before the last reading until now. */
    Quality read(Connection connection, String center, String subject, List<HeldSeries> held, Instant now)
            throws SQLException {
        Span span = span(HeldSeries.lastOf(held), now);
        if (Duration.between(span.from(), span.to()).compareTo(LONGEST) > 0
                && asked.from().isPresent()) {
            throw RefusedException.malformed(
                    "from and to span more than " + LONGEST.toDays() + " days; ask for less time.");
        }
        List<Quality.Count> counts = new ArrayList<>();
        long readings = readings(connection, held, span, counts);
        quarantined(connection, center, subject, span, counts);
        counts.sort(ORDER);
        List<Quality.Example> newest = Stream.concat(
                        newest(connection, held, span).stream(),
                        newestQuarantined(connection, center, subject, span).stream())
                .sorted(Comparator.comparing(QualityQuery::moment).reversed())
                .limit(EXAMPLES)
                .toList();
        return new Quality(
                span.from(),
                span.to(),
                readings,
                of(counts, codes(CENSORED)),
                of(counts, Set.of(Flag.PROBABLE_DUPLICATE.code(), Reason.CONFLICTING_DUPLICATE.code())),
                of(counts, Set.of(Flag.LATE.code())),
                of(
                        counts,
                        Stream.concat(
                                        codes(CLOCK).stream(),
                                        CLOCK_REASONS.stream().map(Reason::code))
                                .toList()),
                of(counts, codes(DOUBTFUL)),
                of(counts, Set.of(Flag.CORRECTED.code())),
                counts.stream()
                        .filter(count -> !count.stored()
                                && !count.code().equals(Reason.CONFLICTING_DUPLICATE.code())
                                && CLOCK_REASONS.stream()
                                        .noneMatch(reason -> reason.code().equals(count.code())))
                        .toList(),
                newest);
    }

    private Span span(Optional<Instant> last, Instant now) {
        Instant after = last.map(time -> time.plus(1, ChronoUnit.MICROS)).orElse(now);
        Instant until = after.isAfter(now) ? after : now;
        Span around = asked.around(last, now);
        return asked.to().isPresent() || !around.from().isBefore(until) ? around : new Span(around.from(), until);
    }

    private static Instant moment(Quality.Example example) {
        return example.stored() ? example.time().orElseThrow() : example.receivedAt();
    }

    private static List<Quality.Count> of(List<Quality.Count> counts, Collection<String> codes) {
        return counts.stream().filter(count -> codes.contains(count.code())).toList();
    }

    private static List<String> codes(Set<Flag> flags) {
        return flags.stream().map(Flag::code).toList();
    }

    private static int bits(Set<Flag> flags) {
        return flags.stream().mapToInt(Flag::bit).sum();
    }

    private static long readings(Connection connection, List<HeldSeries> held, Span span, List<Quality.Count> counts)
            throws SQLException {
        Map<Key, Quality.Count> byKey = new HashMap<>();
        long readings = 0;
        try (PreparedStatement select = connection.prepareStatement(READINGS)) {
            bind(connection, select, held, span);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    readings += row.getLong(4);
                    for (String code : Flag.codes(row.getInt(1) & bits(COUNTED))) {
                        byKey.merge(
                                new Key(code, row.getString(2), row.getString(3)),
                                count(row, code, true),
                                QualityQuery::sum);
                    }
                }
            }
        }
        counts.addAll(byKey.values());
        return readings;
    }

    private static Quality.Count sum(Quality.Count a, Quality.Count b) {
        Optional<Instant> last =
                Stream.of(a, b).flatMap(count -> count.last().stream()).max(Comparator.naturalOrder());
        return new Quality.Count(a.code(), a.stored(), a.metric(), a.device(), a.n() + b.n(), last);
    }

    private static void quarantined(
            Connection connection, String center, String subject, Span span, List<Quality.Count> counts)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(QUARANTINED)) {
            bind(select, center, subject, span);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    counts.add(count(row, row.getString(1), false));
                }
            }
        }
    }

    private static Quality.Count count(ResultSet row, String code, boolean stored) throws SQLException {
        return new Quality.Count(
                code,
                stored,
                Optional.ofNullable(row.getString(2)),
                Optional.ofNullable(row.getString(3)),
                row.getLong(4),
                HeldSeries.time(row, 5));
    }

    private static List<Quality.Example> newest(Connection connection, List<HeldSeries> held, Span span)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
            bind(connection, select, held, span);
            List<Quality.Example> examples = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    examples.add(example(row, Flag.codes(row.getInt(1) & bits(COUNTED)), true, Optional.empty()));
                }
            }
            return examples;
        }
    }

    private static List<Quality.Example> newestQuarantined(
            Connection connection, String center, String subject, Span span) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEWEST_QUARANTINED)) {
            bind(select, center, subject, span);
            List<Quality.Example> examples = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    List<String> reasons = List.of((String[]) row.getArray(1).getArray());
                    examples.add(example(row, reasons, false, Optional.ofNullable(row.getString(8))));
                }
            }
            return examples;
        }
    }

    private static Quality.Example example(ResultSet row, List<String> codes, boolean stored, Optional<String> detail)
            throws SQLException {
        double value = row.getDouble(6);
        return new Quality.Example(
                codes,
                stored,
                row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value),
                Optional.ofNullable(row.getString(7)),
                Optional.ofNullable(row.getString(2)),
                Optional.ofNullable(row.getString(3)),
                HeldSeries.time(row, 4),
                HeldSeries.time(row, 5).orElseThrow(),
                detail);
    }

    private static void bind(Connection connection, PreparedStatement select, List<HeldSeries> held, Span span)
            throws SQLException {
        select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(held)));
        select.setObject(2, Micros.parameter(span.from()));
        select.setObject(3, Micros.parameter(span.to()));
    }

    private static void bind(PreparedStatement select, String center, String subject, Span span) throws SQLException {
        select.setString(1, center);
        select.setString(2, subject);
        select.setObject(3, Micros.parameter(span.from()));
        select.setObject(4, Micros.parameter(span.to()));
    }
}
