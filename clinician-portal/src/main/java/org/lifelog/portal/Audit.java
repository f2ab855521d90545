package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes who reads whose data. The row belongs to the transaction of the read itself, so that there is no answer
 * without a row; the table refuses to be changed.
 */
final class Audit {
    /**
     * Who asks.
     *
     * @param remoteAddress IP address of the connection
     */
    record Reader(Session session, String remoteAddress) {}

    private Audit() {}

    /**
     * Writes one row for each subject.
     *
     * @param action the call, such as {@code series}
     * @param detail what was asked for; no values
     */
    static void write(Connection connection, Reader reader, List<String> subjects, String action, String detail)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO audit (username, center, subject, action, detail, remote_address)"
                        + " SELECT ?, ?, subject, ?, ?, ? FROM unnest(?) AS subject")) {
            insert.setString(1, reader.session().username());
            insert.setString(2, reader.session().center());
            insert.setString(3, action);
            insert.setString(4, detail);
            insert.setString(5, reader.remoteAddress());
            insert.setArray(6, connection.createArrayOf("text", subjects.toArray()));
            insert.executeUpdate();
        }
    }
}
