package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code sleep} call: the nights that ended in a span of time, and how regular they are.
 *
 * @param zone whose clock and days are used, where it is not the center's
 */
record SleepQuery(Optional<ZoneId> zone, Span.Asked asked) {
    static final List<String> PARAMETERS = List.of("from", "to", "zone");
    /** More than ten years of nights; bounds the memory of an answer. */
    static final int MAXIMUM_NIGHTS = 4_000;

    private static final String NIGHT = "sleep_night";
    private static final String PART = "part=";
    private static final int PARTS = 6;

    private static final String SQL = "SELECT " + Micros.sql("r.time") + ", r.device_id, s.attributes, r.value"
            + " FROM reading r JOIN series s USING (series_id)"
            + " WHERE r.series_id = ANY (?) AND r.time >= ? AND r.time < ?"
            + " ORDER BY r.time, r.device_id LIMIT " + (MAXIMUM_NIGHTS * PARTS + 1);

    private record Key(long waking, int device) {}

    /** What was asked for. */
    static SleepQuery of(Parameters parameters) {
        return new SleepQuery(parameters.zone("zone"), Span.Asked.of(parameters));
    }

    /** Reads and computes the report of a subject who holds these series. */
    SleepReport read(Connection connection, List<HeldSeries> held, ZoneId centerZone, Instant now) throws SQLException {
        List<HeldSeries> nights =
                held.stream().filter(series -> series.metric().equals(NIGHT)).toList();
        Span span = asked.around(HeldSeries.lastOf(nights), now);
        // In the order of waking up: a night is all the parts of one instant and device.
        List<Key> order = new ArrayList<>();
        Map<Key, Map<String, Double>> minutes = new HashMap<>();
        int count = 0;
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            select.setArray(1, connection.createArrayOf("bigint", HeldSeries.ids(nights)));
            select.setObject(2, Micros.parameter(span.from()));
            select.setObject(3, Micros.parameter(span.to()));
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    count++;
                    Key key = new Key(row.getLong(1), row.getInt(2));
                    minutes.computeIfAbsent(key, first -> {
                                order.add(first);
                                return new HashMap<>();
                            })
                            .put(row.getString(3).substring(PART.length()), row.getDouble(4));
                }
            }
        }
        if (count > MAXIMUM_NIGHTS * PARTS) {
            throw RefusedException.malformed(
                    "from and to span more than " + MAXIMUM_NIGHTS + " nights; ask for less time.");
        }
        ZoneId clock = zone.orElse(centerZone);
        return SleepReport.of(
                span,
                clock,
                order.stream()
                        .map(key -> SleepReport.Night.of(key.waking, clock, minutes.get(key)))
                        .toList());
    }
}
