package org.lifelog.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Flag;

/** New readings are copied and known ones merged; both ways must store and count alike. */
class ReadingTableTest {
    private static final TopicPartition VALID_0 = new TopicPartition("lifelog.readings.valid", 0);
    private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

    private final SinkDatabase database = new SinkDatabase("readings");
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

    private BatchWriter.Result write(Reading... readings) throws SQLException {
        Batch batch = new Batch();
        List.of(readings).forEach(batch::add);
        batch.move(VALID_0, new Batch.Move(offset, ++offset));
        return writer.write(batch);
    }

    private static Reading reading(String center, int minute, double value) {
        return SinkRecords.reading("S-1", START.plus(Duration.ofMinutes(minute)).toString(), value)
                .setCenter(center)
                .build();
    }

    private List<String> values() throws SQLException {
        return database.query("SELECT center, extract(epoch FROM time - '" + START
                + "')::int / 60, value FROM v_reading ORDER BY 1, 2");
    }

    @Test
    void knownReadingsAmongNewOnesAreLeftAsTheyAreAndCounted() throws SQLException {
        assertThat(write(reading("isens", 1, 100), reading("kweather", 1, 5)).stored())
                .isEqualTo(Map.of("isens", 1L, "kweather", 1L));
        BatchWriter.Result result =
                write(reading("isens", 2, 102), reading("isens", 1, 999), reading("kweather", 2, 6));

        assertThat(result.stored()).isEqualTo(Map.of("isens", 1L, "kweather", 1L));
        assertThat(result.alreadyStored()).isEqualTo(Map.of("isens", 1L));
        assertThat(values()).containsExactly("isens|1|100", "isens|2|102", "kweather|1|5", "kweather|2|6");
        assertThat(database.query("SELECT center, already_stored FROM sink_ledger"))
                .containsExactly("isens|1");
    }

    @Test
    void afterKnownReadingsNewOnesAreStoredBothWays() throws SQLException {
        write(reading("isens", 0, 100));
        for (int minute = 1; minute <= 12; minute++) {
            // Every third batch has a known one.
            BatchWriter.Result result =
                    write(reading("isens", minute, 100 + minute), reading("isens", minute % 3 == 0 ? 0 : -minute, 90));
            assertThat(result.stored()).isEqualTo(Map.of("isens", minute % 3 == 0 ? 1L : 2L));
        }
        assertThat(database.query("SELECT count(*), min(value), max(value) FROM reading"))
                .containsExactly("21|90|112");
        assertThat(database.query("SELECT center, already_stored FROM sink_ledger"))
                .containsExactly("isens|4");
    }

    @Test
    void ofDuplicatesWithinABatchTheFirstIsStored() throws SQLException {
        BatchWriter.Result result = write(
                reading("isens", 2, 102),
                reading("isens", 1, 101),
                reading("isens", 1, 999),
                reading("isens", 2, 998),
                reading("isens", 1, 997));

        assertThat(result.stored()).isEqualTo(Map.of("isens", 2L));
        assertThat(result.alreadyStored()).isEqualTo(Map.of("isens", 3L));
        assertThat(values()).containsExactly("isens|1|101", "isens|2|102");
    }

    @Test
    void copiedAndMergedRowsAreTheSame() throws SQLException {
        Random random = new Random(20261124);
        List<Reading> copied = new ArrayList<>();
        List<Reading> merged = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Reading one = anyReading(i, random);
            copied.add(one);
            merged.add(Reading.newBuilder(one).setSubject("merged").build());
        }
        merged.add(copied.get(0));

        assertThat(write(copied.toArray(Reading[]::new)).stored()).isEqualTo(Map.of("isens", 500L));
        assertThat(write(merged.toArray(Reading[]::new)).stored()).isEqualTo(Map.of("isens", 500L));

        assertThat(rows("copied")).hasSize(500).isEqualTo(rows("merged")).isEqualTo(expected(copied));
    }

    /** With each field that may be missing there or not. */
    private static Reading anyReading(int i, Random random) {
        Instant time = START.plus(Duration.ofSeconds(i)).plusNanos(1_000L * random.nextInt(1_000_000));
        return SinkRecords.reading("copied", time.toString(), random.nextGaussian() * 1e3)
                .setDevice("device-" + random.nextInt(3))
                .setSequence(random.nextBoolean() ? random.nextLong(Long.MAX_VALUE) : null)
                .setEnd(random.nextBoolean() ? time.plusSeconds(1 + random.nextInt(100)) : null)
                .setReceivedAt(time.plusNanos(1_000L * random.nextInt()))
                .setSentValue(random.nextBoolean() ? random.nextDouble() : null)
                .setSentUnit(random.nextBoolean() ? "mmol/L, 단위 " + i : null)
                .setOffsetSeconds(random.nextBoolean() ? random.nextInt(100_000) - 50_000 : null)
                .setFlags(random.nextBoolean() ? List.of(Flag.values()[random.nextInt(3)].code()) : List.of())
                .setStatus(random.nextBoolean() ? ReadingStatus.FINAL : ReadingStatus.UNKNOWN)
                .setPriority(random.nextInt(101))
                .build();
    }

    private List<String> rows(String subject) throws SQLException {
        return database.query("SELECT " + micros("time") + ", device, sequence, " + bits("value") + ", "
                + micros("end_time") + ", " + micros("received_at") + ", " + bits("sent_value")
                + ", sent_unit, offset_seconds, flags, priority FROM v_reading"
                + " WHERE subject = '" + subject + "' ORDER BY time");
    }

    private static String micros(String column) {
        return "(extract(epoch FROM " + column + ") * 1000000)::bigint";
    }

    private static String bits(String column) {
        return "encode(float8send(" + column + "), 'hex')";
    }

    private static List<String> expected(List<Reading> readings) {
        return readings.stream()
                .map(r -> String.join(
                        "|",
                        ColumnArrays.micros(r.getTime()).toString(),
                        r.getDevice(),
                        String.valueOf(r.getSequence()),
                        bits(r.getValue()),
                        String.valueOf(ColumnArrays.micros(r.getEnd())),
                        ColumnArrays.micros(r.getReceivedAt()).toString(),
                        r.getSentValue() == null ? "null" : bits(r.getSentValue()),
                        String.valueOf(r.getSentUnit()),
                        String.valueOf(r.getOffsetSeconds()),
                        "{" + String.join(",", r.getFlags()) + "}",
                        String.valueOf(r.getPriority())))
                .toList();
    }

    private static String bits(double value) {
        return String.format("%016x", Double.doubleToRawLongBits(value));
    }
}
