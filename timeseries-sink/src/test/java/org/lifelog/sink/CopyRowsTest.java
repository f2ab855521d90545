package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CopyRowsTest {
    private static final String COLUMNS = "id, a2, a4, a8, f8, at, words";

    private final SinkDatabase database = new SinkDatabase("copy");

    @BeforeEach
    void createTable() throws SQLException {
        database.execute("CREATE TABLE sample (id integer PRIMARY KEY, a2 smallint, a4 integer, a8 bigint,"
                + " f8 double precision, at timestamptz, words text)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private interface Rows {
        void write(CopyRows rows) throws SQLException;
    }

    private void copy(Rows rows) throws SQLException {
        try (Connection connection = database.source().getConnection();
                CopyRows copy = new CopyRows(connection, "sample", COLUMNS)) {
            rows.write(copy);
            copy.end();
        }
    }

    private static void row(CopyRows rows, int id, Integer a4, long a8, Double f8, Long at, String words)
            throws SQLException {
        rows.row().int4(id).int2(-id).int4(a4).int8(a8).float8(f8).time(at).text(words);
    }

    @Test
    void allTypesAndNullsSurvive() throws SQLException {
        copy(rows -> {
            row(rows, 1, Integer.MAX_VALUE, Long.MIN_VALUE, 124.30757103, 1_795_521_600_123_456L, "mmol/L");
            row(rows, 2, null, -1, null, null, null);
            row(rows, 3, Integer.MIN_VALUE, Long.MAX_VALUE, -0.1, -1L, "");
            row(rows, 4, 0, 0, Double.MIN_VALUE, 946_684_800_000_000L, "[degF], 한글, \uD83D\uDE00\\N\t\n");
        });

        assertThat(database.query("SELECT id, a2, a4, a8, f8, extract(epoch FROM at), words FROM sample ORDER BY id"))
                .containsExactly(
                        "1|-1|2147483647|-9223372036854775808|124.30757103|1795521600.123456|mmol/L",
                        "2|-2|null|-1|null|null|null",
                        "3|-3|-2147483648|9223372036854775807|-0.1|-0.000001|",
                        "4|-4|0|0|5e-324|946684800.000000|[degF], 한글, \uD83D\uDE00\\N\t\n");
    }

    @Test
    void manyRowsAndLongTextsGoThroughTheBuffer() throws SQLException {
        int rows = 5_000;
        copy(copy -> {
            for (int i = 0; i < rows; i++) {
                row(copy, i, i, i, (double) i, (long) i, "x".repeat(i % 100));
            }
            row(copy, rows, rows, rows, (double) rows, (long) rows, "y".repeat(200_000));
            row(copy, rows + 1, 0, 0, 0.0, 0L, "z");
        });

        assertThat(database.query("SELECT count(*), count(*) FILTER (WHERE a4 = id AND a8 = id AND f8 = id"
                        + " AND length(words) = id % 100) FROM sample WHERE id < " + rows))
                .containsExactly("5000|5000");
        assertThat(database.query("SELECT length(words) FROM sample WHERE id >= " + rows + " ORDER BY id"))
                .containsExactly("200000", "1");
    }

    @Test
    void whatIsClosedBeforeItsEndStoresNothing() throws SQLException {
        try (Connection connection = database.source().getConnection()) {
            try (CopyRows copy = new CopyRows(connection, "sample", COLUMNS)) {
                row(copy, 1, 1, 1, 1.0, 1L, "x");
            }
            assertThat(connection.isValid(5)).isTrue();
        }

        assertThat(database.query("SELECT count(*) FROM sample")).containsExactly("0");
    }

    @Test
    void aRefusedRowRefusesAllAndLeavesTheConnectionUsable() throws SQLException {
        try (Connection connection = database.source().getConnection()) {
            assertThatThrownBy(() -> {
                        try (CopyRows copy = new CopyRows(connection, "sample", COLUMNS)) {
                            row(copy, 1, 1, 1, 1.0, 1L, "x");
                            row(copy, 1, 2, 2, 2.0, 2L, "y");
                            copy.end();
                        }
                    })
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
            assertThat(connection.isValid(5)).isTrue();
        }

        assertThat(database.query("SELECT count(*) FROM sample")).containsExactly("0");
    }

    @Test
    void aRowRefusedInTheMiddleOfALongCopyIsToldByItsState() throws SQLException {
        assertThatThrownBy(() -> copy(rows -> {
                    for (int i = 0; i < 200_000; i++) {
                        row(rows, i % 50_000, i, i, (double) i, (long) i, "x");
                    }
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));

        assertThat(database.query("SELECT count(*) FROM sample")).containsExactly("0");
    }
}
