package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;

/** People with roles of their own see through the views what the role that they are members of may see. */
class RolesTest {
    private static final List<String> VIEWS =
            List.of("v_reading", "v_aggregate_1m", "v_aggregate_1h", "v_aggregate_1d", "v_quarantined");
    private static final List<String> TABLES = List.of(
            "series", "device", "reading", "aggregate_1m", "aggregate_1h", "aggregate_1d", "quarantined", "audit");

    private static SinkDatabase database;
    private final List<String> people = new ArrayList<>();

    @BeforeAll
    static void fill() throws SQLException {
        database = new SinkDatabase("roles");
        for (String center : List.of("isens", "wonju-yonsei", "closed-down")) {
            database.execute("INSERT INTO series (center, subject, metric, attributes, unit)" + " VALUES ('" + center
                    + "', 'S-1', 'weight', '', 'kg')");
            database.execute("INSERT INTO device (center, device) VALUES ('" + center + "', 'scale-1')");
            database.execute("INSERT INTO quarantined (source_partition, source_offset, center, reasons, received_at,"
                    + " quarantined_at) SELECT 0, count(*), '" + center + "', '{impossible-value}', now(), now()"
                    + " FROM quarantined");
        }
        database.execute(
                "INSERT INTO reading (series_id, time, device_id, value, received_at)"
                        + " SELECT series_id, '2026-11-24T08:00:00Z', device_id, 70, now() FROM series JOIN device USING (center)");
        for (AggregateTable table : AggregateTable.values()) {
            database.execute("INSERT INTO " + table.table()
                    + " (series_id, time, n, sum, mean, min, max, first, last, version)"
                    + " SELECT series_id, '2026-11-24T08:00:00Z', 1, 70, 70, 70, 70, 70, 70, 1 FROM series");
        }
        database.execute("INSERT INTO audit (username, center, subject, action, remote_address)"
                + " VALUES ('kim', 'isens', 'S-1', 'series', '127.0.0.1')");
    }

    @AfterEach
    void goAway() throws SQLException {
        for (String person : people) {
            database.execute("DROP ROLE " + person);
        }
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"isens", "wonju-yonsei"})
    void centerSeesItsOwnRowsOnly(String center) throws SQLException {
        String person = memberOf("lifelog_center_" + center.replace('-', '_'));

        for (String view : VIEWS) {
            assertThat(query(person, "SELECT center FROM " + view)).as(view).containsExactly(center);
            assertThat(query(person, "SELECT count(*) FROM " + view + " WHERE center <> '" + center + "'"))
                    .as(view)
                    .containsExactly("0");
        }
        refused(person, TABLES);
    }

    /** A function of the asker's own is not called with rows of others, whatever the planner holds it to cost. */
    @Test
    void cheapFunctionsDoNotSeeWhatTheViewHides() throws SQLException {
        String person = memberOf("lifelog_center_isens");

        assertThat(query(
                        person,
                        "CREATE FUNCTION pg_temp.peek(center text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$"
                                + " BEGIN IF center <> 'isens' THEN RAISE EXCEPTION 'saw %', center; END IF;"
                                + " RETURN true; END $$;"
                                + " SELECT count(*) FROM v_reading WHERE pg_temp.peek(center);"
                                + " DROP FUNCTION pg_temp.peek"))
                .containsExactly("1");
    }

    @Test
    void readerSeesAllCentersAndNoTable() throws SQLException {
        String person = memberOf("lifelog_reader");

        for (String view : VIEWS) {
            assertThat(query(person, "SELECT center FROM " + view))
                    .as(view)
                    .containsExactlyInAnyOrder("isens", "wonju-yonsei", "closed-down");
        }
        refused(person, TABLES);
    }

    @Test
    void ownerSeesAllCenters() throws SQLException {
        for (String view : VIEWS) {
            assertThat(database.query("SELECT count(*) FROM " + view)).containsExactly("3");
        }
    }

    @Test
    void whoIsAMemberOfNothingSeesNothing() throws SQLException {
        String person = memberOf();

        refused(person, TABLES);
        refused(person, VIEWS);
    }

    @Test
    void portalReadsTablesAndAddsToTheAudit() throws SQLException {
        String person = memberOf("lifelog_portal");

        for (String table : TABLES) {
            query(person, "SELECT count(*) FROM " + table);
        }
        query(
                person,
                "INSERT INTO audit (username, center, subject, action, remote_address)"
                        + " VALUES ('lee', 'isens', 'S-1', 'series', '127.0.0.1'); SELECT 1");
        for (String change : List.of("UPDATE reading SET value = 1", "DELETE FROM reading", "DELETE FROM audit")) {
            assertThatThrownBy(() -> query(person, change)).hasMessageContaining("permission denied");
        }
    }

    @Test
    void auditorReadsTheAuditOnly() throws SQLException {
        String person = memberOf("lifelog_auditor");

        assertThat(query(person, "SELECT username FROM audit WHERE username = 'kim'"))
                .containsExactly("kim");
        refused(person, VIEWS);
        refused(person, List.of("series", "reading", "quarantined"));
        assertThatThrownBy(() -> query(
                        person,
                        "INSERT INTO audit (username, center, subject, action, remote_address)"
                                + " VALUES ('x', 'isens', 'S-1', 'series', '127.0.0.1')"))
                .hasMessageContaining("permission denied");
    }

    @Test
    void centersAreWrittenWithTheirZones() throws SQLException {
        assertThat(database.query("SELECT center, zone FROM center WHERE center LIKE 'k%' ORDER BY center"))
                .containsExactly("kangwon-univ|Asia/Seoul", "korea-univ|Asia/Seoul", "kweather|Asia/Seoul");
        assertThat(database.query("SELECT count(*) FROM center"))
                .containsExactly(
                        String.valueOf(Centers.load(Catalogue.load()).all().size()));
    }

    private static void refused(String person, List<String> relations) {
        for (String relation : relations) {
            assertThatThrownBy(() -> query(person, "SELECT count(*) FROM " + relation))
                    .as(relation)
                    .hasMessageContaining("permission denied");
        }
    }

    private String memberOf(String... roles) throws SQLException {
        String person = "person_" + UUID.randomUUID().toString().replace("-", "");
        database.execute("CREATE ROLE " + person + " LOGIN PASSWORD 'secret'");
        people.add(person);
        for (String role : roles) {
            database.execute("GRANT " + role + " TO " + person);
        }
        return person;
    }

    /** The first column of the last result. */
    private static List<String> query(String person, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.database().jdbcUrl(), person, "secret");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
            while (statement.getResultSet() == null && statement.getUpdateCount() >= 0) {
                statement.getMoreResults();
            }
            List<String> values = new ArrayList<>();
            ResultSet rows = statement.getResultSet();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
