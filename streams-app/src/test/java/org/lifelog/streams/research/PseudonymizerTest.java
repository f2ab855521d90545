package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ResearchAggregate;
import org.lifelog.avro.ResearchReading;
import org.lifelog.avro.ResearchStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.registry.TrustedClasses;

class PseudonymizerTest {
    static {
        TrustedClasses.trust();
    }

    private static final Instant TIME = Instant.parse("2026-11-23T22:31:05.000001Z");
    private static final Instant RECEIVED = Instant.parse("2026-11-23T22:31:07.654321Z");
    private static final long SEQUENCE = 8_642_097_531L;
    private static final Duration WEEK = Duration.ofDays(7);

    private final Centers centers = Centers.load(Catalogue.load());
    private final KnownDevices devices = new KnownDevices();

    private Pseudonymizer pseudonymizer(Release release) {
        return pseudonymizer(release, centers);
    }

    private Pseudonymizer pseudonymizer(Release release, Centers centers) {
        Map<String, Release> releases = Map.of(release.center(), release);
        DeviceModels models = new DeviceModels(releases);
        models.count(devices, RECEIVED);
        return new Pseudonymizer(releases, centers, devices, models);
    }

    private static Reading.Builder reading() {
        return Reading.newBuilder()
                .setCenter("isens")
                .setSubject("S-0042")
                .setDevice("caresens-8F31")
                .setVendor("isens-vendor")
                .setMetric("glucose_smbg")
                .setAttributes("meal=fasting")
                .setValue(115.31)
                .setUnit("mg/dL")
                .setLimit(Limit.NONE)
                .setTime(TIME)
                .setEnd(TIME.plusSeconds(60))
                .setOffsetSeconds(32_400)
                .setSequence(SEQUENCE)
                .setReceivedAt(RECEIVED)
                .setFlags(List.of("outside-usual-range"))
                .setSentValue(6.4)
                .setSentUnit("mmol/L");
    }

    private static Aggregate.Builder day(Instant start, Instant end) {
        return Aggregate.newBuilder()
                .setCenter("isens")
                .setSubject("S-0042")
                .setMetric("glucose_smbg")
                .setAttributes("meal=fasting")
                .setUnit("mg/dL")
                .setWindow(WindowSize.DAY)
                .setTime(start)
                .setEnd(end)
                .setN(3)
                .setSum(301)
                .setMean(100.5)
                .setMin(90)
                .setMax(111)
                .setFirst(91)
                .setLast(110)
                .setSd(1.5)
                .setBands(List.of(0L, 3L, 0L))
                .setVersion(7);
    }

    @Test
    void aReadingIsToldUnderPseudonyms() {
        devices.add("isens", "caresens-8F31", "i-SENS", "CareSens N", "S-0042");
        devices.add("isens", "caresens-0001", "i-SENS", "CareSens N", "S-0043");

        assertThat(pseudonymizer(Releases.of("isens", "r1", 26)).of(reading().build()))
                .contains(ResearchReading.newBuilder()
                        .setRelease("r1")
                        .setCenter("isens")
                        .setPseudonym("51tme9rtdGMXZak-WqKCBg")
                        .setDevicePseudonym("6lUDlhJBy54Wp1nlVvb4Jg")
                        .setManufacturer("i-SENS")
                        .setModel("CareSens N")
                        .setMetric("glucose_smbg")
                        .setAttributes("meal=fasting")
                        .setValue(115.31)
                        .setUnit("mg/dL")
                        .setLimit(Limit.NONE)
                        .setStatus(ResearchStatus.FINAL)
                        .setTime(TIME.minus(WEEK.multipliedBy(22)))
                        .setEnd(TIME.minus(WEEK.multipliedBy(22)).plusSeconds(60))
                        .setOffsetSeconds(32_400)
                        .setSequenceTag(
                                new Pseudonyms(Releases.of("isens", "r1", 0)).sequenceTag("caresens-8F31", SEQUENCE))
                        .setFlags(List.of("outside-usual-range"))
                        .setSentValue(6.4)
                        .setSentUnit("mmol/L")
                        .build());
    }

