package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.gateway.failure.Problem;

class ReadingFieldsTest {
    @Test
    void everyFieldIsTakenAsSent() {
        Reading reading = good(Decoding.GOOD);
        assertThat(reading)
                .isEqualTo(Reading.newBuilder()
                        .setCenter("isens")
                        .setSubject("S-0042")
                        .setDevice("meter-1")
                        .setVendor("isens-vendor")
                        .setMetric("glucose_smbg")
                        .setAttributes("meal=fasting")
                        .setValue(6.4)
                        .setUnit("mmol/L")
                        .setLimit(Limit.NONE)
                        .setTime(Instant.parse("2026-11-23T22:31:05Z"))
                        .setOffsetSeconds(32_400)
                        .setSequence(311L)
                        .setReceivedAt(Decoding.RECEIVED)
                        .setFlags(List.of())
                        .build());
    }

    @Test
    void aWithdrawalNeedsNoValue() {
        Reading reading =
                good(Decoding.GOOD.replace("\"value\": 6.4, \"unit\": \"mmol/L\"", "\"status\": \"withdrawn\""));
        assertThat(reading.getStatus()).isEqualTo(ReadingStatus.WITHDRAWN);
        assertThat(reading.getValue()).isNaN();
        assertThat(reading.getUnit()).isEqualTo("mg/dL");
        assertThat(reading.getSequence()).isEqualTo(311);
    }

    @Test
    void aCorrectionAndWhatTheDeviceReportsAreKept() {
        Reading reading = good(Decoding.GOOD.replace(
                "\"value\"", "\"status\": \"corrected\", \"reported\": [\"time-fault\", \"time-fault\"], \"value\""));
        assertThat(reading.getStatus()).isEqualTo(ReadingStatus.CORRECTED);
        assertThat(reading.getReported()).containsExactly("time-fault");
        assertThat(reading.getValue()).isEqualTo(6.4);
    }

