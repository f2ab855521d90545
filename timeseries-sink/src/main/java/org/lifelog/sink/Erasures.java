package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;

/**
 * Erases subjects: a record without a value removes what came of its subject from its topic before it. The names of the
 * series go with the last of their rows. The audit stays, and so does the sum of what was removed.
 */
final class Erasures {
    private static final String OF_SUBJECT =
            " WHERE series_id IN (SELECT series_id FROM series WHERE center = ? AND subject = ?)";

    private static final String QUARANTINED = "DELETE FROM quarantined WHERE center = ? AND subject = ?";

    private static final String EMPTY_SERIES = """
            DELETE FROM series s WHERE center = ? AND subject = ?
              AND NOT EXISTS (SELECT FROM reading r WHERE r.series_id = s.series_id)
              AND NOT EXISTS (SELECT FROM aggregate_1m a WHERE a.series_id = s.series_id)
              AND NOT EXISTS (SELECT FROM aggregate_1h a WHERE a.series_id = s.series_id)
              AND NOT EXISTS (SELECT FROM aggregate_1d a WHERE a.series_id = s.series_id)
            """;

    /**
     * A subject that is to be erased.
     *
     * @param topic where the record without a value was
     * @param dropped how many rows the records would have made that stood before it in the same batch
     */
    record Erasure(String topic, SubjectKey subject, long dropped) {}

    private Erasures() {}

    /** Removes rows. What else the batch has of the subjects came later and is to be written afterwards. */
    static void removeRows(Connection connection, Collection<Erasure> erasures) throws SQLException {
        for (Erasure erasure : erasures) {
            SubjectKey subject = erasure.subject();
            if (erasure.topic().equals(Topic.VALID.topicName())) {
                long rows = delete(connection, "DELETE FROM reading" + OF_SUBJECT, subject);
                SinkLedger.REMOVED.add(connection, Map.of(subject.center(), rows + erasure.dropped()));
            } else if (erasure.topic().equals(Topic.AGGREGATES.topicName())) {
                for (AggregateTable table : AggregateTable.values()) {
                    delete(connection, "DELETE FROM " + table.table() + OF_SUBJECT, subject);
                }
            } else {
                long rows = delete(connection, QUARANTINED + " AND " + QuarantineTable.COUNTED, subject);
                SinkLedger.QUARANTINED_REMOVED.add(connection, Map.of(subject.center(), rows + erasure.dropped()));
            }
            // And what of this topic the database refused.
            delete(connection, QUARANTINED + " AND source_topic = '" + erasure.topic() + "'", subject);
        }
    }

    /** Removes the names of series that nothing is left of, once the batch is written. */
    static void removeNames(Connection connection, Collection<Erasure> erasures) throws SQLException {
        for (Erasure erasure : erasures) {
            delete(connection, EMPTY_SERIES, erasure.subject());
        }
    }

    private static long delete(Connection connection, String sql, SubjectKey subject) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, subject.center());
            statement.setString(2, subject.name());
            return statement.executeLargeUpdate();
        }
    }
}
