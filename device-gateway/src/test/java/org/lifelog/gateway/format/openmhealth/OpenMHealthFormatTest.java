package org.lifelog.gateway.format.openmhealth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.Format;
import org.lifelog.gateway.format.FormatFixture;

class OpenMHealthFormatTest {
    private static final String HEADER = """
            {"uuid": "0d1c6c31-88a5-4b28-9d0c-2d2a3c1f7f10", "schema_id": {"namespace": "omh", "name": "SCHEMA",
             "version": "4.0"}, "source_creation_date_time": "2026-11-24T09:00:00+09:00", "modality": "sensed",
             "acquisition_provenance": {"source_name": "Acme meter 3"}, "user_id": "S-31"}""";

    private static final String GLUCOSE = """
            {"blood_glucose": {"value": 6.1, "unit": "mmol/L"},
             "effective_time_frame": {"date_time": "2026-11-24T07:31:05+09:00"},
             "specimen_source": "capillary blood", "temporal_relationship_to_meal": "after lunch"}""";

    private static final String SLEEP = """
            {"effective_time_frame": {"time_interval": {"start_date_time": "2026-11-23T23:10:00+09:00",
             "duration": {"value": 7.5, "unit": "h"}}}, "total_sleep_time": {"value": 412, "unit": "min"},
             "latency_to_sleep_onset": {"value": 600, "unit": "sec"}, "number_of_awakenings": 2, "is_main_sleep": true,
             "sleep_maintenance_efficiency_percentage": {"value": 91.5, "unit": "%"}}""";

    private static final OpenMHealthFormat FORMATS = new OpenMHealthFormat(Catalogue.load());

    @Test
    void aDataPointNamesSchemaSubjectAndSource() {
        Decoded decoded = decode(point("blood-glucose", GLUCOSE));
        assertThat(decoded.refused()).isEmpty();
        assertThat(FormatFixture.readings(decoded))
                .containsExactly("S-31 Acme-meter-3 glucose_smbg[meal=after] 6.1 mmol/L 2026-11-23T22:31:05Z");
        assertThat(decoded.readings().get(0).getOffsetSeconds()).isEqualTo(32_400);
    }

