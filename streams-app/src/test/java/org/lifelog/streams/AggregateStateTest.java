package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;
import org.lifelog.streams.history.Micros;

class AggregateStateTest {
    private final Catalogue catalogue = Catalogue.load();
    private final Metric glucose = catalogue.metric("glucose_cgm").orElseThrow();

    private static AggregateState of(Metric metric, List<Reading> readings) {
        AggregateState state = new AggregateState(metric);
        readings.forEach(reading -> state.add(Micros.of(reading.getTime()), reading.getValue(), metric));
        return state;
    }

    @Test
    void summarisesReadings() {
        AggregateState state = of(
                glucose,
                List.of(
                        Readings.glucose("2026-11-24T11:05:00Z", 54).build(),
                        Readings.glucose("2026-11-24T11:00:00Z", 180).build(),
                        Readings.glucose("2026-11-24T11:10:00Z", 53.9).build()));

        assertThat(state.n()).isEqualTo(3);
        assertThat(state.version()).isEqualTo(3);
        assertThat(state.sum()).isEqualTo(287.9, within(1e-12));
        assertThat(state.mean(glucose)).isEqualTo(287.9 / 3, within(1e-12));
        assertThat(state.min()).isEqualTo(53.9);
        assertThat(state.max()).isEqualTo(180);
        assertThat(state.first()).isEqualTo(180);
        assertThat(state.last()).isEqualTo(53.9);
        assertThat(state.sd()).isEqualTo(72.7750186, within(1e-6));
        // Below 54; from 54 below 70; 70 to 180; above 180 to 250; above 250.
        assertThat(state.bands()).containsExactly(1, 1, 1, 0, 0);
    }

    @Test
    void singleReadingHasNoDeviation() {
        assertThat(of(
                                glucose,
                                List.of(Readings.glucose("2026-11-24T11:05:00Z", 54)
                                        .build()))
                        .sd())
                .isNull();
    }

    @Test
    void soundIsAveragedByEnergy() {
        Metric noise = catalogue.metric("noise").orElseThrow();
        AggregateState state = of(
                noise,
                List.of(
                        Readings.of("kweather", "noise", "dB[SPL]", "2026-11-24T11:00:00Z", 60)
                                .build(),
                        Readings.of("kweather", "noise", "dB[SPL]", "2026-11-24T11:01:00Z", 80)
                                .build()));

        assertThat(state.mean(noise)).isEqualTo(10 * Math.log10((1e6 + 1e8) / 2), within(1e-9));
    }

    @Test
    void ofReadingsAtOneInstantTheSmallestIsFirstAndTheLargestLast() {
        List<Reading> readings = List.of(
                Readings.glucose("2026-11-24T11:00:00Z", 90).build(),
                Readings.glucose("2026-11-24T11:00:00Z", 80).build(),
                Readings.glucose("2026-11-24T11:00:00Z", 85).build());

        assertThat(of(glucose, readings).first()).isEqualTo(80);
        assertThat(of(glucose, readings).last()).isEqualTo(90);
    }

    @Test
    void storedStateIsTheSameState() {
        AggregateState state = of(
                glucose,
                List.of(
                        Readings.glucose("2026-11-24T11:05:00.000007Z", 54).build(),
                        Readings.glucose("2026-11-24T11:00:00Z", 180).build()));
        Serde<AggregateState> serde = AggregateState.serde();
        AggregateState copy =
                serde.deserializer().deserialize("t", serde.serializer().serialize("t", state));

        assertThat(copy).usingRecursiveComparison().isEqualTo(state);
        assertThat(serde.serializer().serialize("t", null)).isNull();
        assertThat(serde.deserializer().deserialize("t", null)).isNull();
    }

    @Property
    void orderDoesNotMatter(
            @ForAll @Size(min = 2, max = 60) List<@DoubleRange(min = 1, max = 1_000) Double> values,
            @ForAll long seed) {
        List<Reading> readings = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            readings.add(Readings.glucose(
                            Instant.parse("2026-11-24T11:00:00Z")
                                    .plusSeconds(i / 2)
                                    .toString(),
                            values.get(i))
                    .build());
        }
        AggregateState one = of(glucose, readings);
        Collections.shuffle(readings, new Random(seed));
        AggregateState other = of(glucose, readings);

        assertThat(other.sum()).isEqualTo(one.sum(), within(1e-9 * one.sum()));
        assertThat(other.sd()).isEqualTo(one.sd(), within(1e-8 * (1 + one.sd())));
        assertThat(other.first()).isEqualTo(one.first());
        assertThat(other.last()).isEqualTo(one.last());
        assertThat(other.bands()).isEqualTo(one.bands());
    }
}
