package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;

class RecomputationTest {
    private static final TopicPartition VALID_0 = new TopicPartition("lifelog.readings.valid", 0);
    private static final LocalDate FROM = LocalDate.parse("2026-07-01");
    private static final LocalDate TO = LocalDate.parse("2026-07-02");
    private static final String WINDOWS = "SELECT '1m', * FROM v_aggregate_1m UNION ALL"
            + " SELECT '1h', * FROM v_aggregate_1h UNION ALL SELECT '1d', * FROM v_aggregate_1d ORDER BY 1, 4, 5, 6";

    private final SinkDatabase database = new SinkDatabase("recompute");
    private final Catalogue catalogue = Catalogue.load();
    private final Centers centers = Centers.load(catalogue);
    private final Recomputation recomputation = new Recomputation(database.source(), catalogue, centers);
    private final List<String> progress = new ArrayList<>();
    private List<String> right;

    /** Late readings, whose windows the sink computes itself: what is right. */
    @BeforeEach
    void fill() throws SQLException {
        new Offsets(database.source()).of(List.of(VALID_0), partition -> 0);
        Batch batch = new Batch();
        Instant start = Instant.parse("2026-06-30T14:30:00Z");
        for (int i = 0; i < 300; i++) {
            batch.add(
                    late(SinkRecords.reading("S-1", start.plusSeconds(600L * i).toString(), 50 + i % 200)));
        }
        // Two devices that count the same steps, of which one goes first.
        for (String device : List.of("phone", "watch")) {
            batch.add(late(SinkRecords.reading("S-1", "2026-07-01T01:00:00Z", 1_000)
                    .setMetric("steps")
                    .setUnit("{steps}")
                    .setDevice(device)
                    .setEnd(Instant.parse("2026-07-01T02:00:00Z"))));
        }
        batch.move(VALID_0, new Batch.Move(0, 1));
        new BatchWriter(database.source(), catalogue, centers).write(batch);
        right = database.query(WINDOWS);
        assertThat(right).hasSizeGreaterThan(350);
    }

    private static Reading late(Reading.Builder reading) {
        return reading.setFlags(List.of(Flag.LATE.code())).build();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Recomputation.Result run(Recomputation.Barrier barrier) throws SQLException, InterruptedException {
        return recomputation.run("isens", FROM, TO, barrier, (done, all) -> progress.add(done + "/" + all));
    }

    @Test
    void whatIsRightStaysAndProgressIsTold() throws SQLException, InterruptedException {
        Recomputation.Result result = run(() -> {});

        assertThat(result.changed()).isZero();
        assertThat(result.removed()).isZero();
        assertThat(result.left()).isZero();
        assertThat(result.computed()).isGreaterThan(300);
        assertThat(database.query(WINDOWS)).isEqualTo(right);
        // Two metrics on two days.
        assertThat(progress).containsExactly("0/4", "1/4", "2/4", "3/4", "4/4");
    }

    @Test
    void whatWasLostOrChangedIsMended() throws SQLException, InterruptedException {
        String inside = " WHERE time >= '2026-06-30T15:00:00Z' AND time < '2026-07-02T15:00:00Z'";
        database.execute("DELETE FROM aggregate_1m" + inside);
        database.execute("UPDATE aggregate_1h SET n = 7, sum = 1, bands = NULL" + inside);
        database.execute("INSERT INTO aggregate_1d (series_id, time, n, sum, mean, min, max, first, last, version)"
                + " SELECT series_id, '2026-06-30T16:00:00Z', 1, 1, 1, 1, 1, 1, 1, 3 FROM series");

        Recomputation.Result result = run(() -> {});

        assertThat(result.removed()).isEqualTo(2);
        assertThat(result.changed()).isEqualTo(result.computed() - 3); // but for the days: two of glucose, one of steps
        assertThat(database.query(WINDOWS)).isEqualTo(right);
        assertThat(database.query("SELECT DISTINCT version FROM aggregate_1m"))
                .as("too old for the streams")
                .containsExactly(Long.toString(Long.MAX_VALUE));
    }

    /** What the streams emit while it is at work is newer than what it has computed. */
    @Test
    void whatTheStreamsEmitMeanwhileIsLeftToThem() throws SQLException, InterruptedException {
        String one = " FROM series s WHERE s.series_id = a.series_id AND s.metric = 'glucose_cgm'"
                + " AND time = '2026-07-01T00:00:00Z'";
        database.execute("UPDATE aggregate_1h a SET n = 7, version = 41" + one);

        Recomputation.Result result = run(() -> {
            try {
                database.execute("UPDATE aggregate_1h a SET n = 8, version = 42" + one);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });

        assertThat(result.left()).isEqualTo(1);
        assertThat(result.changed()).isZero();
        assertThat(database.query("SELECT n FROM aggregate_1h WHERE version = 42"))
                .containsExactly("8");
        assertThat(run(() -> {}).changed()).isEqualTo(1);
        assertThat(database.query("SELECT n FROM aggregate_1h WHERE version = 42"))
                .as("its version stays")
                .containsExactly("6");
    }

    @Test
    void aDayWhoseReadingsWereRemovedIsRefused() throws SQLException {
        database.execute("UPDATE center SET readings_from = '2026-07-01T15:00:00Z' WHERE center = 'isens'");

        assertThatThrownBy(() -> run(() -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Readings of 2026-07-01 were removed");
    }
}