    @Test
    void dataPointsComeAloneInAnArrayOrInAnObject() {
        String good = point("blood-glucose", GLUCOSE);
        String bad = good.replace("mmol/L", "mol");
        assertThat(FormatFixture.problems(decode("[" + good + "," + bad + ", 7, [], \"x\"]")))
                .containsExactly("1 unit-not-allowed", "2 not-an-object", "3 not-an-object", "4 not-an-object");
        Decoded decoded = decode("{\"data_points\": [" + bad + "," + good + "]}");
        assertThat(decoded.readings()).hasSize(1);
        assertThat(decoded.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.problem().index()).isZero();
            assertThat(new String(refused.raw())).isEqualTo(bad);
        });
        assertThat(new String(decode(" " + bad + "\n").refused().get(0).raw())).isEqualTo(bad);
    }

    @Test
    void aBodyAloneIsOfTheSchemaOfTheRequest() {
        assertThat(FormatFixture.readings(decodeBody("blood-glucose", GLUCOSE)))
                .containsExactly("S-9 d-9 glucose_smbg[meal=after] 6.1 mmol/L 2026-11-23T22:31:05Z");
        assertThat(FormatFixture.problems(decode(GLUCOSE))).containsExactly("0 missing-field");
        assertThat(FormatFixture.problems(decodeBody("blood-sugar", GLUCOSE))).containsExactly("0 unsupported-schema");
        assertThat(FormatFixture.problems(decodeBody("blood-glucose", "{}"))).containsExactly("0 missing-field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ambient-temperature | ambient_temperature | 75 | F | room_temp 75.0 [degF]",
                "body-fat-percentage | body_fat_percentage | 18.5 | % | body_fat_pct 18.5 %",
                "body-height | body_height | 171 | cm | height 171.0 cm",
                "body-height | body_height | 67 | in | height 67.0 [in_i]",
                "body-mass-index | body_mass_index | 22.5 | kg/m2 | bmi 22.5 kg/m2",
                "body-temperature | body_temperature | 36.6 | C | body_temp 36.6 Cel",
                "body-weight | body_weight | 140 | lb | weight 140.0 [lb_av]",
                "body-weight | body_weight | 64 | kg | weight 64.0 kg",
                "heart-rate | heart_rate | 61 | beats/min | heart_rate 61.0 /min",
                "oxygen-saturation | oxygen_saturation | 97 | % | spo2 97.0 %",
                "respiratory-rate | respiratory_rate | 14 | breaths/min | resp_rate 14.0 /min"
            })
    void aMeasureIsAReadingInUcum(String schema, String field, String value, String unit, String reading) {
        String body = """
                {"%s": {"value": %s, "unit": "%s"}, "effective_time_frame": {"date_time": "2026-11-24T00:00:00Z"}}""".formatted(field, value, unit);
        assertThat(FormatFixture.readings(decodeBody(schema, body)))
                .containsExactly("S-9 d-9 " + reading + " 2026-11-24T00:00:00Z");
    }

    @Test
    void bloodPressureIsTwoReadingsOrNone() {
        String body = """
                {"systolic_blood_pressure": {"value": 121, "unit": "mmHg"},
                 "diastolic_blood_pressure": {"value": 79, "unit": "mmHg"}, "body_posture": "lying down",
                 "measurement_location": "left upper arm", "temporal_relationship_to_physical_activity": "at rest",
                 "effective_time_frame": {"date_time": "2026-11-24T00:00:00Z"}}""";
        assertThat(FormatFixture.readings(decodeBody("blood-pressure", body)))
                .containsExactly(
                        "S-9 d-9 bp_systolic[posture=lying] 121.0 mm[Hg] 2026-11-24T00:00:00Z",
                        "S-9 d-9 bp_diastolic[posture=lying] 79.0 mm[Hg] 2026-11-24T00:00:00Z");
        Decoded half = decodeBody("blood-pressure", body.replace("79", "\"79\""));
        assertThat(half.readings()).isEmpty();
        assertThat(FormatFixture.problems(half)).containsExactly("0 not-a-number");
        assertThat(decodeBody("blood-pressure", body.replace("lying down", "semi-recumbent"))
                        .readings())
                .extracting(Reading::getAttributes)
                .containsExactly("", "");
    }

    @Test
    void sleepAndStepsAreIntervals() {
        assertThat(FormatFixture.readings(decodeBody("sleep-episode", SLEEP)))
                .containsExactly("S-9 d-9 sleep[stage=asleep] 412.0 min 2026-11-23T14:10:00Z/2026-11-23T21:40:00Z");
        assertThat(FormatFixture.readings(decodeBody("sleep-duration", """
                {"sleep_duration": {"value": 7.25, "unit": "h"}, "effective_time_frame": {"time_interval": {
                 "end_date_time": "2026-11-24T06:40:00+09:00", "duration": {"value": 450, "unit": "min"}}}}""")))
                .containsExactly("S-9 d-9 sleep[stage=asleep] 7.25 h 2026-11-23T14:10:00Z/2026-11-23T21:40:00Z");
        assertThat(FormatFixture.readings(decodeBody("step-count", """
                {"step_count": {"value": 812, "unit": "steps"}, "effective_time_frame": {"time_interval": {
                 "start_date_time": "2026-11-24T06:00:00Z", "end_date_time": "2026-11-24T06:15:00Z"}}}""")))
                .containsExactly("S-9 d-9 steps 812.0 {steps} 2026-11-24T06:00:00Z/2026-11-24T06:15:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "fasting, meal=fasting",
        "not fasting, ''",
        "before breakfast, meal=before",
        "after meal, meal=after",
        "2 hours postprandial, meal=after"
    })
    void theRelationToAMealIsAnAttribute(String relation, String attributes) {
        assertThat(decodeBody("blood-glucose", GLUCOSE.replace("after lunch", relation))
                        .readings())
                .extracting(Reading::getAttributes)
                .containsExactly(attributes);
    }

    @Test
    void glucoseBeforeSleepingIsAtBedtimeAndInterstitialFluidIsASensors() {
        String bedtime = GLUCOSE.replace(
                "\"temporal_relationship_to_meal\": \"after lunch\"",
                "\"temporal_relationship_to_sleep\": \"before sleeping\"");
        assertThat(FormatFixture.readings(decodeBody("blood-glucose", bedtime)))
                .singleElement()
                .asString()
                .contains("glucose_smbg[meal=bedtime]");
        assertThat(FormatFixture.readings(
                        decodeBody("blood-glucose", GLUCOSE.replace("capillary blood", "interstitial fluid"))))
                .singleElement()
                .asString()
                .contains("glucose_cgm 6.1 mmol/L");
    }

    @ParameterizedTest
    @ValueSource(strings = {"average", "minimum", "median", "upper quartile"})
    void aStatisticIsUnderstoodAndRefused(String statistic) {
        String body = GLUCOSE.replace(
                "\"specimen_source\"",
                "\"descriptive_statistic\": \"" + statistic
                        + "\", \"descriptive_statistic_denominator\": \"d\", \"specimen_source\"");
        assertThat(FormatFixture.problems(decodeBody("blood-glucose", body))).containsExactly("0 not-a-sample");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "6.1 | \"6.1\" | not-a-number",
                "6.1 | 1e400 | not-a-number",
                "6.1 | null | not-a-number",
                "\"mmol/L\" | \"mmol/l\" | unit-not-allowed",
                "\"mmol/L\" | 3 | wrong-type",
                "after lunch | aftr lunch | invalid-field",
                "capillary blood | fluid | invalid-field",
                "capillary blood | saliva | unsupported-code",
                "\"specimen_source\" | \"user_notes\" | unknown-field",
                "2026-11-24T07:31:05+09:00 | 2026-11-24T07:31:05 | zoneless-time",
                "2026-11-24T07:31:05+09:00 | 2026-11-24 | unparseable-time",
                "\"date_time\": | \"at\": | unknown-field",
                "\"date_time\": \"2026-11-24T07:31:05+09:00\" | `` | invalid-field",
                "{\"date_time\": \"2026-11-24T07:31:05+09:00\"} | \"now\" | wrong-type",
                "\"effective_time_frame\" | \"time_frame\" | unknown-field"
            })
    void aFaultOfABodyIsNamed(String part, String replacement, String code) {
        String broken = GLUCOSE.replace(part, replacement);
        assertThat(broken).isNotEqualTo(GLUCOSE);
        Decoded decoded = decodeBody("blood-glucose", broken);
        assertThat(decoded.readings()).isEmpty();
        assertThat(FormatFixture.problems(decoded)).containsExactly("0 " + code);
        assertThat(decoded.refused().get(0).problem().detail()).doesNotContain("6.1", "aftr", "S-9", "saliva");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"value\": 7.5 | \"value\": 0 | invalid-field",
                "\"value\": 7.5 | \"value\": 1e300 | invalid-field",
                "\"unit\": \"h\" | \"unit\": \"Mo\" | unit-not-allowed",
                "\"unit\": \"h\" | \"unit\": \"hours\" | unit-not-allowed",
                "\"start_date_time\": \"2026-11-23T23:10:00+09:00\", | `` | invalid-field",
                "\"duration\" | \"part_of_day\": \"night\", \"duration\" | unparseable-time",
                "\"duration\" | \"end_date_time\": \"2026-11-24T06:40:00+09:00\", \"duration\" | invalid-field",
                "2026-11-23T23:10:00+09:00 | yesterday | unparseable-time",
                "\"number_of_awakenings\": 2 | \"number_of_awakenings\": 2.5 | wrong-type",
                "\"is_main_sleep\": true | \"is_main_sleep\": \"yes\" | wrong-type",
                "\"total_sleep_time\": {\"value\": 412, \"unit\": \"min\"}, | `` | missing-field",
                "\"unit\": \"sec\" | \"unit\": \"s\" | unit-not-allowed",
                "\"unit\": \"%\" | \"unit\": \"1\" | unit-not-allowed"
            })
    void aFaultOfAnIntervalIsNamed(String part, String replacement, String code) {
        String broken = SLEEP.replace(part, replacement);
        assertThat(broken).isNotEqualTo(SLEEP);
        assertThat(FormatFixture.problems(decodeBody("sleep-episode", broken))).containsExactly("0 " + code);
    }

    @Test
    void anIntervalSchemaHasNoInstant() {
        assertThat(FormatFixture.problems(decodeBody("step-count", """
                {"step_count": {"value": 812, "unit": "steps"},
                 "effective_time_frame": {"date_time": "2026-11-24T00:00:00Z"}}"""))).containsExactly("0 invalid-field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"uuid\" | \"key\" | unknown-field",
                "\"uuid\": \"0d1c6c31-88a5-4b28-9d0c-2d2a3c1f7f10\", | `` | missing-field",
                "\"blood-glucose\" | \"mood\" | unsupported-schema",
                "\"version\": \"4.0\" | \"version\": 4.0 | wrong-type",
                "2026-11-24T09:00:00+09:00 | 2026-11-24T09:00:00 | unparseable-time",
                "\"sensed\" | \"guessed\" | invalid-field",
                "\"Acme meter 3\" | 3 | wrong-type",
                "\"Acme meter 3\" | \"~\" | missing-field",
                "\"S-31\" | \"S 31\" | invalid-code",
                "\"S-31\" | \"900101-1234567\" | national-id"
            })
    void aFaultOfAHeaderIsNamed(String part, String replacement, String code) {
        String good = point("blood-glucose", GLUCOSE);
        String broken = good.replace(part, replacement);
        assertThat(broken).isNotEqualTo(good);
        assertThat(FormatFixture.problems(decode(broken))).containsExactly("0 " + code);
    }

    @Test
    void theAddressGoesBeforeTheSourceAndMustNotContradictTheUser() {
        Format format = FORMATS.of(Optional.empty());
        String point = point("blood-glucose", GLUCOSE);
        assertThat(FormatFixture.decode(
                                format, point, FormatFixture.origin(Optional.of("meter-8"), Optional.of("S-31")))
                        .readings())
                .extracting(Reading::getDevice)
                .containsExactly("meter-8");
        assertThat(FormatFixture.problems(FormatFixture.decode(
                        format, point, FormatFixture.origin(Optional.empty(), Optional.of("S-32")))))
                .containsExactly("0 subject-mismatch");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "\"x\"", "{\"data_points\": {}}", "{\"data_points\": [], \"a\": 1}", "{", "[1,]"})
    void whatIsNoDataPointAtAllIsMalformed(String body) {
        assertRefused(Failure.MALFORMED, body);
    }

    @Test
    void boundsHold() {
        assertRefused(Failure.EMPTY_BATCH, "[]");
        assertRefused(Failure.EMPTY_BATCH, "");
        assertRefused(Failure.TOO_LARGE, "[".repeat(13));
        assertRefused(
                Failure.TOO_LARGE, GLUCOSE.replace("fasting", "x".repeat(1_025)).replace("lunch", "x".repeat(1_025)));
        assertRefused(Failure.TOO_LARGE, Collections.nCopies(10_001, "{}").toString());
        assertThat(decode(Collections.nCopies(10_000, "{}").toString()).refused())
                .hasSize(10_000);
    }

    @Test
    void anyBytesAreDecodedOrRefused() {
        FormatFixture.assertDecodedOrRefused(
                FORMATS.of(Optional.of("sleep-episode")),
                List.of(
                        point("blood-glucose", GLUCOSE),
                        SLEEP,
                        "[" + point("sleep-episode", SLEEP) + "," + SLEEP + "]",
                        "{\"data_points\": [" + SLEEP + "]}"),
                10_000);
    }

    private static String point(String schema, String body) {
        return "{\"header\": " + HEADER.replace("SCHEMA", schema) + ", \"body\": " + body + "}";
    }

    private static Decoded decode(String body) {
        return FormatFixture.decode(FORMATS.of(Optional.empty()), body, FormatFixture.origin());
    }

    private static Decoded decodeBody(String schema, String body) {
        return FormatFixture.decode(
                FORMATS.of(Optional.of(schema)), body, FormatFixture.origin(Optional.of("d-9"), Optional.of("S-9")));
    }

    private static void assertRefused(Failure failure, String body) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> decode(body))
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