    @Test
    void aReadingWithoutTheOptionalFieldsHasNone() {
        ResearchReading research = pseudonymizer(Releases.of("isens", "r1", 0))
                .of(reading()
                        .setEnd(null)
                        .setOffsetSeconds(null)
                        .setSequence(null)
                        .setSentValue(null)
                        .setSentUnit(null)
                        .build())
                .orElseThrow();
        assertThat(research.getTime()).isEqualTo(TIME);
        assertThat(research.getEnd()).isNull();
        assertThat(research.getOffsetSeconds()).isNull();
        assertThat(research.getSequenceTag()).isNull();
        assertThat(research.getModel()).isNull();
        assertThat(research.getManufacturer()).isNull();
    }

    @Test
    void anAggregateIsToldUnderThePseudonymOfTheReadings() {
        Instant start = Instant.parse("2026-11-23T15:00:00Z");
        assertThat(pseudonymizer(Releases.of("isens", "r1", 26))
                        .of(day(start, start.plus(Duration.ofDays(1))).build()))
                .contains(new ResearchAggregate(
                        "r1",
                        "isens",
                        "51tme9rtdGMXZak-WqKCBg",
                        "glucose_smbg",
                        "meal=fasting",
                        "mg/dL",
                        WindowSize.DAY,
                        start.minus(WEEK.multipliedBy(22)),
                        start.minus(WEEK.multipliedBy(22)).plus(Duration.ofDays(1)),
                        3L,
                        301d,
                        100.5,
                        90d,
                        111d,
                        91d,
                        110d,
                        1.5,
                        List.of(0L, 3L, 0L),
                        7L));
    }

    /** S-0042 goes back by 22 weeks: from the day of 25 hours in October to an ordinary one in May. */
    @Test
    void daysStayDaysAndHoursStayHoursWhereTheClockChanges(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("centers.yaml"),
                "centers:\n- {code: isens, name: Lab, name_ko: 검사실, zone: Europe/Berlin, metrics: [glucose_smbg]}");
        Pseudonymizer berlin = pseudonymizer(Releases.of("isens", "r1", 26), Centers.load(file, Catalogue.load()));

        ResearchAggregate day = berlin.of(
                        day(Instant.parse("2026-10-24T22:00:00Z"), Instant.parse("2026-10-25T23:00:00Z"))
                                .build())
                .orElseThrow();
        assertThat(day.getTime()).isEqualTo(Instant.parse("2026-05-23T22:00:00Z"));
        assertThat(day.getEnd()).isEqualTo(Instant.parse("2026-05-24T22:00:00Z"));

        ResearchAggregate hour = berlin.of(
                        day(Instant.parse("2026-11-24T06:00:00Z"), Instant.parse("2026-11-24T07:00:00Z"))
                                .setWindow(WindowSize.HOUR)
                                .build())
                .orElseThrow();
        assertThat(hour.getTime()).isEqualTo(Instant.parse("2026-06-23T05:00:00Z"));
        assertThat(hour.getEnd()).isEqualTo(Instant.parse("2026-06-23T06:00:00Z"));

