package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Topic;
import org.lifelog.embedded.EmbeddedKafka;

/** Faults of a database that stays up, and rows that it refuses, against the service in a process of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SinkFaultsTest {
    private static final int READINGS = 1_200;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String ROWS =
            "SELECT subject, extract(epoch FROM time)::bigint, value FROM v_reading" + " WHERE subject LIKE '%s%%'";

    @TempDir
    private static Path folder;

    private final SinkDatabase database = new SinkDatabase("faults");
    private EmbeddedKafka kafka;
    private SinkTopics topics;
    private SinkProcess sink;

    @BeforeAll
    void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), "127.0.0.1", 0);
        topics = new SinkTopics(kafka.bootstrap());
        sink = new SinkProcess(
                folder,
                kafka.bootstrap(),
                database.database().jdbcUrl(),
                database.database().username(),
                database.database().password(),
                "-c lock_timeout=1s -c statement_timeout=30s");
        awaitReadiness("\"UP\"");
    }

    @AfterAll
    void close() {
        sink.close();
        topics.close();
        kafka.close();
        database.close();
    }

    private void awaitReadiness(String part) {
        await().atMost(LONG).untilAsserted(() -> assertThat(sink.readiness()).contains(part));
    }

    private void awaitRows(List<Reading> readings, String subjects) {
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(database.query(ROWS.formatted(subjects)))
                        .containsExactlyInAnyOrderElementsOf(SinkTopics.rows(readings)));
    }

    private static Reading reading(String subject, double value) {
        return SinkRecords.reading(subject, "2026-11-24T11:55:00Z", value).build();
    }

    @Test
    void whatTheDatabaseRefusesGoesToQuarantineAndTheRestGoesOn() throws SQLException {
        database.execute("ALTER TABLE reading ADD CONSTRAINT no_thirteen CHECK (value <> 13)");
        List<Reading> good = SinkTopics.readings("refused-", READINGS);
        topics.send(good.subList(0, READINGS / 2));
        topics.send(List.of(
                reading("refused-1", 13),
                Reading.newBuilder(reading("refused-2", 13))
                        .setStatus(ReadingStatus.CORRECTED)
                        .setFlags(List.of("corrected"))
                        .build(),
                Reading.newBuilder(reading("refused-3", 80))
                        .setAttributes("meal=\u0000")
                        .build(),
                Reading.newBuilder(reading("refused-4", 81))
                        .setSentUnit("\u0000")
                        .build(),
                Reading.newBuilder(reading("refused-5", 82))
                        .setTime(Instant.parse("-5000-01-01T00:00:00Z"))
                        .build()));
        topics.send(
                Topic.AGGREGATES,
                "isens/refused-6",
                SinkRecords.hour("refused-6", "2026-11-24T11:00:00Z", 3, 300, 7)
                        .setAttributes("a=" + "\u0000")
                        .build());
        topics.send(
                Topic.AGGREGATES,
                "isens/refused-6",
                SinkRecords.hour("refused-6", "2026-11-24T12:00:00Z", 3, 300, 8).build());
        topics.send(Topic.QUARANTINED, "isens/refused-7", impossible("refused-7", "a\u0000b"));
        topics.sendRaw(Topic.VALID, "isens/refused-8", "no record".getBytes(StandardCharsets.UTF_8));
        topics.send(good.subList(READINGS / 2, READINGS));

        awaitRows(good, "refused-");
        String invalidText =
                "The database refuses the row: it cannot hold a text, number or time of it (SQLSTATE 22021).";
        String check = "The database refuses the row: it violates a constraint, no_thirteen (SQLSTATE 23514).";
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(database.query(
                                "SELECT subject, source_topic, value, attributes, reasons, detail, raw IS NOT NULL"
                                        + " FROM quarantined WHERE subject LIKE 'refused-%' ORDER BY subject"))
                        .containsExactly(
                                "refused-1|lifelog.readings.valid|13||{refused-by-storage}|" + check + "|t",
                                "refused-2|lifelog.readings.valid|13||{refused-by-storage}|" + check + "|t",
                                "refused-3|lifelog.readings.valid|80|meal=\uFFFD|{refused-by-storage}|" + invalidText
                                        + "|t",
                                "refused-4|lifelog.readings.valid|81||{refused-by-storage}|" + invalidText + "|t",
                                "refused-5|lifelog.readings.valid|null|null|{refused-by-storage}|"
                                        + invalidText.replace("22021", "22008") + "|t",
                                "refused-6|lifelog.aggregates|null|null|{refused-by-storage}|" + invalidText + "|t",
                                "refused-7|lifelog.readings.quarantined|5||{impossible-value,refused-by-storage}|"
                                        + invalidText + "|t",
                                "refused-8|lifelog.readings.valid|null|null|{refused-by-storage}|The record cannot be"
                                        + " decoded.|t"));
        assertThat(database.query("SELECT time AT TIME ZONE 'UTC' FROM v_aggregate_1h WHERE subject = 'refused-6'"))
                .containsExactly("2026-11-24 12:00:00");
        // The correction was to add no row, and what cannot be decoded was counted by nobody.
        assertThat(database.query("SELECT center, refused FROM sink_ledger")).containsExactly("isens|4");
        assertThat(sink.get("/metrics"))
                .contains("lifelog_readings_total{center=\"isens\",outcome=\"refused\"} 4.0")
                .contains("lifelog_sink_refused_total{topic=\"lifelog.aggregates\"} 1.0");
        awaitReadiness("\"UP\"");
    }

    private static QuarantinedReading impossible(String subject, String detail) {
        Reading reading = reading(subject, 5);
        return QuarantinedReading.newBuilder()
                .setCenter(reading.getCenter())
                .setSubject(subject)
                .setReading(reading)
                .setReasons(List.of("impossible-value"))
                .setDetail(detail)
                .setReceivedAt(SinkRecords.RECEIVED)
                .setQuarantinedAt(SinkRecords.RECEIVED)
                .build();
    }

    /** Does something while another session keeps every row out. */
    private void whileLocked(Callable<?> action) throws Exception {
        try (Connection connection = database.source().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE reading IN EXCLUSIVE MODE");
            action.call();
            connection.rollback();
        }
    }

    @Test
    void aLockThatIsHeldIsToldAndOutlasted() throws Exception {
        List<Reading> readings = SinkTopics.readings("locked-", READINGS);
        whileLocked(() -> {
            topics.send(readings);
            awaitReadiness("another session holds a lock in the database (SQLSTATE 55P03)");
            return null;
        });

        awaitRows(readings, "locked-");
        awaitReadiness("\"UP\"");
        assertThat(sink.get("/metrics")).contains("lifelog_sink_retries_total{cause=\"database\"}");
    }

    @Test
    void aSessionThatIsEndedInTheMiddleOfABatchIsReplaced() throws Exception {
        List<Reading> readings = SinkTopics.readings("ended-", READINGS);
        List<String> ended = new ArrayList<>();
        whileLocked(() -> {
            topics.send(readings);
            await().atMost(LONG).until(() -> {
                ended.addAll(database.query(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                                + " AND application_name = 'lifelog-sink' AND wait_event_type = 'Lock'"));
                return !ended.isEmpty();
            });
            awaitReadiness("the database");
            return null;
        });

        assertThat(ended).contains("t");
        awaitRows(readings, "ended-");
        awaitReadiness("\"UP\"");
    }

    @Test
    void connectionsToAServerThatTakesNoWritesAreGivenUp() throws SQLException {
        List<Reading> readings = SinkTopics.readings("standby-", READINGS);
        String name = database.query("SELECT current_database()").get(0);
        database.execute("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
        String endSessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'lifelog-sink'";
        database.query(endSessions);
        topics.send(readings);
        awaitReadiness("the database takes no writes; is it a standby? (SQLSTATE 25006)");

        // Sessions that began before are read-only for as long as they live.
        database.execute("ALTER DATABASE " + name + " RESET default_transaction_read_only");

        awaitRows(readings, "standby-");
        awaitReadiness("\"UP\"");
    }
}
