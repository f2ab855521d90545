package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ResearchAggregate;
import org.lifelog.avro.ResearchReading;
import org.lifelog.contract.ResearchTopic;
import org.lifelog.contract.UnknownDevices;
import org.lifelog.streams.research.Pseudonyms;
import org.lifelog.streams.research.Release;
import org.lifelog.streams.research.Releases;

/** What of the valid readings and windows goes to the research topics. */
class ResearchTopologyTest {
    private static final Release RELEASE = Releases.of("isens", "r1", 0);
    private static final String TIME = "2026-11-24T06:00:00Z";

    @TempDir
    private Path state;

    private TopologyFixture topology;

    private void start(Release... releases) {
        Map<String, Release> byCenter = new HashMap<>();
        List.of(releases).forEach(release -> byCenter.put(release.center(), release));
        topology = new TopologyFixture(state, Readings.RECEIVED, UnknownDevices.ACCEPT, 100, byCenter);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private List<ResearchReading> readings(String center) {
        return topology.research(ResearchTopic.READINGS, center).stream()
                .map(record -> (ResearchReading) topology.decode(record.getValue()))
                .toList();
    }

    @Test
    void aValidReadingAndItsWindowsGoToTheTopicsOfTheCenter() {
        start(RELEASE);
        topology.send(Readings.glucose(TIME, 100).build());

        String pseudonym = new Pseudonyms(RELEASE).subject("S-1");
        assertThat(topology.valid()).hasSize(1);
        List<TestRecord<String, byte[]>> readings = topology.research(ResearchTopic.READINGS, "isens");
        assertThat(readings).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo(pseudonym);
            ResearchReading reading = (ResearchReading) topology.decode(record.getValue());
            assertThat(reading.getPseudonym()).isEqualTo(pseudonym);
            assertThat(reading.getRelease()).isEqualTo("r1");
            assertThat(reading.getValue()).isEqualTo(100);
            assertThat(reading.getTime()).isEqualTo(Instant.parse(TIME));
        });

        topology.advance(Duration.ofSeconds(1));
        List<Aggregate> aggregates = topology.aggregates();
        assertThat(aggregates).hasSize(3);
        assertThat(topology.research(ResearchTopic.AGGREGATES, "isens"))
                .hasSize(3)
                .allSatisfy(record -> {
                    assertThat(record.key()).isEqualTo(pseudonym);
                    ResearchAggregate aggregate = (ResearchAggregate) topology.decode(record.getValue());
                    assertThat(aggregate.getPseudonym()).isEqualTo(pseudonym);
                    assertThat(aggregate.getN()).isEqualTo(1);
                    assertThat(aggregates).anySatisfy(original -> {
                        assertThat(original.getWindow()).isEqualTo(aggregate.getWindow());
                        assertThat(original.getTime()).isEqualTo(aggregate.getTime());
                        assertThat(original.getEnd()).isEqualTo(aggregate.getEnd());
                        assertThat(original.getMean()).isEqualTo(aggregate.getMean());
                    });
                });
    }

    @Test
    void whatIsNotValidDoesNotGoThere() {
        start(RELEASE);
        Reading valid = Readings.glucose(TIME, 100).build();
        topology.send(valid);
        topology.send(valid);
        topology.send(Reading.newBuilder(valid).setValue(101).build());
        topology.send(Readings.glucose("2026-11-24T07:00:00Z", 5_000).build());
        assertThat(readings("isens")).extracting(ResearchReading::getValue).containsExactly(100.0);
        assertThat(topology.quarantined()).hasSize(1);
    }

    @Test
    void lateReadingsGoThereWithTheirFlag() {
        start(RELEASE);
        topology.send(Readings.glucose("2025-11-24T06:00:00Z", 100).build());
        assertThat(readings("isens"))
                .singleElement()
                .satisfies(reading -> assertThat(reading.getFlags()).containsExactly("late"));
    }

    @Test
    void aCenterWithoutKeysIsLeftOutAndEachHasItsOwnTopic() {
        Release goodoc = Releases.of("goodoc", "r7", 0);
        start(RELEASE, goodoc);
        for (String center : List.of("isens", "goodoc", "healthmax")) {
            topology.send(Readings.glucose(TIME, 100).setCenter(center).build());
        }
        assertThat(topology.valid()).hasSize(3);
        assertThat(readings("isens")).extracting(ResearchReading::getCenter).containsExactly("isens");
        assertThat(readings("goodoc")).extracting(ResearchReading::getRelease).containsExactly("r7");
        assertThat(topology.research(ResearchTopic.READINGS, "healthmax")).isEmpty();
    }

    /** Anything that a gateway or a proxy writes beside a record might say where it is from. */
    @Test
    void noHeaderAndNoByteOfTheOriginalGoesAlong() {
        start(Releases.of("isens", "r1", 26));
        topology.sendWithHeader(
                Readings.glucose(TIME, 100)
                        .setSubject("S-0042")
                        .setDevice("caresens-8F31")
                        .setVendor("isens-vendor")
                        .build(),
                "traceparent",
                "S-0042");
        topology.advance(Duration.ofSeconds(1));
        List<TestRecord<String, byte[]>> records = new ArrayList<>();
        for (ResearchTopic topic : ResearchTopic.values()) {
            records.addAll(topology.research(topic, "isens"));
        }
        assertThat(records).hasSize(4).allSatisfy(record -> {
            assertThat(record.headers()).isEmpty();
            assertThat(record.key() + new String(record.value(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("S-0042", "8F31", "vendor");
        });
    }

    @Test
    void aModelIsNamedOnceEnoughSubjectsHaveIt() {
        start(RELEASE);
        register("cgm-1", "S-1", "Dexter");
        register("cgm-2", "S-2", "Dexter");
        register("cgm-3", "S-3", "Only one");
        topology.send(Readings.glucose(TIME, 100).build());
        assertThat(readings("isens"))
                .as("not counted yet")
                .singleElement()
                .satisfies(reading -> assertThat(reading.getModel()).isNull());

        topology.advance(Duration.ofSeconds(2));
        topology.send(Readings.glucose("2026-11-24T06:05:00Z", 101).build());
        topology.send(Readings.glucose("2026-11-24T06:05:00Z", 102)
                .setSubject("S-3")
                .setDevice("cgm-3")
                .build());
        assertThat(readings("isens"))
                .extracting(reading -> reading.getValue() + " " + reading.getManufacturer() + " " + reading.getModel())
                .containsExactly("101.0 Maker Dexter", "102.0 null null");
    }

    private void register(String device, String subject, String model) {
        Instant from = Instant.parse("2026-11-01T00:00:00Z");
        topology.register(new Device(
                "isens", device, "Maker", model, List.of(new Assignment(subject, from, null)), from, Map.of(), 0));
    }
}
