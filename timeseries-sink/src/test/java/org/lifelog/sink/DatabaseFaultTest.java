package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lifelog.embedded.testing.TestDatabase;

/** By errors that a real database makes. */
class DatabaseFaultTest {
    private final SinkDatabase database = new SinkDatabase("fault");

    @AfterEach
    void close() {
        database.close();
    }

    private SQLException fault(String sql) {
        return catchThrowableOfType(SQLException.class, () -> database.execute(sql));
    }

    private static String insert(String time, String value) {
        return "INSERT INTO reading (series_id, time, device_id, value, received_at) VALUES (1, " + time + ", 1, "
                + value + ", now())";
    }

    @Test
    void contentIsRefusedForGood() throws SQLException {
        database.execute("ALTER TABLE reading ADD CONSTRAINT sane CHECK (value < 1000)");
        database.execute("CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN RAISE EXCEPTION 'value is %', NEW.value; END$$");

        assertRefused(insert("now()", "1001"), "23514", "The database refuses the row: it violates a constraint, sane");
        assertRefused(insert("now()", "NULL"), "23502", "it violates a constraint");
        assertRefused(insert("timestamptz '1000-01-01' - interval '9000 years'", "1"), "22008", "it cannot hold");
        assertRefused(
                "INSERT INTO device (center, device) SELECT 'c', string_agg(md5(n::text), '') FROM generate_series(1, 500) n",
                "54000",
                "a text of it is too long for an index");
        database.execute("CREATE TRIGGER no BEFORE INSERT ON reading FOR EACH ROW EXECUTE FUNCTION no()");
        assertRefused(insert("now()", "77"), "P0001", "a trigger raised an error");
    }

    private void assertRefused(String sql, String state, String detail) {
        SQLException fault = fault(sql);
        assertThat(fault.getSQLState()).isEqualTo(state);
        assertThat(DatabaseFault.refusesContent(fault)).isTrue();
        assertThat(DatabaseFault.isOfServer(fault)).isFalse();
        assertThat(DatabaseFault.detail(fault))
                .contains(detail)
                .endsWith("(SQLSTATE " + state + ").")
                .doesNotContain("77")
                .doesNotContain("1001");
    }

    @Test
    void textWithoutACharacterIsRefusedForGood() throws SQLException {
        try (Connection connection = database.source().getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT ?::text[]")) {
            statement.setArray(1, connection.createArrayOf("text", new Object[] {"a\u0000b"}));
            SQLException fault = catchThrowableOfType(SQLException.class, statement::executeQuery);
            assertThat(fault.getSQLState()).isEqualTo("22021");
            assertThat(DatabaseFault.refusesContent(fault)).isTrue();
        }
    }

    @Test
    void whatLiesInTheServerPasses() {
        assertPasses(
                "the database took too long for a statement (SQLSTATE 57014)",
                "SET statement_timeout = '1ms'",
                "SELECT pg_sleep(5)");
        assertPasses(
                "the database takes no writes; is it a standby? (SQLSTATE 25006)",
                "SET default_transaction_read_only = on",
                "CREATE TABLE t (n int)");
        assertPasses(
                "the database is being stopped or started (SQLSTATE 57P01)",
                "SELECT pg_terminate_backend(pg_backend_pid())");
        SQLException refusedConnection = catchThrowableOfType(
                SQLException.class,
                () -> DriverManager.getConnection("jdbc:postgresql://127.0.0.1:1/lifelog", "u", "p"));
        assertThat(DatabaseFault.isOfServer(refusedConnection)).isTrue();
        assertThat(DatabaseFault.describe(refusedConnection))
                .isEqualTo("the database does not answer (SQLSTATE 08001)");
        assertThat(DatabaseFault.isOfServer(new SQLException("the pool has none")))
                .isTrue();
    }

    private void assertPasses(String description, String... statements) {
        SQLException fault = catchThrowableOfType(SQLException.class, () -> inSession(statements));
        assertThat(DatabaseFault.refusesContent(fault)).isFalse();
        assertThat(DatabaseFault.isOfServer(fault)).isTrue();
        assertThat(DatabaseFault.describe(fault)).isEqualTo(description);
    }

    /** In a session of its own, which is spoiled by it. */
    private void inSession(String... statements) throws SQLException {
        TestDatabase server = database.database();
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Test
    void theSameKeyTwiceAndATableThatIsNotThereAreNoFaultOfARow() {
        String twice = "INSERT INTO series (center, subject, metric, attributes, unit) VALUES ('c', 's', 'm', '', 'u'),"
                + " ('c', 's', 'm', '', 'u')";
        assertThat(DatabaseFault.refusesContent(fault(twice))).isFalse();
        assertThat(DatabaseFault.refusesContent(fault("SELECT * FROM no_such_table")))
                .isFalse();
        assertThat(DatabaseFault.isOfServer(fault("SELECT * FROM no_such_table")))
                .isFalse();
    }
}
