package org.lifelog.local;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * One row of the append-only table {@code audit}: who learnt what of whom, for what reason and from where. When is the
 * database's to say.
 *
 * @param username who
 * @param center code of the center
 * @param subject whom it is about
 * @param action what was done, such as {@code pseudonym}
 * @param detail why, and what else there is to know; no values
 */
record AuditLine(String username, String center, String subject, String action, String detail) {
    /**
     * Writes it.
     *
     * @throws UserException where it could not be written; says why without the subject
     */
    void write(ServiceCredentials.Database database) {
        try (Connection connection =
                        DriverManager.getConnection(database.url(), database.username(), database.password());
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO audit (username, center, subject, action, detail, remote_address)"
                                + " VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, username);
            insert.setString(2, center);
            insert.setString(3, subject);
            insert.setString(4, action);
            insert.setString(5, detail);
            insert.setString(6, thisMachine());
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new UserException(
                    "The line in the table audit of " + database.url() + " could not be written, so nothing is done: "
                            + reason(database, e),
                    e);
        }
    }

    private static String reason(ServiceCredentials.Database database, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return switch (state) {
            case "08001", "08006" -> "the database does not answer.";
            case "28P01", "28000" -> "the database does not take the password of " + database.username() + ".";
            case "42501" -> database.username() + " has no right to INSERT into it.";
            case "42P01" -> "there is no such table; the sink makes it when it starts.";
            default -> "SQLSTATE " + state + ".";
        };
    }

    private static String thisMachine() {
        try {
            return InetAddress.getLocalHost().toString();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
