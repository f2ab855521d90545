package org.lifelog.gateway.format.nightscout;

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
import org.lifelog.gateway.format.FormatFixture;

class NightscoutFormatTest {
    static final String GOOD = """
            {"type": "sgv", "sgv": 131, "date": 1795559465000, "dateString": "2026-11-24T18:31:05.000+09:00",
             "device": "xDrip-DexcomG6 Share2", "direction": "Flat", "noise": 1, "filtered": 0, "rssi": 100,
             "delta": null}""";

    private static final NightscoutFormat FORMAT = new NightscoutFormat(Catalogue.load());

    @Test
    void anEntryOfASensorIsAReadingOfTheSubjectInThePath() {
        Decoded decoded = decode(GOOD);
        assertThat(decoded.refused()).isEmpty();
        assertThat(FormatFixture.readings(decoded))
                .containsExactly("S-5 xDrip-DexcomG6-Share2 glucose_cgm 131.0 mg/dL 2026-11-24T22:31:05Z");
    }

    @Test
    void aMeterEntryIsAMeterReading() {
        assertThat(FormatFixture.readings(decode(GOOD.replace("sgv", "mbg"))))
                .containsExactly("S-5 xDrip-DexcomG6-Share2 glucose_smbg 131.0 mg/dL 2026-11-24T22:31:05Z");
    }

    @Test
    void anArrayIsDecodedEntryByEntry() {
        Decoded decoded = decode("[" + GOOD + ", {\"type\": \"cal\", \"slope\": 895.8}, 5, "
                + GOOD.replace("131", "\"5\"") + ", " + GOOD.replace("131", "\"131.5\"") + "]");
        assertThat(decoded.readings()).extracting(Reading::getValue).containsExactly(131.0, 131.5);
        assertThat(FormatFixture.problems(decoded))
                .containsExactly("1 unsupported-code", "2 not-an-object", "3 error-code");
        assertThat(new String(decoded.refused().get(0).raw())).isEqualTo("{\"type\": \"cal\", \"slope\": 895.8}");
    }

    @ParameterizedTest
    @CsvSource({"39, LOW", "\"39\", LOW", "401, HIGH", "40, 40.0", "400, 400.0", "447, 447.0", "39.5, 39.5"})
    void whatLiesOutsideOfTheSensorsRangeIsALimit(String sgv, String value) {
        assertThat(FormatFixture.readings(decode(GOOD.replace("131", sgv))))
                .singleElement()
                .asString()
                .contains("glucose_cgm " + value + " mg/dL");
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "5", "12", "38", "38.9", "-1", "\"10\""})
    void anErrorCodeIsNoValue(String sgv) {
        assertThat(FormatFixture.problems(decode(GOOD.replace("131", sgv)))).containsExactly("0 error-code");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "131 | \"000131\" | not-a-number",
                "131 | \"131 mg/dL\" | not-a-number",
                "131 | \" 131\" | not-a-number",
                "131 | \"1e2\" | not-a-number",
                "131 | \"LOW\" | not-a-number",
                "131 | true | not-a-number",
                "131 | 1e400 | not-a-number",
                "131 | null | missing-field",
                "1795559465000 | 1795559465 | unparseable-time",
                "1795559465000 | 1795559465.5 | unparseable-time",
                "1795559465000 | 900000000000 | unparseable-time",
                "1795559465000 | 9e15 | unparseable-time",
                "1795559465000 | -1795559465000 | unparseable-time",
                "1795559465000 | \"1795559465000\" | not-a-number",
                "\"sgv\", | \"etr\", | unsupported-code",
                "\"sgv\", | 3, | wrong-type",
                "\"type\": \"sgv\", | `` | missing-field",
                "\"noise\" | \"notes\" | unknown-field",
                "\"noise\": 1 | \"units\": \"mmol\" | unit-not-allowed",
                "\"noise\": 1 | \"utcOffset\": 5400 | invalid-field",
                "\"noise\": 1 | \"utcOffset\": 0.5 | invalid-field",
                "\"noise\": 1 | \"utcOffset\": \"540\" | not-a-number",
                "\"xDrip-DexcomG6 Share2\" | \"~~\" | missing-field",
                "\"xDrip-DexcomG6 Share2\" | 5 | wrong-type"
            })
    void aFaultIsNamed(String part, String replacement, String code) {
        String broken = GOOD.replace(part, replacement);
        assertThat(broken).isNotEqualTo(GOOD);
        Decoded decoded = decode("[" + broken + ", " + GOOD + "]");
        assertThat(FormatFixture.problems(decoded)).containsExactly("0 " + code);
        assertThat(decoded.readings()).hasSize(1);
        assertThat(decoded.refused().get(0).problem().detail()).doesNotContain("S-5", "1795559465", "131", "mmol\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"noise\": 1 | \"utcOffset\": -330 | -19800",
                "\"noise\": 1 | \"utcOffset\": 0 | 0",
                "2026-11-24T18:31:05.000+09:00 | 2026-11-25T07:31:05+09:00 | 32400",
                "2026-11-24T18:31:05.000+09:00 | 2026-11-24T18:31:05.000Z | ",
                "2026-11-24T18:31:05.000+09:00 | Tue Nov 24 18:31:05 KST 2026 | ",
                "2026-11-24T18:31:05.000+09:00 | 2026-11-24T22:31:05Z | "
            })
    void theOffsetIsTakenWhereItIsTold(String part, String replacement, Integer seconds) {
        Decoded decoded = decode(GOOD.replace(part, replacement));
        assertThat(decoded.readings()).extracting(Reading::getOffsetSeconds).containsExactly(seconds);
        assertThat(decoded.readings().get(0).getTime()).hasToString("2026-11-24T22:31:05Z");
    }

    @Test
    void theAddressesDeviceGoesFirst() {
        Decoded decoded =
                FormatFixture.decode(FORMAT, GOOD, FormatFixture.origin(Optional.of("cgm-3"), Optional.of("S-5")));
        assertThat(decoded.readings()).extracting(Reading::getDevice).containsExactly("cgm-3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]"})
    void nothingIsAnEmptyBatch(String body) {
        assertRefused(Failure.EMPTY_BATCH, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "\"x\"", "{", "[{}", "{} {}", "{\"a\": 1, \"a\": 2}", "<entries/>"})
    void whatIsNoEntryAtAllIsMalformed(String body) {
        assertRefused(Failure.MALFORMED, body);
    }

    @Test
    void boundsHold() {
        assertRefused(Failure.TOO_LARGE, "[".repeat(13));
        assertRefused(Failure.TOO_LARGE, GOOD.replace("Flat", "x".repeat(1_025)));
        assertRefused(Failure.TOO_LARGE, GOOD.replace("131", "1".repeat(65)));
        List<String> many = Collections.nCopies(10_001, "{}");
        assertRefused(Failure.TOO_LARGE, many.toString());
        assertThat(decode(many.subList(1, 10_001).toString()).refused()).hasSize(10_000);
    }

    @Test
    void anyBytesAreDecodedOrRefused() {
        FormatFixture.assertDecodedOrRefused(FORMAT, List.of(GOOD, "[" + GOOD + "," + GOOD + "]"), 10_000);
    }

    private static Decoded decode(String body) {
        return FormatFixture.decode(FORMAT, body, FormatFixture.origin(Optional.empty(), Optional.of("S-5")));
    }

    private static void assertRefused(Failure failure, String body) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> decode(body))
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
