package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A series that is stored for a subject.
 *
 * @param attributes in canonical form, empty for none
 * @param unit canonical unit as a UCUM code
 * @param first effective time of the first reading
 * @param last effective time of the last reading
 */
record HeldSeries(
        long id, String metric, String attributes, String unit, Optional<Instant> first, Optional<Instant> last) {

    private static final String SQL = """
            SELECT s.series_id, s.metric, s.attributes, s.unit, f.time, l.time
            FROM series s
            LEFT JOIN LATERAL (
              SELECT r.time FROM reading r WHERE r.series_id = s.series_id ORDER BY r.time LIMIT 1) f ON true
            LEFT JOIN LATERAL (
              SELECT r.time FROM reading r WHERE r.series_id = s.series_id ORDER BY r.time DESC LIMIT 1) l ON true
            WHERE s.center = ? AND s.subject = ?
            ORDER BY s.metric, s.attributes
            """;

    /** All series of a subject; none where there is no such subject. */
    static List<HeldSeries> of(Connection connection, String center, String subject) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SQL)) {
            select.setString(1, center);
            select.setString(2, subject);
            List<HeldSeries> held = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    held.add(new HeldSeries(
                            row.getLong(1),
                            row.getString(2),
                            row.getString(3),
                            row.getString(4),
                            time(row, 5),
                            time(row, 6)));
                }
            }
            return held;
        }
    }

    static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }

    static Optional<Instant> firstOf(Collection<HeldSeries> series) {
        return series.stream().flatMap(one -> one.first().stream()).min(Instant::compareTo);
    }

    static Optional<Instant> lastOf(Collection<HeldSeries> series) {
        return series.stream().flatMap(one -> one.last().stream()).max(Instant::compareTo);
    }

    static Object[] ids(Collection<HeldSeries> series) {
        return series.stream().map(HeldSeries::id).toArray();
    }
}
