package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Limit;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;

class BatchWriterTest {
    private static final TopicPartition VALID_0 = new TopicPartition("lifelog.readings.valid", 0);
    private static final TopicPartition QUARANTINED_3 = new TopicPartition("lifelog.readings.quarantined", 3);

    private final SinkDatabase database = new SinkDatabase("writer");
    private final Catalogue catalogue = Catalogue.load();
    private final BatchWriter writer = new BatchWriter(database.source(), catalogue, Centers.load(catalogue));
    private long offset;

    @BeforeEach
    void startAtOffsetZero() throws SQLException {
        new Offsets(database.source()).of(List.of(VALID_0), partition -> 0);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Batch batch(Reading... readings) {
        Batch batch = new Batch();
        List.of(readings).forEach(batch::add);
        batch.move(VALID_0, new Batch.Move(offset, ++offset));
        return batch;
    }

    @Test
    void readingIsStoredWithAllItsFields() throws SQLException {
        Reading reading = SinkRecords.reading("S-1", "2026-11-24T11:55:00.000007Z", 124.307571)
                .setMetric("glucose_smbg")
                .setAttributes("meal=fasting")
                .setSequence(311L)
                .setOffsetSeconds(32_400)
                .setSentValue(6.9)
                .setSentUnit("mmol/L")
                .setFlags(List.of("outside-usual-range"))
                .build();

        BatchWriter.Result result = writer.write(batch(reading));

        assertThat(result.stored()).isEqualTo(Map.of("isens", 1L));
        assertThat(database.query(
                        "SELECT center, subject, device, metric, attributes, time AT TIME ZONE 'UTC', end_time,"
                                + " value, unit, flags, received_at AT TIME ZONE 'UTC', sequence, sent_value, sent_unit,"
                                + " offset_seconds FROM v_reading"))
                .containsExactly("isens|S-1|cgm-1|glucose_smbg|meal=fasting|2026-11-24 11:55:00.000007|null|124.307571|"
                        + "mg/dL|{outside-usual-range}|2026-11-24 12:00:00.123456|311|6.9|mmol/L|32400");
    }

    @Test
    void intervalKeepsItsEnd() throws SQLException {
        writer.write(batch(SinkRecords.reading("S-1", "2026-11-24T11:00:00Z", 412)
                .setMetric("steps")
                .setUnit("{steps}")
                .setEnd(Instant.parse("2026-11-24T11:15:00Z"))
                .build()));

        assertThat(database.query("SELECT value, end_time - time, unit FROM v_reading"))
                .containsExactly("412|00:15:00|{steps}");
    }

    @Test
    void sameReadingTwiceIsOneRowAndCounted() throws SQLException {
        Reading reading =
                SinkRecords.reading("S-1", "2026-11-24T11:55:00Z", 112).build();
        writer.write(batch(reading, reading));
        BatchWriter.Result again = writer.write(batch(reading));

        assertThat(again.alreadyStored()).isEqualTo(Map.of("isens", 1L));
        assertThat(database.query("SELECT count(*) FROM reading")).containsExactly("1");
        assertThat(database.query("SELECT center, already_stored FROM sink_ledger"))
                .containsExactly("isens|2");
    }

    private static Reading reading(String time, double value, ReadingStatus status, String... flags) {
        return SinkRecords.reading("S-1", time, value)
                .setStatus(status)
                .setFlags(List.of(flags))
                .build();
    }

    @Test
    void aCorrectionReplacesTheValueAndAWithdrawalDeletesTheRow() throws SQLException {
        writer.write(batch(
                reading("2026-11-24T11:50:00Z", 110, ReadingStatus.FINAL),
                reading("2026-11-24T11:55:00Z", 112, ReadingStatus.FINAL)));
        BatchWriter.Result result = writer.write(batch(
                reading("2026-11-24T11:50:00Z", 111, ReadingStatus.CORRECTED, "corrected"),
                reading("2026-11-24T11:55:00Z", 0, ReadingStatus.WITHDRAWN)));

        assertThat(result.stored()).isEqualTo(Map.of("isens", -1L));
        assertThat(result.alreadyStored()).isEmpty();
        assertThat(database.query("SELECT value, flags FROM v_reading")).containsExactly("111|{corrected}");
        assertThat(database.query("SELECT * FROM sink_ledger")).isEmpty();
    }

    @Test
    void theLastRecordOfAReadingInABatchCounts() throws SQLException {
        BatchWriter.Result result = writer.write(batch(
                reading("2026-11-24T11:50:00Z", 110, ReadingStatus.FINAL),
                reading("2026-11-24T11:50:00Z", 111, ReadingStatus.CORRECTED, "corrected"),
                reading("2026-11-24T11:50:00Z", 112, ReadingStatus.CORRECTED, "corrected"),
                reading("2026-11-24T11:55:00Z", 113, ReadingStatus.FINAL),
                reading("2026-11-24T11:55:00Z", 0, ReadingStatus.WITHDRAWN),
                reading("2026-11-24T11:56:00Z", 0, ReadingStatus.WITHDRAWN),
                reading("2026-11-24T11:56:00Z", 114, ReadingStatus.CORRECTED)));

        assertThat(database.query("SELECT value FROM v_reading ORDER BY time")).containsExactly("112", "114");
        // The streams counted 110, 113 and 114 as valid and took 113 and 114 back again, of which 114 was not there.
        assertThat(result.stored()).isEqualTo(Map.of("isens", 2L));
        assertThat(database.query("SELECT already_stored FROM sink_ledger")).containsExactly("-1");
    }

    @Test
    void whatComesAfterItsOwnWithdrawalIsStored() throws SQLException {
        writer.write(batch(
                reading("2026-11-24T11:50:00Z", 110, ReadingStatus.FINAL),
                reading("2026-11-24T11:51:00Z", 111, ReadingStatus.FINAL)));
        writer.write(batch(reading("2026-11-24T11:50:00Z", 0, ReadingStatus.WITHDRAWN)));
        BatchWriter.Result result = writer.write(batch(
                reading("2026-11-24T11:50:00Z", 120, ReadingStatus.FINAL),
                reading("2026-11-24T11:51:00Z", 0, ReadingStatus.WITHDRAWN),
                reading("2026-11-24T11:51:00Z", 121, ReadingStatus.FINAL),
                reading("2026-11-24T11:52:00Z", 112, ReadingStatus.FINAL),
                reading("2026-11-24T11:52:00Z", 0, ReadingStatus.WITHDRAWN),
                reading("2026-11-24T11:52:00Z", 122, ReadingStatus.FINAL),
                reading("2026-11-24T11:52:00Z", 122, ReadingStatus.FINAL),
                reading("2026-11-24T11:53:00Z", 113, ReadingStatus.FINAL),
                reading("2026-11-24T11:53:00Z", 0, ReadingStatus.WITHDRAWN),
                reading("2026-11-24T11:53:00Z", 123, ReadingStatus.FINAL),
                reading("2026-11-24T11:53:00Z", 0, ReadingStatus.WITHDRAWN)));

        assertThat(database.query("SELECT value, flags FROM v_reading ORDER BY time"))
                .containsExactly("120|{}", "121|{}", "122|{}");
        assertThat(result.stored()).isEqualTo(Map.of("isens", 2L));
        // Only the second 122 was there already.
        assertThat(database.query("SELECT already_stored FROM sink_ledger")).containsExactly("1");
    }

    @Test
    void oldReadingsThatAreCorrectedOrWithdrawnBringTheirWindowsIntoLine() throws SQLException {
        writer.write(batch(
                reading("2015-06-06T21:50:00Z", 100, ReadingStatus.FINAL, "late"),
                reading("2015-06-06T21:55:00Z", 104, ReadingStatus.FINAL, "late"),
                reading("2015-06-07T21:55:00Z", 90, ReadingStatus.FINAL, "late")));
        writer.write(batch(
                reading("2015-06-06T21:55:00Z", 102, ReadingStatus.CORRECTED, "late"),
                reading("2015-06-07T21:55:00Z", 0, ReadingStatus.WITHDRAWN, "late"),
                reading("2015-06-08T21:55:00Z", 0, ReadingStatus.WITHDRAWN, "late")));

        assertThat(database.query("SELECT time AT TIME ZONE 'UTC', n, sum, max FROM v_aggregate_1h"))
                .containsExactly("2015-06-06 21:00:00|2|202|102");
        assertThat(database.query("SELECT count(*) FROM v_aggregate_1d")).containsExactly("1");
        // One correction found its row, which counts 1, and one withdrawal found none, which counts -1.
        assertThat(database.query("SELECT * FROM sink_ledger")).isEmpty();
    }

    @Test
    void aWindowWithoutReadingsIsDeletedUnlessANewerOneIsThere() throws SQLException {
        Batch first = batch();
        first.add(SinkRecords.hour("S-1", "2026-11-24T10:00:00Z", 2, 200, 2).build());
        first.add(SinkRecords.hour("S-1", "2026-11-24T11:00:00Z", 3, 330, 3).build());
        writer.write(first);
        Batch empty = batch();
        empty.add(SinkRecords.hour("S-1", "2026-11-24T10:00:00Z", 0, Double.NaN, 3)
                .setBands(List.of(0L, 0L, 0L, 0L, 0L))
                .build());
        empty.add(SinkRecords.hour("S-1", "2026-11-24T11:00:00Z", 0, Double.NaN, 2)
                .setBands(List.of(0L, 0L, 0L, 0L, 0L))
                .build());
        writer.write(empty);

        assertThat(database.query("SELECT n FROM v_aggregate_1h")).containsExactly("3");
    }

    @Test
    void twoDevicesAndTwoSequencesInOneInstantAreFourRows() throws SQLException {
        Reading one = SinkRecords.reading("S-1", "2026-11-24T11:55:00Z", 112).build();
        writer.write(batch(
                one,
                Reading.newBuilder(one).setDevice("cgm-2").build(),
                Reading.newBuilder(one).setSequence(0L).build(),
                Reading.newBuilder(one).setSequence(1L).build()));

        assertThat(database.query("SELECT count(*) FROM reading")).containsExactly("4");
    }

    @Test
    void olderStateOfAWindowNeverOverwritesANewerOne() throws SQLException {
        Batch first = batch();
        first.add(SinkRecords.hour("S-1", "2026-11-24T11:00:00Z", 2, 200, 2).build());
        first.add(SinkRecords.hour("S-1", "2026-11-24T11:00:00Z", 3, 330, 3).build());
        writer.write(first);
        Batch late = batch();
        late.add(SinkRecords.hour("S-1", "2026-11-24T11:00:00Z", 1, 90, 1).build());
        late.add(SinkRecords.hour("S-1", "2026-11-24T10:00:00Z", 1, 90, 1).build());
        writer.write(late);

        assertThat(database.query("SELECT extract(hour FROM time AT TIME ZONE 'UTC'), n, sum, mean, sd, bands"
                        + " FROM v_aggregate_1h ORDER BY time"))
                .containsExactly("10|1|90|90|null|{1,0,0,0,0}", "11|3|330|110|1.5|{1,0,2,0,0}");
        assertThat(database.query("SELECT count(*) FROM v_aggregate_1m")).containsExactly("0");
    }

    @Test
    void windowsOfLateReadingsAreComputedFromTheStoredRows() throws SQLException {
        List<String> late = List.of("late");
        writer.write(batch(
                SinkRecords.reading("S-1", "2015-06-06T21:50:27Z", 153)
                        .setFlags(late)
                        .build(),
                SinkRecords.reading("S-1", "2015-06-06T21:55:27Z", 53)
                        .setFlags(late)
                        .build()));
        // The second batch comes back to the same windows, with one reading that is known.
        writer.write(batch(
                SinkRecords.reading("S-1", "2015-06-06T21:50:27Z", 153)
                        .setFlags(late)
                        .build(),
                SinkRecords.reading("S-1", "2015-06-06T14:59:00Z", 180)
                        .setFlags(late)
                        .build(),
                SinkRecords.reading("S-1", "2015-06-06T21:45:27Z", 70)
                        .setFlags(late)
                        .build()));

        assertThat(database.query("SELECT time AT TIME ZONE 'UTC', n, sum, min, max, first, last,"
                        + " round(sd::numeric, 6), bands FROM v_aggregate_1h ORDER BY time"))
                .containsExactly(
                        "2015-06-06 14:00:00|1|180|180|180|180|180|null|{0,0,1,0,0}",
                        "2015-06-06 21:00:00|3|276|53|153|70|53|53.507009|{1,0,2,0,0}");
        // Days of Seoul: 15:00 UTC to 15:00 UTC.
        assertThat(database.query("SELECT time AT TIME ZONE 'UTC', n FROM v_aggregate_1d ORDER BY time"))
                .containsExactly("2015-06-05 15:00:00|1", "2015-06-06 15:00:00|3");
        assertThat(database.query("SELECT count(*) FROM v_aggregate_1m")).containsExactly("4");
    }

    private static Reading.Builder steps(String device, String from, String to, double value, int priority) {
        return SinkRecords.reading("S-1", "2015-06-06T" + from + ":00Z", value)
                .setDevice(device)
                .setMetric("steps")
                .setUnit("{steps}")
                .setEnd(Instant.parse("2015-06-06T" + to + ":00Z"))
                .setPriority(priority)
                .setFlags(List.of("late"));
    }

    private List<String> hours() throws SQLException {
        return database.query(
                "SELECT extract(hour FROM time AT TIME ZONE 'UTC'), n, sum, max FROM v_aggregate_1h ORDER BY time");
    }

    @Test
    void lateAmountsOfSeveralDevicesAreCountedOnce() throws SQLException {
        writer.write(batch(
                steps("phone", "01:00", "01:30", 300, 0).build(),
                steps("phone", "02:00", "03:00", 60, 0).build(),
                steps("phone", "05:00", "05:10", 10, 0).build()));
        assertThat(hours()).containsExactly("1|1|300|300", "2|1|60|60", "5|1|10|10");

        // Reaches from another hour into those of the phone, and covers one of them.
        writer.write(batch(
                steps("watch", "00:50", "01:10", 200, 5).build(),
                steps("watch", "02:15", "02:30", 20, 5).build(),
                steps("ring", "02:20", "02:45", 25, 7).build(),
                steps("watch", "04:55", "05:15", 40, 5).build()));
        assertThat(hours())
                .containsExactly("0|1|200|200", "1|1|200|200", "2|3|" + (30 + 20 / 3.0 + 25) + "|30", "4|1|40|40");
        assertThat(database.query("SELECT n, sum FROM v_aggregate_1d"))
                .singleElement()
                .satisfies(day -> assertThat(day).startsWith("6|"));
        assertThat(database.query("SELECT device, priority FROM v_reading WHERE value = 25"))
                .containsExactly("ring|7");

        writer.write(batch(
                steps("watch", "04:55", "05:15", 0, 5)
                        .setEnd(null)
                        .setStatus(ReadingStatus.WITHDRAWN)
                        .build(),
                steps("watch", "00:50", "01:05", 150, 5)
                        .setStatus(ReadingStatus.CORRECTED)
                        .build(),
                steps("ring", "02:20", "02:45", 0, 7)
                        .setStatus(ReadingStatus.WITHDRAWN)
                        .build()));
        assertThat(hours()).containsExactly("0|1|150|150", "1|1|250|250", "2|2|65|45", "5|1|10|10");
    }

    @Test
    void ofEqualPrioritiesTheSmallerCodeGoesFirstInLateWindowsToo() throws SQLException {
        writer.write(batch(
                steps("b", "01:00", "01:10", 100, 0).build(),
                steps("a", "01:05", "01:15", 70, 0).build(),
                steps("B", "01:09", "01:11", 6, 0).build()));

        assertThat(hours()).containsExactly("1|3|112|56");
    }

    @Test
    void aReadingThatIsNotLateTakesItsTimeFromALateOne() throws SQLException {
        String day = "2026-10-20T";
        Reading late = steps("phone", "01:00", "01:30", 60, 0)
                .setTime(Instant.parse(day + "14:00:00Z"))
                .setEnd(Instant.parse(day + "16:00:00Z"))
                .build();
        Reading current = Reading.newBuilder(late)
                .setDevice("watch")
                .setPriority(1)
                .setTime(Instant.parse(day + "15:00:00Z"))
                .setFlags(List.of())
                .build();
        writer.write(batch(late));
        writer.write(batch(current));

        // The windows of the current one are the streams'.
        assertThat(hours()).containsExactly("14|1|30|30");
    }

    @Test
    void soundOfLateReadingsIsAveragedByEnergy() throws SQLException {
        writer.write(batch(noise("2015-06-06T21:00:00Z", 60), noise("2015-06-06T21:10:00Z", 80)));

        assertThat(database.query("SELECT round(mean::numeric, 9), bands FROM v_aggregate_1h"))
                .containsExactly("77.032913781|{2,0}");
    }

    private static Reading noise(String time, double value) {
        return SinkRecords.reading("site-1", time, value)
                .setCenter("kweather")
                .setMetric("noise")
                .setUnit("dB[SPL]")
                .setFlags(List.of("late"))
                .build();
    }

    @Test
    void quarantinedReadingIsStoredOnceWithItsReasons() throws SQLException {
        QuarantinedReading quarantined = QuarantinedReading.newBuilder()
                .setCenter("isens")
                .setSubject("S-1")
                .setDevice("cgm-1")
                .setVendor("isens-vendor")
                .setReading(SinkRecords.reading("S-1", "2026-11-24T11:55:00Z", Double.NaN)
                        .setLimit(Limit.HIGH)
                        .build())
                .setReasons(List.of("impossible-value", "future-time"))
                .setDetail("It's no value.")
                .setReceivedAt(SinkRecords.RECEIVED)
                .setQuarantinedAt(SinkRecords.RECEIVED)
                .build();
        QuarantinedReading raw = QuarantinedReading.newBuilder()
                .setCenter("isens")
                .setRaw(ByteBuffer.wrap(new byte[] {0, (byte) 0xff, '{'}))
                .setReasons(List.of("malformed"))
                .setReceivedAt(SinkRecords.RECEIVED)
                .setQuarantinedAt(SinkRecords.RECEIVED)
                .build();
        for (int i = 0; i < 2; i++) {
            Batch batch = batch();
            batch.add(new Batch.Quarantined(QUARANTINED_3, 7, quarantined));
            batch.add(new Batch.Quarantined(QUARANTINED_3, 8, raw));
            writer.write(batch);
        }

        assertThat(database.query(
                        "SELECT subject, metric, value, reasons, detail, encode(raw, 'hex') FROM v_quarantined"
                                + " ORDER BY subject NULLS LAST"))
                .containsExactly(
                        "S-1|glucose_cgm|NaN|{impossible-value,future-time}|It's no value.|null",
                        "null|null|null|{malformed}|null|00ff7b");
    }

    @Test
    void batchOfALostPartitionWritesNothing() throws SQLException {
        Batch stale =
                batch(SinkRecords.reading("S-1", "2026-11-24T11:55:00Z", 112).build());
        database.execute("UPDATE sink_offset SET next_offset = 42");

        assertThatThrownBy(() -> writer.write(stale)).isInstanceOf(PartitionTakenException.class);
        assertThat(database.query("SELECT count(*) FROM reading")).containsExactly("0");
        assertThat(database.query("SELECT next_offset FROM sink_offset")).containsExactly("42");
    }

    @Test
    void rowsAndOffsetsMoveTogether() throws SQLException {
        writer.write(
                batch(SinkRecords.reading("S-1", "2026-11-24T11:55:00Z", 112).build()));
        assertThat(database.query("SELECT topic, partition, next_offset FROM sink_offset"))
                .containsExactly("lifelog.readings.valid|0|1");

        Batch broken =
                batch(SinkRecords.reading("S-1", "2026-11-24T11:56:00Z", 112).build());
        broken.add(SinkRecords.hour("S-1", "2026-11-24T11:00:00Z", 1, 90, 1)
                .setMetric("unheard-of")
                .build());
        assertThatThrownBy(() -> writer.write(broken)).hasMessageContaining("catalogue");
        assertThat(database.query("SELECT count(*) FROM reading")).containsExactly("1");
        assertThat(database.query("SELECT next_offset FROM sink_offset")).containsExactly("1");
    }
}