    @Test
    void anIntervalHasAnEnd() {
        Reading reading = good("""
                {"subject": "S-0042", "device": "band-17", "metric": "steps", "value": 412, "unit": "{steps}",
                 "time": "2026-11-24T07:00:00+09:00", "end": "2026-11-24T07:15:00+09:00"}""");
        assertThat(reading.getTime()).isEqualTo(Instant.parse("2026-11-23T22:00:00Z"));
        assertThat(reading.getEnd()).isEqualTo(Instant.parse("2026-11-23T22:15:00Z"));
        assertThat(reading.getValue()).isEqualTo(412.0);
        assertThat(reading.getSequence()).isNull();
        assertThat(reading.getAttributes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"LOW", "HIGH"})
    void theLimitOfADeviceIsNoNumber(Limit limit) {
        Reading reading = good(Decoding.GOOD.replace("6.4", "\"" + limit + "\""));
        assertThat(reading.getLimit()).isEqualTo(limit);
        assertThat(reading.getValue()).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "6.4, 6.4",
        "-0.0, -0.0",
        "64e-1, 6.4",
        "1e308, 1e308",
        "0.1, 0.1",
        "6.900000095367432, 6.900000095367432"
    })
    void aNumberIsTheNearestDouble(String sent, double value) {
        assertThat(good(Decoding.GOOD.replace("6.4", sent)).getValue()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T07:31:05+09:00, 2026-11-23T22:31:05Z, 32400",
        "2026-11-24T07:31:05Z, 2026-11-24T07:31:05Z, 0",
        "2026-11-24T07:31:05-03:30, 2026-11-24T11:01:05Z, -12600",
        "2026-11-24T07:31Z, 2026-11-24T07:31:00Z, 0",
        "2026-11-24T07:31:05.123456789Z, 2026-11-24T07:31:05.123456Z, 0",
        "1969-12-31T23:59:59.999999999Z, 1969-12-31T23:59:59.999999Z, 0",
        "1900-01-01T00:00:00+09:00, 1899-12-31T15:00:00Z, 32400",
        "2200-12-31T23:59:59Z, 2200-12-31T23:59:59Z, 0"
    })
    void aTimeIsAnInstantInMicrosecondsAndAnOffset(String sent, Instant time, int offset) {
        Reading reading = good(Decoding.GOOD.replace("2026-11-24T07:31:05+09:00", sent));
        assertThat(reading.getTime()).isEqualTo(time);
        assertThat(reading.getOffsetSeconds()).isEqualTo(offset);
    }

    @Test
    void aWholeNumberMayBeAnAttribute() {
        Reading reading = good("""
                {"subject": "S-1", "device": "a-1", "metric": "audiogram", "value": 25, "unit": "dB",
                 "time": "2026-11-24T07:00:00Z", "attributes": {"frequency": 1000, "ear": "left"}}""");
        assertThat(reading.getAttributes()).isEqualTo("ear=left;frequency=1000");
    }

    @Test
    void theDeviceOfTheTopicStandsInForTheField() {
        String without = Decoding.GOOD.replace("\"device\": \"meter-1\", ", "");
        Decoded decoded = decode(without, Optional.of("meter-9"));
        assertThat(decoded.readings()).extracting(Reading::getDevice).containsExactly("meter-9");
        assertThat(decode(Decoding.GOOD, Optional.of("meter-1")).readings()).hasSize(1);
        assertThat(decode(Decoding.GOOD, Optional.of("meter-9")).refused())
                .extracting(refused -> refused.problem().code())
                .containsExactly(Problem.Code.DEVICE_MISMATCH);
    }

    static List<Arguments> faults() {
        return List.of(
                fault("\"subject\"", "\"patientName\"", Problem.Code.UNKNOWN_FIELD, "Field patientName is not part"),
                fault("\"subject\"", "\"홍길동\"", Problem.Code.UNKNOWN_FIELD, "A field is not part of a reading."),
                fault("\"device\": \"meter-1\", ", "", Problem.Code.MISSING_FIELD, "needs the fields device."),
                fault("\"value\": 6.4, \"unit\": \"mmol/L\", ", "", Problem.Code.MISSING_FIELD, "value, unit."),
                fault("\"S-0042\"", "42", Problem.Code.WRONG_TYPE, "Field subject is a text."),
                fault("\"S-0042\"", "null", Problem.Code.WRONG_TYPE, "Field subject is a text."),
                fault("\"mmol/L\"", "[\"mmol/L\"]", Problem.Code.WRONG_TYPE, "Field unit is a text."),
                fault("311", "-1", Problem.Code.WRONG_TYPE, "Field sequence is a whole number of 0 or more."),
                fault("311", "3.5", Problem.Code.WRONG_TYPE, "Field sequence"),
                fault("311", "9223372036854775808", Problem.Code.WRONG_TYPE, "Field sequence"),
                fault("311", "{\"a\": 1}", Problem.Code.WRONG_TYPE, "Field sequence"),
                fault("{\"meal\": \"fasting\"}", "\"fasting\"", Problem.Code.WRONG_TYPE, "attributes is an object"),
                fault("\"fasting\"", "[1, 2]", Problem.Code.WRONG_TYPE, "Field attributes is a text."),
                fault("6.4", "\"6.4\"", Problem.Code.NOT_A_NUMBER, "a JSON number without quotes"),
                fault("6.4", "\"low\"", Problem.Code.NOT_A_NUMBER, "\"LOW\" or \"HIGH\""),
                fault("6.4", "1e400", Problem.Code.NOT_A_NUMBER, "larger than a number of 64 bits"),
                fault("6.4", "-1e400", Problem.Code.NOT_A_NUMBER, "larger than a number of 64 bits"),
                fault("6.4", "true", Problem.Code.NOT_A_NUMBER, "Field value is a JSON number."),
                fault("6.4", "null", Problem.Code.NOT_A_NUMBER, "Field value is a JSON number."),
                fault("6.4", "[6.4]", Problem.Code.NOT_A_NUMBER, "Field value is a JSON number."),
                fault("S-0042", "S/0042", Problem.Code.INVALID_CODE, "Field subject is 1 to 64 letters"),
                fault("meter-1", "", Problem.Code.INVALID_CODE, "Field device is 1 to 64 letters"),
                fault("S-0042", "900101-1234567", Problem.Code.NATIONAL_ID, "resident registration number"),
                fault("glucose_smbg", "mood", Problem.Code.UNKNOWN_METRIC, "not a code of the metric catalogue"),
                fault("glucose_smbg", "sleep_nap", Problem.Code.DERIVED_METRIC, "Send the readings of sleep"),
                fault("mmol/L", "mmol/l", Problem.Code.UNIT_NOT_ALLOWED, "[mg/dL, mmol/L, kg/L, mol/L]"),
                fault("fasting", "midnight", Problem.Code.INVALID_ATTRIBUTES, "[fasting, before, after, bedtime]"),
                fault("meal", "posture", Problem.Code.INVALID_ATTRIBUTES, "has the attributes [meal] only"),
                fault("+09:00", "", Problem.Code.ZONELESS_TIME, "Add Z or an offset such as +09:00."),
                fault("2026-11-24T07:31:05+09:00", "1795559465", Problem.Code.UNPARSEABLE_TIME, "ISO 8601"),
                fault("2026-11-24", "2026-02-30", Problem.Code.UNPARSEABLE_TIME, "ISO 8601"),
                fault("2026-11-24T", "2026-11-24 ", Problem.Code.UNPARSEABLE_TIME, "ISO 8601"),
                fault("2026-11-24", "0000-01-01", Problem.Code.UNPARSEABLE_TIME, "from 1900 to 2200"),
                fault("2026-11-24", "1899-12-31", Problem.Code.UNPARSEABLE_TIME, "from 1900 to 2200"),
                fault("2026-11-24", "+999999999-12-31", Problem.Code.UNPARSEABLE_TIME, "from 1900 to 2200"),
                fault(
                        "\"sequence\"",
                        "\"status\": \"wrong\", \"sequence\"",
                        Problem.Code.INVALID_STATUS,
                        "final, corrected"),
                fault(
                        "\"sequence\"",
                        "\"status\": 1, \"sequence\"",
                        Problem.Code.WRONG_TYPE,
                        "Field status is a text."),
                fault("\"sequence\"", "\"reported\": \"x\", \"sequence\"", Problem.Code.WRONG_TYPE, "array of texts"),
                fault("\"sequence\"", "\"reported\": [1], \"sequence\"", Problem.Code.WRONG_TYPE, "reported is a text"),
                fault(
                        "\"sequence\"",
                        "\"reported\": [\"x\"], \"sequence\"",
                        Problem.Code.INVALID_FIELD,
                        "time-fault, control-solution"),
                fault("\"sequence\"", "\"end\": \"soon\", \"sequence\"", Problem.Code.UNPARSEABLE_TIME, "Field end"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultIsNamedAndNotEchoed(String part, String replacement, Problem.Code code, String said) {
        String broken = Decoding.GOOD.replace(part, replacement);
        assertThat(broken).isNotEqualTo(Decoding.GOOD);
        Decoded decoded = Decoding.decode(Decoding.batch(broken, Decoding.GOOD));
        assertThat(decoded.readings()).hasSize(1);
        assertThat(decoded.refused()).singleElement().satisfies(refused -> {
            assertThat(refused.problem().index()).isZero();
            assertThat(refused.problem().code()).isEqualTo(code);
            assertThat(refused.problem().detail())
                    .contains(said)
                    .doesNotContain("S-0042", "6.4", "1e400", "900101", "홍길동", "midnight", "1795559465");
            assertThat(new String(refused.raw(), StandardCharsets.UTF_8)).isEqualTo(broken);
        });
    }

    @Test
    void aLimitOfAMetricWithoutLimitsIsRefused() {
        String weight = """
                {"subject": "S-1", "device": "a-1", "metric": "weight", "value": "LOW", "unit": "kg",
                 "time": "2026-11-24T07:00:00Z"}""";
        assertThat(Decoding.decode(weight).refused()).singleElement().satisfies(refused -> {
            assertThat(refused.problem().code()).isEqualTo(Problem.Code.LIMIT_NOT_ALLOWED);
            assertThat(refused.problem().detail()).isEqualTo("Metric weight has no LOW and HIGH.");
        });
    }

    @Test
    void everyCodeHasATest() {
        Set<Problem.Code> tested = EnumSet.of(
                // in ReadingDecoderTest
                Problem.Code.NOT_AN_OBJECT,
                // in LinesTest
                Problem.Code.MALFORMED,
                // above
                Problem.Code.LIMIT_NOT_ALLOWED,
                Problem.Code.DEVICE_MISMATCH,
                // in ReadingFormTest
                Problem.Code.SUBJECT_MISMATCH);
        // in the tests of the vendors' formats
        tested.addAll(EnumSet.range(Problem.Code.INVALID_FIELD, Problem.Code.TRANSACTION_REFUSED));
        faults().forEach(fault -> tested.add((Problem.Code) fault.get()[2]));
        assertThat(tested).containsExactlyInAnyOrder(Problem.Code.values());
        assertThat(Arrays.stream(Problem.Code.values()).map(Problem.Code::text))
                .allMatch(text -> text.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void theFirstFaultIsTold() {
        String broken = Decoding.GOOD.replace("S-0042", "S/0042").replace("6.4", "\"6.4\"");
        assertThat(Decoding.decode(broken).refused())
                .extracting(refused -> refused.problem().code())
                .containsExactly(Problem.Code.NOT_A_NUMBER);
    }

    private static Arguments fault(String part, String replacement, Problem.Code code, String said) {
        return Arguments.of(part, replacement, code, said);
    }

    private static Decoded decode(String json, Optional<String> device) {
        return Decoding.decode(json.getBytes(StandardCharsets.UTF_8), false, device);
    }

    private static Reading good(String json) {
        Decoded decoded = Decoding.decode(json);
        assertThat(decoded.refused()).isEmpty();
        assertThat(decoded.readings()).hasSize(1);
        return decoded.readings().get(0);
    }
}
