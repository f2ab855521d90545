package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;

class SeenReadingsTest {
    private final Reading reading =
            Readings.glucose("2026-11-24T11:55:00.000001Z", 112).build();

    @Test
    void readingIsRecognisedAfterItWasStored() {
        SeenReadings seen = SeenReadings.of(
                SeenReadings.of(null).with(reading, Readings.RECEIVED).stored());

        assertThat(SeenReadings.of(null).match(reading)).isEqualTo(SeenReadings.Match.NEW);
        assertThat(seen.match(reading)).isEqualTo(SeenReadings.Match.SAME);
    }

    @Test
    void otherValueAtTheSameInstantIsAConflict() {
        SeenReadings seen = SeenReadings.of(null).with(reading, Readings.RECEIVED);

        assertThat(seen.match(Reading.newBuilder(reading).setValue(113).build()))
                .isEqualTo(SeenReadings.Match.CONFLICT);
        assertThat(seen.match(Reading.newBuilder(reading)
                        .setEnd(Instant.parse("2026-11-24T11:56:00Z"))
                        .build()))
                .isEqualTo(SeenReadings.Match.CONFLICT);
    }

    @Test
    void otherMicrosecondOrSequenceIsAnotherReading() {
        SeenReadings seen = SeenReadings.of(null).with(reading, Readings.RECEIVED);

        assertThat(seen.match(
                        Readings.glucose("2026-11-24T11:55:00.000002Z", 112).build()))
                .isEqualTo(SeenReadings.Match.NEW);
        assertThat(seen.match(Reading.newBuilder(reading).setSequence(0L).build()))
                .isEqualTo(SeenReadings.Match.NEW);
    }

    @Test
    void lastMicrosecondOfAnHourFits() {
        Reading last = Readings.glucose("2026-11-24T11:59:59.999999Z", 112).build();

        assertThat(SeenReadings.of(null)
                        .with(reading, Readings.RECEIVED)
                        .with(last, Readings.RECEIVED)
                        .match(last))
                .isEqualTo(SeenReadings.Match.SAME);
    }

    @Test
    void keyTellsSeriesDeviceAndHourApart() {
        String key = SeenReadings.key(reading);

        assertThat(SeenReadings.key(Readings.glucose("2026-11-24T11:00:00Z", 90).build()))
                .isEqualTo(key);
        assertThat(SeenReadings.key(Readings.glucose("2026-11-24T12:00:00Z", 90).build()))
                .isNotEqualTo(key);
        assertThat(SeenReadings.key(
                        Reading.newBuilder(reading).setDevice("cgm-2").build()))
                .isNotEqualTo(key);
        assertThat(SeenReadings.key(
                        Reading.newBuilder(reading).setAttributes("meal=after").build()))
                .isNotEqualTo(key);
        assertThat(SeenReadings.key(Readings.glucose("1969-12-31T23:30:00Z", 90).build()))
                .isNotEqualTo(SeenReadings.key(
                        Readings.glucose("1970-01-01T00:30:00Z", 90).build()));
    }

    @Test
    void knowsWhenItWasLastAddedTo() {
        assertThat(SeenReadings.of(null).with(reading, Readings.RECEIVED).lastAddedTo())
                .isEqualTo(Readings.RECEIVED);
    }
}
