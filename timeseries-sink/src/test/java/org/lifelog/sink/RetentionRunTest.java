package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;
import org.lifelog.contract.Retention.Kept;

class RetentionRunTest {
    /** 3:00 of the next day in Seoul. */
    private static final Instant NOW = Instant.parse("2026-11-24T18:00:00Z");

    private final SinkDatabase database = new SinkDatabase("retention");
    private final Catalogue catalogue = Catalogue.load();

    @TempDir
    private Path folder;

    @BeforeEach
    void fill() throws SQLException {
        database.execute("DELETE FROM center");
        for (String center : List.of("brief", "lasting")) {
            database.execute("INSERT INTO series (center, subject, metric, attributes, unit)" + " VALUES ('" + center
                    + "', 'S-1', 'weight', '', 'kg')");
        }
        database.execute("INSERT INTO device (center, device) VALUES ('brief', 'scale-1')");
        // Each hour of 400 days.
        database.execute("INSERT INTO reading (series_id, time, device_id, value, received_at)"
                + " SELECT series_id, t, 1, 70, t FROM series,"
                + " generate_series('2025-10-21T00:00:00Z', '2026-11-24T17:00:00Z', interval '1 hour') t");
        for (AggregateTable table : AggregateTable.values()) {
            database.execute("INSERT INTO " + table.table()
                    + " (series_id, time, n, sum, mean, min, max, first, last, version)"
                    + " SELECT series_id, time, 1, 70, 70, 70, 70, 70, 70, 1 FROM reading");
        }
        database.execute("INSERT INTO quarantined (source_partition, source_offset, center, reasons, received_at,"
                + " quarantined_at) SELECT 0, row_number() OVER (), center, '{impossible-value}', time, time"
                + " FROM reading JOIN series USING (series_id)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Centers centers(String brief, String lasting) throws IOException {
        String center = "- {code: %s, name: A, name_ko: A, zone: Asia/Seoul, metrics: [weight], retention: {%s}}\n";
        Path file = folder.resolve("centers.yaml");
        Files.writeString(file, "centers:\n" + center.formatted("brief", brief) + center.formatted("lasting", lasting));
        return Centers.load(file, catalogue);
    }

    private Map<Kept, Long> run(Centers centers) throws SQLException {
        Schema.migrate(database.source(), centers);
        return new RetentionRun(database.source(), centers).run(NOW);
    }

    private String oldest(String relation, String center) throws SQLException {
        String time = relation.equals("v_quarantined") ? "received_at" : "time";
        return database.query("SELECT to_char(min(" + time + ") AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD HH24')"
                        + " FROM " + relation + " WHERE center = '" + center + "'")
                .get(0);
    }

    @Test
    void whatIsOlderThanItsCenterKeepsItIsRemovedByDaysOfTheCenter() throws SQLException, IOException {
        long before = rows("reading");
        Map<Kept, Long> removed = run(centers("readings: P100D, 1m: P80D, 1h: P1Y, quarantined: P70D", "1d: P90D"));

        assertThat(oldest("v_reading", "brief")).isEqualTo("2026-08-17 00");
        assertThat(oldest("v_aggregate_1m", "brief")).isEqualTo("2026-09-06 00");
        assertThat(oldest("v_aggregate_1h", "brief")).isEqualTo("2025-11-25 00");
        assertThat(oldest("v_aggregate_1d", "brief")).isEqualTo("2025-10-21 09");
        assertThat(oldest("v_quarantined", "brief")).isEqualTo("2026-09-16 00");
        for (String kept : List.of("v_reading", "v_aggregate_1m", "v_aggregate_1h", "v_quarantined")) {
            assertThat(oldest(kept, "lasting")).as(kept).isEqualTo("2025-10-21 09");
        }
        assertThat(oldest("v_aggregate_1d", "lasting")).isEqualTo("2026-08-27 00");
        assertThat(removed.keySet()).containsExactlyInAnyOrder(Kept.values());
        assertThat(removed.get(Kept.READINGS)).isEqualTo(before - rows("reading"));
        assertThat(database.query("SELECT center, removed, quarantined_removed FROM sink_ledger"))
                .containsExactly("brief|" + removed.get(Kept.READINGS) + "|" + removed.get(Kept.QUARANTINED));
        assertThat(run(centers("readings: P100D", "1d: P90D"))).as("once more").isEmpty();
    }

    private long rows(String table) throws SQLException {
        return Long.parseLong(database.query("SELECT count(*) FROM " + table).get(0));
    }

    @Test
    void nothingIsRemovedUnlessTheCenterSaysSo() throws SQLException {
        Centers centers = Centers.load(catalogue);
        assertThat(run(centers)).isEmpty();
        assertThat(oldest("v_reading", "brief")).isEqualTo("2025-10-21 09");
    }

    @Test
    void chunksThatNoCenterKeepsAreDropped() throws SQLException, IOException {
        assumeThat(database.timescale()).as("TimescaleDB").isTrue();
        String chunks = "SELECT count(*) FROM timescaledb_information.chunks WHERE hypertable_name = 'reading'"
                + " AND range_end <= '2026-08-01'";
        assertThat(Long.parseLong(database.query(chunks).get(0))).isPositive();
        long before = rows("reading");

        Map<Kept, Long> removed = run(centers("readings: P100D", "readings: P110D"));

        assertThat(database.query(chunks)).containsExactly("0");
        assertThat(oldest("v_reading", "brief")).isEqualTo("2026-08-17 00");
        assertThat(oldest("v_reading", "lasting")).isEqualTo("2026-08-07 00");
        assertThat(removed.get(Kept.READINGS)).isEqualTo(before - rows("reading"));
        assertThat(database.query("SELECT sum(removed) FROM sink_ledger"))
                .containsExactly(Long.toString(before - rows("reading")));
    }

    @Test
    void anotherSinkThatIsAtItIsLeftAlone() throws SQLException, IOException {
        Centers centers = centers("readings: P100D", "readings: P110D");
        try (Connection other = database.source().getConnection();
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended('lifelog retention', 0))");
            assertThat(run(centers)).isEmpty();
            statement.execute("SELECT pg_advisory_unlock(hashtextextended('lifelog retention', 0))");
        }
        assertThat(run(centers)).containsKey(Kept.READINGS);
    }

    /** A reading that comes for a day whose readings are gone must not make a day of one reading of it. */
    @Test
    void windowsWhoseReadingsAreGoneStayAsTheyAre() throws SQLException, IOException {
        Centers centers = centers("readings: P100D", "readings: P110D");
        run(centers);
        TopicPartition valid = new TopicPartition("lifelog.readings.valid", 0);
        new Offsets(database.source()).of(List.of(valid), partition -> 0);
        Batch batch = new Batch();
        for (String time : List.of("2026-07-01T00:00:00Z", "2026-08-20T00:00:00Z")) {
            batch.add(Reading.newBuilder(SinkRecords.reading("S-1", time, 80).build())
                    .setCenter("brief")
                    .setDevice("scale-2")
                    .setMetric("weight")
                    .setUnit("kg")
                    .setFlags(List.of(Flag.LATE.code()))
                    .build());
        }
        batch.move(valid, new Batch.Move(0, 2));
        new BatchWriter(database.source(), catalogue, centers).write(batch);

        assertThat(database.query("SELECT to_char(time AT TIME ZONE 'UTC', 'MM-DD'), n, sum FROM v_aggregate_1h"
                        + " WHERE center = 'brief' AND time IN ('2026-07-01T00:00:00Z', '2026-08-20T00:00:00Z')"
                        + " ORDER BY time"))
                .containsExactly("07-01|1|70", "08-20|2|150");
    }
}
