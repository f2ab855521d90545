package org.lifelog.embedded.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {

    @Test
    void eachDatabaseIsItsOwn() throws Exception {
        TestDatabase one = TestDatabase.create("one");
        TestDatabase other = TestDatabase.create("other");
        try (Connection connection = connect(one);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE only_here (x int)");
        }
        assertThat(queryText(one, "SELECT count(*) FROM only_here")).isEqualTo("0");
        assertThatThrownBy(() -> queryText(other, "SELECT count(*) FROM only_here"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("does not exist");
    }

    @Test
    void ownerIsNoSuperuser() throws Exception {
        TestDatabase database = TestDatabase.create("owner");
        assertThat(queryText(
                        database,
                        "SELECT rolsuper || ',' || rolbypassrls || ',' || rolcreaterole"
                                + " FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("false,false,true");
    }

    @Test
    void hypertable() throws Exception {
        TestDatabase database = TestDatabase.create("hyper");
        assumeThat(database.timescale()).as("TimescaleDB").isTrue();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION timescaledb");
            statement.execute("CREATE TABLE reading (time timestamptz NOT NULL, value double precision)");
            statement.execute("SELECT create_hypertable('reading', by_range('time', interval '1 day'))");
            statement.execute("INSERT INTO reading SELECT timestamptz '2026-01-01' + n * interval '1 hour', n"
                    + " FROM generate_series(0, 47) n");
        }
        assertThat(queryText(database, "SELECT count(*) FROM show_chunks('reading')"))
                .isEqualTo("2");
        assertThat(queryText(
                        database,
                        "SELECT string_agg(total::text, ',' ORDER BY day) FROM (SELECT time_bucket('1 day', time) AS day,"
                                + " sum(value) AS total FROM reading GROUP BY 1) days"))
                .isEqualTo("276,852");
    }

    @Test
    void namesAreChecked() {
        assertThatThrownBy(() -> TestDatabase.create("x; DROP")).isInstanceOf(IllegalArgumentException.class);
    }

    private static Connection connect(TestDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.username(), database.password());
    }

    private static String queryText(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