        ResearchReading reading = berlin.of(reading()
                        .setTime(Instant.parse("2026-11-24T06:31:00Z"))
                        .setEnd(Instant.parse("2026-11-24T09:31:00Z"))
                        .setOffsetSeconds(3_600)
                        .build())
                .orElseThrow();
        assertThat(reading.getTime()).isEqualTo(Instant.parse("2026-06-23T05:31:00Z"));
        assertThat(Duration.between(reading.getTime(), reading.getEnd())).isEqualTo(Duration.ofHours(3));
        assertThat(reading.getOffsetSeconds()).isEqualTo(7_200);
    }

    @Test
    void nothingOfTheOriginalIsInTheRecord() throws IOException {
        devices.add("isens", "caresens-8F31", "Kim", "Kim's own meter", "S-0042");
        Pseudonymizer pseudonymizer = pseudonymizer(Releases.of("isens", "r1", 26));
        ResearchReading reading = pseudonymizer.of(reading().build()).orElseThrow();
        Instant start = Instant.parse("2026-11-23T15:00:00Z");
        ResearchAggregate aggregate = pseudonymizer
                .of(day(start, start.plus(Duration.ofDays(1))).build())
                .orElseThrow();
        for (SpecificRecord research : List.of(reading, aggregate)) {
            for (Schema.Field field : research.getSchema().getFields()) {
                assertThat(String.valueOf(research.get(field.pos())))
                        .as(field.name())
                        .doesNotContain(
                                "S-0042",
                                "8F31",
                                "vendor",
                                "Kim",
                                String.valueOf(SEQUENCE),
                                "2026-11-23",
                                "2026-11-24");
            }
            String bytes = latin1(encode(research));
            assertThat(bytes)
                    .doesNotContain("S-0042", "caresens", "8F31", "vendor", "Kim")
                    .doesNotContain(number(SEQUENCE), number(micros(RECEIVED)), number(micros(TIME)))
                    .doesNotContain(number(micros(start)));
            assertThat(bytes).as("the search finds what is there").contains("glucose_smbg", "51tme9rtdGMXZak-WqKCBg");
        }
        assertThat(latin1(encode(reading))).contains(number(micros(TIME.minus(WEEK.multipliedBy(22)))));
    }

    /** Who adds a field to a reading or an aggregate decides here whether it goes to research, and in which form. */
    @Test
    void everyFieldOfTheOriginalHasBeenDecidedAbout() {
        assertThat(Reading.getClassSchema().getFields())
                .extracting(Schema.Field::name)
                .isSubsetOf(
                        "center",
                        "subject", // pseudonym
                        "device", // pseudonym, and the model where it is common
                        "vendor", // left out
                        "metric",
                        "attributes",
                        "value",
                        "unit",
                        "limit",
                        "time", // shifted
                        "end", // shifted
                        "offsetSeconds", // that of the shifted time
                        "sequence", // tag
                        "receivedAt", // left out
                        "flags",
                        "sentValue",
                        "sentUnit",
                        "status",
                        "reported", // left out, the flags say it
                        "priority"); // left out, the aggregates have what counts
        assertThat(Aggregate.getClassSchema().getFields())
                .extracting(Schema.Field::name)
                .filteredOn(name -> !name.equals("subject"))
                .isSubsetOf(ResearchAggregate.getClassSchema().getFields().stream()
                        .map(Schema.Field::name)
                        .toList());
    }

    @Test
    void aCenterWithoutKeysHasNoResearchRecords() {
        Pseudonymizer pseudonymizer = pseudonymizer(Releases.of("goodoc", "r1", 26));
        assertThat(pseudonymizer.of(reading().build())).isEmpty();
        assertThat(pseudonymizer.of(day(TIME, TIME).build())).isEmpty();
    }

    @Test
    void aModelIsNamedWhenItHasBecomeCommon() {
        devices.add("isens", "caresens-8F31", "i-SENS", "CareSens N", "S-0042");
        Map<String, Release> releases = Map.of("isens", Releases.of("isens", "r1", 0));
        DeviceModels models = new DeviceModels(releases);
        Pseudonymizer pseudonymizer = new Pseudonymizer(releases, centers, devices, models);
        models.count(devices, RECEIVED);
        assertThat(pseudonymizer.of(reading().build()).orElseThrow().getModel()).isNull();

        devices.add("isens", "caresens-0001", "i-SENS", "CareSens N", "S-0043");
        assertThat(pseudonymizer.of(reading().build()).orElseThrow().getModel()).isNull();

        models.count(devices, RECEIVED.plus(DeviceModels.BETWEEN_COUNTS));
        assertThat(pseudonymizer.of(reading().build()).orElseThrow().getModel()).isEqualTo("CareSens N");
    }

    @Test
    void pseudonymsStayWhenMoreSubjectsPassThanAreRemembered() {
        Pseudonymizer pseudonymizer = pseudonymizer(Releases.of("isens", "r1", 26));
        ResearchReading first = pseudonymizer.of(reading().build()).orElseThrow();
        for (int i = 0; i <= RecentlyUsed.MOST; i++) {
            pseudonymizer.of(reading().setSubject("S-" + i).setDevice("d-" + i).build());
        }
        assertThat(pseudonymizer.of(reading().build())).contains(first);
    }

    private static byte[] encode(SpecificRecord record) throws IOException {
        ByteBuffer bytes =
                new BinaryMessageEncoder<SpecificRecord>(SpecificData.get(), record.getSchema()).encode(record);
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }

    /** A long as Avro writes it. */
    private static String number(long value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EncoderFactory.get().directBinaryEncoder(out, null).writeLong(value);
        return latin1(out.toByteArray());
    }
}
