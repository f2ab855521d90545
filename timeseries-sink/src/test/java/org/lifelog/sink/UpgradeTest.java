package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.embedded.testing.TestDatabase;
import org.postgresql.ds.PGSimpleDataSource;

/** A database of an earlier version, with data in it, is brought up to date and goes on. */
class UpgradeTest {
    /** The last version before there were roles, erasures and retention. */
    private static final String EARLIER = "5";

    private final TestDatabase database = TestDatabase.create("upgrade");
    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Catalogue catalogue = Catalogue.load();
    private final Centers centers = Centers.load(catalogue);

    @Test
    void whatWasStoredIsThereAndMoreIsStored() throws SQLException {
        source.setUrl(database.jdbcUrl());
        source.setUser(database.username());
        source.setPassword(database.password());
        Flyway.configure()
                .dataSource(source)
                .locations("classpath:org/lifelog/sink/migration")
                .target(EARLIER)
                .load()
                .migrate();
        execute("INSERT INTO series (center, subject, metric, attributes, unit)"
                + " VALUES ('isens', 'S-1', 'glucose_cgm', '', 'mg/dL')");
        execute("INSERT INTO device (center, device) VALUES ('isens', 'cgm-1')");
        execute("INSERT INTO reading (series_id, time, device_id, value, received_at, flags) SELECT 1, t, 1, 100, t, 8"
                + " FROM generate_series('2026-01-01T00:00:00Z', '2026-06-30T00:00:00Z', interval '1 hour') t");
        for (AggregateTable table : AggregateTable.values()) {
            execute("INSERT INTO " + table.table() + " (series_id, time, n, sum, mean, min, max, first, last, version)"
                    + " SELECT 1, time, 1, 100, 100, 100, 100, 100, 100, 1 FROM reading");
        }
        execute(
                "INSERT INTO quarantined (source_partition, source_offset, center, reasons, received_at, quarantined_at)"
                        + " VALUES (0, 7, 'isens', '{impossible-value}', now(), now())");
        execute("INSERT INTO sink_offset VALUES ('lifelog.readings.valid', 0, 4321)");
        execute("INSERT INTO sink_ledger VALUES ('isens', 3)");
        List<String> before = rows();

        Schema.migrate(source, centers);

        assertThat(rows()).isEqualTo(before);
        assertThat(query("SELECT already_stored, removed FROM sink_ledger")).containsExactly("3|0");
        TopicPartition valid = new TopicPartition("lifelog.readings.valid", 0);
        assertThat(new Offsets(source).of(List.of(valid), partition -> 0)).containsEntry(valid, 4321L);
        Batch batch = new Batch();
        batch.add(SinkRecords.reading("S-1", "2026-06-30T00:00:00Z", 100).build());
        batch.add(SinkRecords.reading("S-1", "2026-07-01T00:00:00Z", 110).build());
        batch.move(valid, new Batch.Move(4321, 4323));
        BatchWriter.Result result = new BatchWriter(source, catalogue, centers).write(batch);
        assertThat(result.stored()).containsEntry("isens", 1L);
        assertThat(result.alreadyStored()).containsEntry("isens", 1L);
        assertThat(query("SELECT count(*) - 1 FROM v_reading")).isEqualTo(query("SELECT count(*) FROM v_aggregate_1h"));
    }

    private List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        for (String view :
                List.of("v_reading", "v_aggregate_1m", "v_aggregate_1h", "v_aggregate_1d", "v_quarantined")) {
            rows.addAll(query("SELECT '" + view + "', count(*), min(center), max(v::text) FROM " + view + " v"));
        }
        assertThat(rows).noneMatch(row -> row.contains("|0|"));
        return rows;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(row.getString(i));
                }
                rows.add(String.join("|", columns));
            }
            return rows;
        }
    }
}
