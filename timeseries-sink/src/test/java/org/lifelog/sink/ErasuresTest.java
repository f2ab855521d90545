package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Topic;

class ErasuresTest {
    private static final TopicPartition VALID_0 = new TopicPartition("lifelog.readings.valid", 0);
    private static final SubjectKey ERASED = SubjectKey.of("isens", "S-1");

    private final SinkDatabase database = new SinkDatabase("erasures");
    private final Catalogue catalogue = Catalogue.load();
    private final BatchWriter writer = new BatchWriter(database.source(), catalogue, Centers.load(catalogue));
    private long offset;

    @BeforeEach
    void fill() throws SQLException {
        new Offsets(database.source()).of(List.of(VALID_0), partition -> 0);
        Batch batch = new Batch();
        for (String subject : List.of("S-1", "S-10")) {
            addAll(batch, subject, "2026-11-24T11:00:00Z");
        }
        write(batch);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void addAll(Batch batch, String subject, String time) {
        batch.add(SinkRecords.reading(subject, time, 100).build());
        batch.add(SinkRecords.hour(subject, time, 1, 100, 1).build());
        batch.add(new Batch.Quarantined(
                new TopicPartition("lifelog.readings.quarantined", 0),
                offset * 1_000 + batch.records(),
                QuarantinedReading.newBuilder()
                        .setCenter("isens")
                        .setSubject(subject)
                        .setReasons(List.of("impossible-value"))
                        .setReceivedAt(SinkRecords.RECEIVED)
                        .setQuarantinedAt(SinkRecords.RECEIVED)
                        .build()));
    }

    private BatchWriter.Result write(Batch batch) throws SQLException {
        batch.move(VALID_0, new Batch.Move(offset, ++offset));
        return writer.write(batch);
    }

    private String rows(String subject) throws SQLException {
        return database.query("SELECT (SELECT count(*) FROM v_reading WHERE subject = '" + subject + "'),"
                        + " (SELECT count(*) FROM v_aggregate_1h WHERE subject = '" + subject + "'),"
                        + " (SELECT count(*) FROM v_quarantined WHERE subject = '" + subject + "'),"
                        + " (SELECT count(*) FROM series WHERE subject = '" + subject + "')")
                .get(0);
    }

    private List<String> ledger() throws SQLException {
        return database.query("SELECT center, already_stored, removed, quarantined_removed FROM sink_ledger");
    }

    @Test
    void eachTopicErasesWhatCameFromItAndTheLastOneTheNames() throws SQLException {
        Batch valid = new Batch();
        valid.erase(Topic.VALID.topicName(), ERASED);
        write(valid);
        assertThat(rows("S-1")).isEqualTo("0|1|1|1");

        Batch aggregates = new Batch();
        aggregates.erase(Topic.AGGREGATES.topicName(), ERASED);
        write(aggregates);
        assertThat(rows("S-1")).isEqualTo("0|0|1|0");

        Batch quarantined = new Batch();
        quarantined.erase(Topic.QUARANTINED.topicName(), ERASED);
        write(quarantined);
        assertThat(rows("S-1")).isEqualTo("0|0|0|0");
        assertThat(rows("S-10")).isEqualTo("1|1|1|1");
        assertThat(ledger()).containsExactly("isens|0|1|1");
    }

    @Test
    void inABatchWhatStoodBeforeIsErasedAndWhatStandsBehindIsWritten() throws SQLException {
        Batch batch = new Batch();
        addAll(batch, "S-1", "2026-11-24T12:00:00Z");
        for (Topic topic : List.of(Topic.VALID, Topic.AGGREGATES, Topic.QUARANTINED)) {
            batch.erase(topic.topicName(), ERASED);
        }
        addAll(batch, "S-1", "2026-11-24T13:00:00Z");
        BatchWriter.Result result = write(batch);

        assertThat(result.stored()).containsEntry("isens", 1L);
        assertThat(rows("S-1")).isEqualTo("1|1|1|1");
        assertThat(database.query(
                        "SELECT to_char(time AT TIME ZONE 'UTC', 'HH24') FROM v_reading WHERE subject = 'S-1'"))
                .containsExactly("13");
        // Two of each: one that was stored, and one that stood before it in the batch.
        assertThat(ledger()).containsExactly("isens|0|2|2");
    }

    /** The number of a series that is no more must not be used for what comes later. */
    @Test
    void whatComesLaterHasANameAgain() throws SQLException {
        Batch erase = new Batch();
        for (Topic topic : List.of(Topic.VALID, Topic.AGGREGATES, Topic.QUARANTINED)) {
            erase.erase(topic.topicName(), ERASED);
        }
        write(erase);
        assertThat(rows("S-1")).isEqualTo("0|0|0|0");

        Batch later = new Batch();
        addAll(later, "S-1", "2026-11-24T14:00:00Z");
        write(later);

        assertThat(rows("S-1")).isEqualTo("1|1|1|1");
    }

    @Test
    void erasingTwiceChangesNothing() throws SQLException {
        for (int i = 0; i < 2; i++) {
            Batch erase = new Batch();
            erase.erase(Topic.VALID.topicName(), ERASED);
            write(erase);
        }
        assertThat(rows("S-1")).isEqualTo("0|1|1|1");
        assertThat(ledger()).containsExactly("isens|0|1|0");
    }
}
