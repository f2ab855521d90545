package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Binds the columns of a set of rows to the parameters of a statement, one array for each column, in their order. */
final class ColumnArrays {
    private final Connection connection;
    private final PreparedStatement statement;
    private int index;

    ColumnArrays(Connection connection, PreparedStatement statement) {
        this.connection = connection;
        this.statement = statement;
    }

    /**
     * Binds the next column.
     *
     * @param type of its elements in PostgreSQL, such as {@code int8}
     * @param column the element of a row; null for none
     */
    <T> void add(String type, List<T> rows, Function<T, ?> column) throws SQLException {
        Object[] values = array(type, rows.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        statement.setArray(++index, connection.createArrayOf(type, values));
    }

    /** The driver sends an array of the class of its elements as binary, and an array of objects as text. */
    private static Object[] array(String type, int length) {
        return switch (type) {
            case "int2" -> new Short[length];
            case "int4" -> new Integer[length];
            case "int8" -> new Long[length];
            case "float8" -> new Double[length];
            case "text" -> new String[length];
            default -> throw new IllegalArgumentException("no arrays of " + type);
        };
    }

    /** Microseconds since the epoch, as times travel in arrays; null for null. */
    static Long micros(Instant time) {
        // Not ChronoUnit.between, which counts nanoseconds and ends in the years 1677 and 2262.
        return time == null ? null : time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }
}
