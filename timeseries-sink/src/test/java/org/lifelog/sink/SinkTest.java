package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;

/** The service as processes of its own against real Kafka and a real database, killed in the middle of its work. */
class SinkTest {
    private static final int READINGS = 6_000;

    @TempDir
    private Path folder;

    private final SinkDatabase database = new SinkDatabase("sink");
    private final List<SinkProcess> processes = new ArrayList<>();

    @AfterEach
    void close() {
        processes.forEach(SinkProcess::close);
        database.close();
    }

    private SinkProcess startService() {
        SinkProcess process = new SinkProcess(
                folder,
                Infrastructure.kafka(),
                database.database().jdbcUrl(),
                database.database().username(),
                database.database().password(),
                "",
                "sink.batch.rows=200");
        processes.add(process);
        return process;
    }

    private long rows() throws Exception {
        return Long.parseLong(database.query("SELECT count(*) FROM reading").get(0));
    }

    @Test
    void killedAndRebalancedItStoresEachReadingOnce() throws Exception {
        List<Reading> readings = SinkTopics.readings("S-", READINGS);
        try (SinkTopics topics = new SinkTopics(Infrastructure.kafka())) {
            SinkProcess first = startService();
            topics.send(readings.subList(0, READINGS / 2));
            await().atMost(Duration.ofMinutes(2)).until(() -> rows() > READINGS / 10);
            first.kill();

            // Two of them, so that partitions move from one to the other while the rest comes in.
            SinkProcess second = startService();
            topics.send(readings.subList(READINGS / 2, READINGS));
            await().atMost(Duration.ofMinutes(2)).until(() -> rows() > READINGS / 2);
            SinkProcess third = startService();
            await().atMost(Duration.ofMinutes(2)).until(() -> rows() == READINGS);
            // A lone one does not wait for others.
            Reading lone =
                    SinkRecords.reading("S-lone", "2026-11-20T00:00:00Z", 61).build();
            readings.add(lone);
            topics.send(List.of(lone));
            await().atMost(Duration.ofMinutes(1)).until(() -> rows() == READINGS + 1);
            assertThat(second.stop()).isIn(0, 143);
            assertThat(third.stop()).isIn(0, 143);
        }

        assertThat(database.query("SELECT subject, extract(epoch FROM time)::bigint, value FROM v_reading"))
                .containsExactlyInAnyOrderElementsOf(SinkTopics.rows(readings));
        assertThat(database.query("SELECT * FROM sink_ledger")).isEmpty();
    }
}
