package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Limit;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;

class QuarantineTableTest {
    private static final String TIME = "2026-11-24T11:55:00Z";
    private static final Instant RELEASED = SinkRecords.RECEIVED.plusSeconds(600);

    private final SinkDatabase database = new SinkDatabase("quarantine");

    @AfterEach
    void close() {
        database.close();
    }

    private void write(Batch.Quarantined... quarantined) throws SQLException {
        try (Connection connection = database.source().getConnection()) {
            QuarantineTable.write(connection, List.of(quarantined));
        }
    }

    private static Reading.Builder nobodys(double value) {
        return SinkRecords.reading("~cgm-1", TIME, value);
    }

    private static QuarantinedReading.Builder quarantined(Reading reading, String reason) {
        return QuarantinedReading.newBuilder()
                .setCenter(reading.getCenter())
                .setSubject(reading.getSubject().startsWith("~") ? null : reading.getSubject())
                .setDevice(reading.getDevice())
                .setVendor(reading.getVendor())
                .setReading(reading)
                .setReasons(List.of(reason))
                .setReceivedAt(SinkRecords.RECEIVED)
                .setQuarantinedAt(SinkRecords.RECEIVED);
    }

    private static TopicPartition partition(int number) {
        return new TopicPartition("lifelog.readings.quarantined", number);
    }

    private static Batch.Quarantined at(long offset, QuarantinedReading.Builder quarantined) {
        return new Batch.Quarantined(partition(2), offset, quarantined.build());
    }

    private static Batch.Quarantined release(long offset, QuarantinedReading.Builder quarantined) {
        return at(offset, quarantined.setReleasedAt(RELEASED));
    }

    /** The offsets of the rows that were released. */
    private List<String> released() throws SQLException {
        return database.query("SELECT source_offset FROM quarantined WHERE released_at IS NOT NULL ORDER BY 1");
    }

    @Test
    void releaseMarksTheRowOfItsReadingAndIsNoRow() throws SQLException {
        Reading reading = nobodys(112).build();
        write(
                at(1, quarantined(reading, "unassigned-device")),
                at(2, quarantined(nobodys(113).build(), "unassigned-device")));
        write(release(3, quarantined(reading, "unassigned-device")));

        assertThat(database.query(
                        "SELECT device, value, released_at AT TIME ZONE 'UTC' FROM v_quarantined ORDER BY value"))
                .containsExactly("cgm-1|112|2026-11-24 12:10:00.123456", "cgm-1|113|null");
    }

    @Test
    void timesOfAnyCenturyAreKept() throws SQLException {
        write(
                at(
                        1,
                        quarantined(
                                nobodys(1)
                                        .setTime(Instant.parse("0001-01-01T00:00:00Z"))
                                        .build(),
                                "ancient-time")),
                at(
                        2,
                        quarantined(
                                nobodys(2)
                                        .setTime(Instant.parse("9999-12-31T00:00:00Z"))
                                        .build(),
                                "future-time")));

        assertThat(database.query("SELECT time AT TIME ZONE 'UTC' FROM v_quarantined ORDER BY value"))
                .containsExactly("0001-01-01 00:00:00", "9999-12-31 00:00:00");
    }

    @Test
    void releaseInTheBatchOfItsRowMarksItToo() throws SQLException {
        Reading interval = nobodys(412)
                .setMetric("steps")
                .setAttributes("a=b")
                .setUnit("{steps}")
                .setEnd(Instant.parse("2026-11-24T12:00:00Z"))
                .build();
        write(
                at(1, quarantined(interval, "unassigned-device")),
                release(2, quarantined(interval, "unassigned-device")));

        assertThat(released()).containsExactly("1");
        assertThat(database.query("SELECT count(*) FROM quarantined")).containsExactly("1");
    }

    @Test
    void everyRowOfTheReadingBeforeTheReleaseIsMarkedAndNoLaterOneHoweverOftenItIsWritten() throws SQLException {
        Reading reading = nobodys(112).build();
        Batch.Quarantined release = release(3, quarantined(reading, "unknown-device"));
        // Sent twice, the second time after the device was registered.
        write(at(1, quarantined(reading, "unknown-device")), at(2, quarantined(reading, "unassigned-device")), release);
        write(at(4, quarantined(reading, "unassigned-device")));
        write(release);
        write(release(3, quarantined(reading, "unknown-device").setQuarantinedAt(RELEASED)));

        assertThat(released()).containsExactly("1", "2");
        assertThat(database.query("SELECT DISTINCT released_at AT TIME ZONE 'UTC' FROM quarantined"
                        + " WHERE released_at IS NOT NULL"))
                .containsExactly("2026-11-24 12:10:00.123456");
    }

    @Test
    void otherReadingsStayInQuarantine() throws SQLException {
        Reading reading = nobodys(112).build();
        write(
                at(1, quarantined(nobodys(112).setDevice("cgm-2").build(), "unassigned-device")),
                at(2, quarantined(nobodys(112).setSubject("S-1").build(), "unassigned-device")),
                at(3, quarantined(nobodys(112).setMetric("glucose_smbg").build(), "unassigned-device")),
                at(4, quarantined(nobodys(112).setAttributes("meal=fasting").build(), "unassigned-device")),
                at(5, quarantined(nobodys(112).setUnit("mmol/L").build(), "unassigned-device")),
                at(6, quarantined(nobodys(112).setEnd(RELEASED).build(), "unassigned-device")),
                at(7, quarantined(nobodys(112).setTime(RELEASED).build(), "unassigned-device")),
                at(8, quarantined(nobodys(112).setCenter("goodoc").build(), "unassigned-device")),
                at(9, quarantined(reading, "impossible-value")),
                new Batch.Quarantined(
                        partition(1),
                        1,
                        quarantined(reading, "unassigned-device").build()));

        write(release(10, quarantined(reading, "unassigned-device")));

        assertThat(released()).isEmpty();
    }

    @Test
    void readingAtALimitAndReadingOfANamedSubjectAreReleasedLikeAnyOther() throws SQLException {
        Reading low = nobodys(Double.NaN).setLimit(Limit.LOW).build();
        Reading named = SinkRecords.reading("S-1", TIME, 112).build();
        write(at(1, quarantined(low, "unassigned-device")), at(2, quarantined(named, "unknown-device")));

        write(release(3, quarantined(low, "unassigned-device")), release(4, quarantined(named, "unknown-device")));

        assertThat(released()).containsExactly("1", "2");
    }
}
