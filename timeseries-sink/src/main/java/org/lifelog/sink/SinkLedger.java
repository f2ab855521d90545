package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** The sums in the table {@code sink_ledger}, with which the ledger closes where rows are not what the streams counted. */
enum SinkLedger {
    ALREADY_STORED("already_stored"),
    REFUSED("refused"),
    REMOVED("removed"),
    QUARANTINED_REMOVED("quarantined_removed");

    private final String sql;

    SinkLedger(String column) {
        this.sql = "INSERT INTO sink_ledger (center, " + column + ") SELECT * FROM unnest(?::text[], ?::bigint[])"
                + " ON CONFLICT (center) DO UPDATE SET " + column + " = sink_ledger." + column + " + excluded."
                + column;
    }

    /** Adds rows by center, in the caller's transaction. */
    void add(Connection connection, Map<String, Long> rows) throws SQLException {
        List<Map.Entry<String, Long>> counted =
                rows.entrySet().stream().filter(entry -> entry.getValue() != 0).toList();
        if (counted.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            ColumnArrays columns = new ColumnArrays(connection, statement);
            columns.add("text", counted, Map.Entry::getKey);
            columns.add("int8", counted, Map.Entry::getValue);
            statement.executeUpdate();
        }
    }
}
