package org.lifelog.sink;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
        Object[] values = new Object[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        statement.setArray(++index, connection.createArrayOf(type, values));
    }

    /** Microseconds since the epoch, as times travel in arrays; null for null. */
    static Long micros(Instant time) {
        return time == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
