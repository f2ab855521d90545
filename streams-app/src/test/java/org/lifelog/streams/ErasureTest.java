package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.ResearchTopic;
import org.lifelog.contract.Topic;
import org.lifelog.contract.UnknownDevices;
import org.lifelog.streams.history.History;
import org.lifelog.streams.research.Pseudonyms;
import org.lifelog.streams.research.Release;
import org.lifelog.streams.research.Releases;

/** A record without a value makes the streams forget its subject, and tells all that read their topics to do so. */
class ErasureTest {
    private static final Release RELEASE = Releases.of("isens", "r1", 0);
    private static final String KEY = "isens/S-1";
    private static final String TIME = "2026-11-24T11:55:00Z";
    private static final Duration A_MOMENT = Duration.ofSeconds(3);

    @TempDir
    private Path state;

    private TopologyFixture topology;

    @BeforeEach
    void start() {
        topology =
                new TopologyFixture(state, Readings.RECEIVED, UnknownDevices.QUARANTINE, 5, Map.of("isens", RELEASE));
        assign("\ud83e\ude7a", "S-1");
        List.of("S-1", "S-10", "S-").forEach(subject -> assign("cgm of " + subject, subject));
    }

    private void assign(String device, String subject) {
        Assignment assignment = new Assignment(subject, Readings.RECEIVED.minus(Duration.ofDays(60)), null);
        topology.register(new Device("isens", device, null, null, List.of(assignment), Readings.RECEIVED, Map.of(), 0));
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private Reading.Builder of(String subject, double value) {
        return Readings.glucose(TIME, value).setSubject(subject).setDevice("cgm of " + subject);
    }

    @Test
    void nothingOfTheSubjectIsLeftAndOthersStay() {
        topology.send(of("S-1", 112).setSequence(7L).build());
        topology.send(of("S-1", 112).setDevice("\ud83e\ude7a").setSequence(7L).build());
        topology.send(of("S-1", 90).setDevice("not-registered").build());
        topology.send(of("S-10", 113).setSequence(7L).build());
        topology.send(of("S-", 114).setSequence(7L).build());

        topology.sendRaw(KEY, null);

        for (String store : List.of(History.STORE, DeviceClocks.STORE, ParkedReadings.STORE)) {
            assertThat(topology.keys(store)).as(store).noneMatch(key -> key.contains("\u0000S-1\u0000"));
        }
        assertThat(topology.keys(History.STORE)).hasSize(2);
        assertThat(topology.keys(DeviceClocks.STORE)).hasSize(2);
        assertThat(topology.keys(ParkedReadings.STORE)).isEmpty();
        for (WindowSize size : List.of(WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY)) {
            assertThat(topology.windowedSeries(WindowAggregation.name(size)))
                    .as(size.name())
                    .containsExactlyInAnyOrder(
                            History.series("isens", "S-10", "glucose_cgm", ""),
                            History.series("isens", "S-", "glucose_cgm", ""));
        }
    }

    @Test
    void everyTopicEndsWithATombstone() {
        topology.send(of("S-1", 112).build());
        topology.send(of("S-1", 90).setDevice("not-registered").build());
        topology.advance(A_MOMENT);

        topology.sendRaw(KEY, null);
        topology.advance(A_MOMENT);

        for (Topic topic : List.of(Topic.VALID, Topic.QUARANTINED, Topic.AGGREGATES)) {
            assertLastIsTombstone(topology.raw(topic.topicName()), KEY);
        }
        String pseudonym = new Pseudonyms(RELEASE).subject("S-1");
        for (ResearchTopic topic : ResearchTopic.values()) {
            assertLastIsTombstone(topology.raw(topic.topicName("isens")), pseudonym);
        }
    }

    private static void assertLastIsTombstone(List<TestRecord<String, byte[]>> records, String key) {
        assertThat(records).allSatisfy(record -> assertThat(record.key()).isEqualTo(key));
        assertThat(records.get(0).getValue()).isNotNull();
        assertThat(records.get(records.size() - 1).getValue()).isNull();
    }

    /** What waited for the commit when the erasure came does not come out after it. */
    @Test
    void windowsThatWereNotEmittedYetAreNotEmittedLater() {
        topology.send(of("S-1", 112).build());
        topology.sendRaw(KEY, null);
        topology.advance(A_MOMENT);

        assertThat(topology.raw(Topic.AGGREGATES.topicName()))
                .isNotEmpty()
                .last()
                .satisfies(record -> assertThat(record.getValue()).isNull());
    }

    @Test
    void whatComesLaterIsNew() {
        topology.send(of("S-1", 112).build());
        topology.sendRaw(KEY, null);
        topology.advance(A_MOMENT);
        topology.raw(Topic.VALID.topicName());
        topology.raw(Topic.AGGREGATES.topicName());

        topology.send(of("S-1", 120).build());
        topology.advance(A_MOMENT);

        assertThat(topology.valid()).extracting(Reading::getValue).containsExactly(120.0);
        assertThat(topology.windows(WindowSize.DAY).values())
                .extracting(Aggregate::getN, Aggregate::getSum)
                .containsExactly(tuple(1L, 120.0));
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 3L, 2L, 0L, 0L, 0L, 0L, 0L, 0L, 1L));
    }

    @Test
    void whatNamesNoSubjectIsQuarantined() {
        for (String key : List.of("nowhere/S-1", "isens/~cgm-1", "nonsense")) {
            topology.sendRaw(key, null);
            assertThat(topology.quarantined().get(key))
                    .as(key)
                    .singleElement()
                    .satisfies(
                            quarantined -> assertThat(quarantined.getReasons()).containsExactly("undecodable"));
        }
    }
}
