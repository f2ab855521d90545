package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;

class SchemaTest {
    private final SinkDatabase database = new SinkDatabase("schema");

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void migratesOnceAndThenChangesNothing() throws SQLException {
        Schema.migrate(database.source(), Centers.load(Catalogue.load()));

        assertThat(database.query("SELECT version, success FROM flyway_schema_history WHERE version IS NOT NULL"
                        + " ORDER BY installed_rank"))
                .containsExactly("1|t", "2|t", "3|t", "4|t", "5|t", "6|t", "7|t", "8|t");
    }

    @Test
    void readingsAndAggregatesAreHypertablesWhereTimescaleIsThere() throws SQLException {
        assumeThat(database.timescale()).as("TimescaleDB").isTrue();

        assertThat(database.query("SELECT hypertable_name FROM timescaledb_information.hypertables ORDER BY 1"))
                .containsExactly("aggregate_1d", "aggregate_1h", "aggregate_1m", "reading");
    }

    @Test
    void viewNamesEveryFlagAsTheContractDoes() throws SQLException {
        int all = Arrays.stream(Flag.values()).mapToInt(Flag::bit).sum();

        assertThat(database.query("SELECT array_to_string(flag_codes(" + all + "), ' ')"))
                .containsExactly(Arrays.stream(Flag.values()).map(Flag::code).collect(Collectors.joining(" ")));
        assertThat(database.query("SELECT flag_codes(0)")).containsExactly("{}");
    }

    @Test
    void viewsHaveTheColumnsThatSqlUsersWerePromised() throws SQLException {
        assertThat(columns("v_reading"))
                .startsWith(
                        "center, subject, device, metric, attributes, time, end_time, value, unit, flags, received_at");
        for (String resolution : new String[] {"1m", "1h", "1d"}) {
            assertThat(columns("v_aggregate_" + resolution))
                    .isEqualTo(
                            "center, subject, metric, attributes, time, n, sum, mean, min, max, first, last, sd, bands");
        }
        assertThat(columns("v_quarantined"))
                .startsWith("center, subject, device, vendor, metric")
                .endsWith("received_at, quarantined_at, released_at, known_value");
    }

    private String columns(String view) throws SQLException {
        return database.query(
                        "SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) FROM information_schema.columns"
                                + " WHERE table_name = '" + view + "'")
                .get(0);
    }

    @Test
    void auditIsAppendOnly() throws SQLException {
        database.execute("INSERT INTO audit (username, center, subject, action, remote_address)"
                + " VALUES ('u', 'isens', 'S-1', 'series', '127.0.0.1')");

        for (String change : new String[] {"UPDATE audit SET username = 'v'", "DELETE FROM audit", "TRUNCATE audit"}) {
            assertThatThrownBy(() -> database.execute(change)).hasMessageContaining("append only");
        }
        assertThat(database.query("SELECT username FROM audit")).containsExactly("u");
    }
}
