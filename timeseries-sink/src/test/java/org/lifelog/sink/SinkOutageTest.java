package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.EmbeddedDatabase;
import org.lifelog.embedded.EmbeddedKafka;

/** A database that goes away, and partitions that move, in the middle of batches. */
class SinkOutageTest {
    private static final int READINGS = 2_000;
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String PASSWORD = "secret";
    private static final String POLL_OR_LEAVE = "kafka.consumer.max.poll.interval.ms=6000";

    @TempDir
    private Path folder;

    private final List<AutoCloseable> parts = new ArrayList<>();
    private EmbeddedDatabase server;
    private EmbeddedKafka kafka;
    private SinkTopics topics;

    @BeforeEach
    void start() {
        server = EmbeddedDatabase.start(folder.resolve("database"), "127.0.0.1", 0, PASSWORD);
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), "127.0.0.1", 0);
        topics = new SinkTopics(kafka.bootstrap());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : parts) {
            part.close();
        }
        topics.close();
        kafka.close();
        server.close();
    }

    /** One thread, so that a sink is one member of the group. */
    private SinkProcess startSink(String options, String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("sink.threads=1");
        SinkProcess sink = new SinkProcess(
                folder,
                kafka.bootstrap(),
                server.jdbcUrl(),
                server.username(),
                PASSWORD,
                options,
                all.toArray(String[]::new));
        parts.add(sink);
        awaitReadiness(sink, "\"UP\"");
        return sink;
    }

    private static void awaitReadiness(SinkProcess sink, String part) {
        await().atMost(LONG).untilAsserted(() -> assertThat(sink.readiness()).contains(part));
    }

    private HikariDataSource connect() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(server.jdbcUrl());
        config.setUsername(server.username());
        config.setPassword(PASSWORD);
        config.setMaximumPoolSize(2);
        HikariDataSource source = new HikariDataSource(config);
        parts.add(source);
        return source;
    }

    private void awaitRows(HikariDataSource database, List<Reading> readings) {
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(SinkDatabase.query(
                                database, "SELECT subject, extract(epoch FROM time)::bigint, value FROM v_reading"))
                        .containsExactlyInAnyOrderElementsOf(SinkTopics.rows(readings)));
    }

    private List<String> members() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            return admin
                    .describeConsumerGroups(List.of("lifelog-sink"))
                    .describedGroups()
                    .get("lifelog-sink")
                    .get()
                    .members()
                    .stream()
                    .map(MemberDescription::consumerId)
                    .toList();
        }
    }

    @Test
    void aServerThatIsAwayForLongIsWaitedForInTheSamePlaceOfTheGroup() throws Exception {
        SinkProcess sink = startSink("", POLL_OR_LEAVE);
        List<Reading> readings = SinkTopics.readings("S-", READINGS);
        topics.send(readings.subList(0, READINGS / 2));
        try (HikariDataSource database = connect()) {
            awaitRows(database, readings.subList(0, READINGS / 2));
        }
        List<String> before = members();

        int port = Integer.parseInt(server.jdbcUrl().replaceAll(".*:(\\d+)/.*", "$1"));
        server.close();
        topics.send(readings.subList(READINGS / 2, READINGS));
        awaitReadiness(sink, "the database does not answer");
        // Longer than the group waits for a consumer that does not poll.
        awaitReadiness(sink, "tried 3 times");
        assertThat(members()).hasSize(1).isEqualTo(before);
        server = EmbeddedDatabase.start(folder.resolve("database"), "127.0.0.1", port, PASSWORD);

        awaitRows(connect(), readings);
        awaitReadiness(sink, "\"UP\"");
        assertThat(members()).isEqualTo(before);
    }

    @Test
    void partitionsThatMoveInTheMiddleOfABatchLoseAndDoubleNothing() throws Exception {
        HikariDataSource database = connect();
        String patient = "-c lock_timeout=0 -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";
        SinkProcess first = startSink(patient, POLL_OR_LEAVE);
        List<Reading> readings = SinkTopics.readings("S-", READINGS);
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE reading IN EXCLUSIVE MODE");
            topics.send(readings);
            await().atMost(LONG).until(() -> waiting(database) == 1);
            List<String> before = members();
            // The first one is in the middle of its batch, so the group gives its partitions to the second one, which
            // waits for the first one's transaction.
            SinkProcess second = startSink(patient, POLL_OR_LEAVE);
            await().atMost(LONG).until(() -> members().size() == 1 && !members().equals(before));
            await().atMost(LONG).until(() -> waiting(database) == 2);
            assertThat(second.readiness()).contains("\"UP\"");
            connection.rollback();
        }

        awaitRows(database, readings);
        awaitReadiness(first, "\"UP\"");
        assertThat(SinkDatabase.query(database, "SELECT * FROM sink_ledger")).isEmpty();
    }

    /** How many sinks wait for a lock. */
    private static int waiting(HikariDataSource database) throws SQLException {
        return SinkDatabase.query(
                        database,
                        "SELECT pid FROM pg_stat_activity WHERE application_name = 'lifelog-sink'"
                                + " AND wait_event_type = 'Lock'")
                .size();
    }

    @Test
    void aDatabaseThatWasPutBackIsFilledAnewWithoutMixingUpSeries() throws Exception {
        HikariDataSource database = connect();
        SinkProcess sink = startSink("");
        List<Reading> readings = SinkTopics.readings("S-", READINGS);
        topics.send(readings.subList(0, READINGS / 2));
        awaitRows(database, readings.subList(0, READINGS / 2));

        // As a standby that took over without the last transactions: the numbers of the series are free again.
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "TRUNCATE reading, series, device RESTART IDENTITY; UPDATE sink_offset SET next_offset = 0;"
                            + " INSERT INTO series (center, subject, metric, attributes, unit)"
                            + " VALUES ('isens', 'somebody else', 'glucose_cgm', '', 'mg/dL')");
        }
        topics.send(readings.subList(READINGS / 2, READINGS));

        awaitRows(database, readings);
        awaitReadiness(sink, "\"UP\"");
    }
}
