package org.lifelog.sink;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What an error of the database means. Whatever is not known to lie in the content of a row is taken to pass, because a row
 * that is put aside wrongly is worse than one that waits.
 */
final class DatabaseFault {
    private static final Set<String> SERVER_CLASSES = Set.of("08", "25", "28", "3D", "40", "53", "55", "57", "58");
    private static final String DATA_EXCEPTION = "22";
    private static final String CONSTRAINT_VIOLATED = "23";
    private static final String UNIQUE_VIOLATED = "23505";
    private static final String LIMIT_EXCEEDED = "54000";
    private static final String RAISED = "P0001";
    private static final String CANCELLED = "57014";
    private static final String READ_ONLY = "25006";

    private DatabaseFault() {}

    /**
     * Whether the database refuses a row for its content: a text or a time that it cannot hold, a constraint or a trigger
     * that says no, a name too long for its index. Two transactions that add the same key are no such case.
     */
    static boolean refusesContent(SQLException error) {
        String state = state(error);
        return state.startsWith(DATA_EXCEPTION)
                || (state.startsWith(CONSTRAINT_VIOLATED) && !state.equals(UNIQUE_VIOLATED))
                || state.equals(LIMIT_EXCEEDED)
                || state.equals(RAISED);
    }

    /** Whether a statement took longer than it may, so that a smaller one might not. */
    static boolean tookTooLong(SQLException error) {
        return state(error).equals(CANCELLED);
    }

    /** Whether the server takes no writes: a standby, or a primary that was made one. */
    static boolean readOnly(SQLException error) {
        return state(error).equals(READ_ONLY);
    }

    /** Whether it lies in the server or on the way to it, whatever the statement was. */
    static boolean isOfServer(SQLException error) {
        String state = state(error);
        return state.isEmpty() || SERVER_CLASSES.contains(state.substring(0, 2));
    }

    /** What is wrong, for people who look at readiness. */
    static String describe(SQLException error) {
        String state = state(error);
        String what = switch (state) {
            case "57P01", "57P02", "57P03" -> "the database is being stopped or started";
            case "55P03" -> "another session holds a lock in the database";
            case "53100" -> "the disk of the database is full";
            case "53300" -> "the database takes no more connections";
            case CANCELLED -> "the database took too long for a statement";
            case READ_ONLY -> "the database takes no writes; is it a standby?";
            case "40001", "40P01" -> "the database ended the transaction in favour of another one";
            case "42501" -> "the role of the sink may not do this in the database";
            default -> ofClass(state);
        };
        return state.isEmpty() ? what : what + " (SQLSTATE " + state + ")";
    }

    private static String ofClass(String state) {
        if (state.isEmpty() || state.startsWith("08")) {
            return "the database does not answer";
        }
        return switch (state.substring(0, 2)) {
            case "28" -> "the database refuses the credential";
            case "3D", "3F", "42" -> "the database does not have what the sink expects";
            case "53" -> "the database lacks resources";
            case "58" -> "the database has an error of its disk or system";
            default -> "the database refuses";
        };
    }

    /** Why a row was refused, without anything of its content: messages of the database may quote values. */
    static String detail(SQLException error) {
        String state = state(error);
        String why = switch (state.length() < 2 ? "" : state.substring(0, 2)) {
            case DATA_EXCEPTION -> "it cannot hold a text, number or time of it";
            case CONSTRAINT_VIOLATED -> "it violates a constraint";
            case "54" -> "a text of it is too long for an index";
            default -> "a trigger raised an error";
        };
        return "The database refuses the row: " + why + named(error) + " (SQLSTATE " + state + ").";
    }

    private static String named(SQLException error) {
        return server(error)
                .map(ServerErrorMessage::getConstraint)
                .map(name -> ", " + name)
                .orElse("");
    }

    private static Optional<ServerErrorMessage> server(SQLException error) {
        return error instanceof PSQLException failure
                ? Optional.ofNullable(failure.getServerErrorMessage())
                : Optional.empty();
    }

    private static String state(SQLException error) {
        return Optional.ofNullable(error.getSQLState()).orElse("");
    }
}
