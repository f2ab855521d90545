package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.TopologyDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.UnknownDevices;
import org.lifelog.streams.research.Releases;
import org.lifelog.streams.research.Research;

class LifelogTopologyTest {
    @TempDir
    private Path state;

    private TopologyFixture topology;

    @BeforeEach
    void start() {
        topology = new TopologyFixture(state, Readings.RECEIVED);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void validReadingGoesToValidAndToItsWindows() {
        topology.send(Readings.glucose("2026-11-24T11:55:30Z", 112).build());

        assertThat(topology.valid()).singleElement().satisfies(reading -> {
            assertThat(reading.getValue()).isEqualTo(112);
            assertThat(reading.getTime()).isEqualTo(Instant.parse("2026-11-24T11:55:30Z"));
        });
        assertThat(topology.windows(WindowSize.MINUTE).values()).singleElement().satisfies(window -> {
            assertThat(window.getTime()).isEqualTo(Instant.parse("2026-11-24T11:55:00Z"));
            assertThat(window.getEnd()).isEqualTo(Instant.parse("2026-11-24T11:56:00Z"));
            assertThat(window.getN()).isEqualTo(1);
            assertThat(window.getUnit()).isEqualTo("mg/dL");
            assertThat(window.getBands()).containsExactly(0L, 0L, 1L, 0L, 0L);
        });
    }

    @Test
    void dayIsADayOfTheCentersZone() {
        topology.send(Readings.glucose("2026-11-23T14:59:59Z", 100).build());
        topology.send(Readings.glucose("2026-11-23T15:00:00Z", 110).build());

        assertThat(topology.windows(WindowSize.DAY).values())
                .extracting(Aggregate::getTime, Aggregate::getEnd, Aggregate::getSum)
                .containsExactlyInAnyOrder(
                        tuple(Instant.parse("2026-11-22T15:00:00Z"), Instant.parse("2026-11-23T15:00:00Z"), 100.0),
                        tuple(Instant.parse("2026-11-23T15:00:00Z"), Instant.parse("2026-11-24T15:00:00Z"), 110.0));
    }

    @Test
    void duplicateChangesNothingAndIsCounted() {
        Reading reading = Readings.glucose("2026-11-24T11:55:00Z", 112).build();
        topology.send(reading);
        topology.valid();
        topology.windows(WindowSize.HOUR);

        topology.send(Reading.newBuilder(reading)
                .setReceivedAt(Readings.RECEIVED.plusSeconds(90))
                .setVendor("other")
                .build());

        assertThat(topology.valid()).isEmpty();
        assertThat(topology.windows(WindowSize.HOUR)).isEmpty();
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 2L, 1L, 1L, 0L, 0L, 0L, 0L, 0L, 0L));
    }

    @Test
    void conflictingDuplicateIsQuarantinedAndTheFirstStays() {
        topology.send(Readings.glucose("2026-11-24T11:55:00Z", 112).build());
        topology.send(Readings.glucose("2026-11-24T11:55:00Z", 113).build());

        assertThat(topology.valid()).extracting(Reading::getValue).containsExactly(112.0);
        assertThat(topology.quarantined().get("isens/S-1")).singleElement().satisfies(quarantined -> {
            assertThat(quarantined.getReasons()).containsExactly("conflicting-duplicate");
            assertThat(quarantined.getReading().getValue()).isEqualTo(113);
            assertThat(quarantined.getKnownValue()).isEqualTo(112);
        });
        assertThat(topology.windows(WindowSize.HOUR).values())
                .extracting(Aggregate::getSum)
                .containsExactly(112.0);
    }

    @Test
    void sameValueOfTwoDevicesInOneInstantIsTwoReadings() {
        topology.send(Readings.glucose("2026-11-24T11:55:00Z", 112).build());
        topology.send(
                Readings.glucose("2026-11-24T11:55:00Z", 112).setDevice("cgm-2").build());

        assertThat(topology.valid()).hasSize(2);
    }

    @Test
    void impossibleReadingIsKeptAsSentWithItsReason() {
        Reading sent = Readings.of("isens", "glucose_smbg", "mmol/L", "2026-11-24T11:55:00Z", 186)
                .build();
        topology.send(sent);

        assertThat(topology.valid()).isEmpty();
        assertThat(topology.quarantined().get("isens/S-1")).singleElement().satisfies(quarantined -> {
            assertThat(quarantined.getReading()).isEqualTo(sent);
            assertThat(quarantined.getReasons()).containsExactly("impossible-value");
            assertThat(quarantined.getVendor()).isEqualTo("isens-vendor");
            assertThat(quarantined.getQuarantinedAt()).isEqualTo(Readings.RECEIVED);
        });
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 1L, 0L, 0L, 1L, 0L, 0L, 0L, 0L, 0L));
    }

    @Test
    void poisonIsQuarantinedRawAndTheNextReadingGoesOn() {
        byte[] poison = "not avro".getBytes(StandardCharsets.UTF_8);
        topology.sendRaw("isens/S-1", poison);
        topology.sendRaw("isens/S-1", new byte[] {0, 0x7f, 0, 0, 0, 1, 2, 3});
        topology.sendRaw(null, poison);
        topology.send(Readings.glucose("2026-11-24T11:55:00Z", 112).build());

        Map<String, List<QuarantinedReading>> quarantined = topology.quarantined();
        assertThat(quarantined.get("isens/S-1"))
                .hasSize(2)
                .allSatisfy(one -> assertThat(one.getReasons()).containsExactly("undecodable"));
        assertThat(quarantined.get("isens/S-1").get(0).getRaw()).isEqualTo(ByteBuffer.wrap(poison));
        assertThat(quarantined.get(null)).hasSize(1);
        assertThat(topology.valid()).hasSize(1);
    }

    @Test
    void whatTheGatewayCouldNotReadIsPassedToQuarantine() {
        QuarantinedReading refused = QuarantinedReading.newBuilder()
                .setCenter("isens")
                .setDevice("cgm-1")
                .setRaw(ByteBuffer.wrap(new byte[] {'{'}))
                .setReasons(List.of("malformed"))
                .setReceivedAt(Readings.RECEIVED.minusSeconds(5))
                .setQuarantinedAt(Readings.RECEIVED.minusSeconds(5))
                .build();
        topology.send("isens/~cgm-1", refused);

        assertThat(topology.quarantined().get("isens/~cgm-1")).singleElement().satisfies(one -> {
            assertThat(one.getRaw()).isEqualTo(ByteBuffer.wrap(new byte[] {'{'}));
            assertThat(one.getReceivedAt()).isEqualTo(Readings.RECEIVED.minusSeconds(5));
            assertThat(one.getQuarantinedAt()).isEqualTo(Readings.RECEIVED);
        });
        assertThat(topology.ledger("isens").getQuarantined()).isEqualTo(1);
    }

    @Test
    void lateReadingIsStoredAndLeavesTheWindowsAlone() {
        topology.send(Readings.glucose("2015-06-06T21:50:27Z", 153).build());

        assertThat(topology.valid())
                .singleElement()
                .satisfies(reading -> assertThat(reading.getFlags()).containsExactly("late"));
        assertThat(topology.windows(WindowSize.HOUR)).isEmpty();
    }

    @Test
    void lateDuplicateIsRecognisedBesideLiveReadings() {
        Reading old = Readings.glucose("2015-06-06T21:50:27Z", 153).build();
        topology.send(Readings.glucose("2026-11-24T11:55:00Z", 112).build());
        topology.send(old);
        topology.send(Readings.glucose("2026-11-24T12:00:00Z", 113).build());
        topology.send(old);

        assertThat(topology.valid()).hasSize(3);
        assertThat(topology.ledger("isens")).isEqualTo(new LedgerEntry("isens", 0, 4L, 3L, 1L, 0L, 0L, 0L, 0L, 0L, 0L));
    }

    @Test
    void backfillWithinTheGraceUpdatesItsWindowInPlace() {
        topology.send(Readings.glucose("2026-11-24T11:55:00Z", 112).build());
        topology.send(Readings.glucose("2026-10-25T03:10:00Z", 90).build());
        topology.send(Readings.glucose("2026-10-25T03:20:00Z", 94).build());

        assertThat(topology.windows(WindowSize.HOUR).get("S-1 glucose_cgm 2026-10-25T03:00:00Z"))
                .satisfies(window -> {
                    assertThat(window.getN()).isEqualTo(2);
                    assertThat(window.getMean()).isEqualTo(92);
                    assertThat(window.getVersion()).isEqualTo(2);
                });
    }

    @Test
    void seenReadingsAreForgottenAfterTheGraceWithoutAddition() {
        Reading reading = Readings.glucose("2026-11-24T11:55:00Z", 112).build();
        topology.send(reading);
        topology.advance(Duration.ofDays(34));
        topology.send(reading);
        assertThat(topology.valid()).hasSize(1);

        topology.advance(Duration.ofDays(3));
        topology.send(reading);

        // The database knows it still; the sink counts it as a duplicate then.
        assertThat(topology.valid()).hasSize(1);
    }

    /** Local state and internal topics of installations go by these names and numbers. */
    @ParameterizedTest(name = "with research topics: {0}")
    @ValueSource(booleans = {false, true})
    void namesOfStateStay(boolean withResearch) {
        Catalogue catalogue = Catalogue.load();
        Centers centers = Centers.load(catalogue);
        TopologyDescription description = new LifelogTopology(
                        catalogue,
                        centers,
                        new DeviceCheck(centers, UnknownDevices.ACCEPT),
                        1,
                        new Judge(catalogue, centers, Duration.ZERO, Instant.EPOCH),
                        null,
                        null,
                        new SimpleMeterRegistry())
                .build(new Research(withResearch ? Map.of("isens", Releases.of("isens", "r1", 0)) : Map.of(), centers))
                .describe();

        assertThat(description.subtopologies()).singleElement().satisfies(readings -> {
            assertThat(readings.id()).isZero();
            assertThat(readings.nodes().stream()
                            .filter(TopologyDescription.Processor.class::isInstance)
                            .map(TopologyDescription.Processor.class::cast)
                            .flatMap(processor -> processor.stores().stream()))
                    .containsExactlyInAnyOrder(
                            "seen-readings",
                            "recent-readings",
                            "recent-readings",
                            "recent-readings",
                            "recent-readings",
                            "device-clocks",
                            "parked-readings",
                            "ledger",
                            "windows-minute",
                            "windows-hour",
                            "windows-day");
        });
        assertThat(description.globalStores()).hasSize(1);
    }
}
