package org.lifelog.gateway.format.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.FormatFixture;

class FhirFormatTest {
    private static final FhirFormat FORMAT = new FhirFormat(Catalogue.load());

    @BeforeAll
    static void warmUp() {
        FORMAT.warmUp();
    }

    @Test
    void anObservationIsAReading() {
        Decoded decoded = decode(FhirSamples.HEART_RATE);
        assertThat(decoded.refused()).isEmpty();
        assertThat(FormatFixture.readings(decoded))
                .containsExactly("S-21 band-4 heart_rate 63.0 /min 2026-11-23T22:31:05Z");
        assertThat(decoded.readings().get(0).getOffsetSeconds()).isEqualTo(32_400);
    }

    @ParameterizedTest
    @CsvSource({"preliminary, FINAL", "amended, CORRECTED", "corrected, CORRECTED", "entered-in-error, WITHDRAWN"})
    void anObservationCanCorrectOrWithdraw(String status, ReadingStatus expected) {
        Decoded decoded = decode(FhirSamples.HEART_RATE.replace("\"final\"", "\"" + status + "\""));
        assertThat(decoded.readings()).extracting(Reading::getStatus).containsExactly(expected);
    }

    @Test
    void aBloodPressurePanelIsTwoReadingsAndItsMeanIsLeft() {
        assertThat(FormatFixture.readings(decode(FhirSamples.BLOOD_PRESSURE)))
                .containsExactly(
                        "S-21 cuff-4 bp_systolic 118.0 mm[Hg] 2026-11-23T22:31:05Z",
                        "S-21 cuff-4 bp_diastolic 77.0 mm[Hg] 2026-11-23T22:31:05Z");
    }

    @ParameterizedTest
    @CsvSource({
        "41653-7, <, 20, mg/dL, LOW",
        "41653-7, <, 1.1, mmol/L, LOW",
        "41653-7, >, 600, mg/dL, HIGH",
        "41653-7, >=, 33.3, mmol/L, HIGH",
        "99504-3, <=, 40, mg/dL, LOW",
        "41653-7, <, 54, mg/dL, limit-not-allowed",
        "41653-7, >, 250, mg/dL, limit-not-allowed",
        "41653-7, >, 20, g/L, unit-not-allowed",
        "29463-7, >, 200, kg, limit-not-allowed"
    })
    void aComparatorIsALimitWhereTheDevicesEnd(
            String code, String comparator, String value, String unit, String expected) {
        Decoded decoded = decode(FhirSamples.HEART_RATE
                .replace("8867-4", code)
                .replace("\"value\": 63", "\"value\": " + value + ", \"comparator\": \"" + comparator + "\"")
                .replace("\"/min\"", "\"" + unit + "\""));
        if (expected.contains("-")) {
            assertThat(FormatFixture.problems(decoded)).containsExactly("0 " + expected);
        } else {
            assertThat(decoded.readings())
                    .extracting(reading -> reading.getLimit().toString())
                    .containsExactly(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"final\" | \"cancelled\" | invalid-status",
                "\"final\" | \"registered\" | invalid-status",
                "\"final\" | \"done\" | invalid-field",
                "\"status\": \"final\", | `` | missing-field",
                "8867-4 | 8889-8 | unsupported-code",
                "8867-4\"} | 8867-4\"}, {\"system\": \"http://loinc.org\", \"code\": \"29463-7\"} | unsupported-code",
                "http://loinc.org | http://snomed.info/sct | unsupported-code",
                "\"8867-4\" | null | unsupported-code",
                "\"http://loinc.org\" | null | unsupported-code",
                "\"/min\" | \"1/min\" | unit-not-allowed",
                "http://unitsofmeasure.org | http://example.org/units | unit-not-allowed",
                "\"system\": \"http://unitsofmeasure.org\", | `` | unit-not-allowed",
                "\"valueQuantity\": {\"value\": 63, | \"valueQuantity\": { | data-absent",
                "\"value\": 63 | \"_value\": {\"extension\": [{\"url\": \"http://x\", \"valueCode\": \"nan\"}]} | data-absent",
                "\"value\": 63 | \"value\": \"sixty\" | not-a-number",
                "\"value\": 63 | \"value\": \"63\" | not-a-number",
                "\"value\": 63 | \"value\": true | not-a-number",
                "\"value\": 63 | \"value\": 1e400 | not-a-number",
                "\"value\": 63 | \"value\": 1e999999999 | not-a-number",
                "2026-11-24T07:31:05+09:00 | 2026-11-24T07:31:05 | zoneless-time",
                "2026-11-24T07:31:05+09:00 | 2026-11-24 | unparseable-time",
                "2026-11-24T07:31:05+09:00 | yesterday | unparseable-time",
                "\"effectiveDateTime\": \"2026-11-24T07:31:05+09:00\", | `` | missing-field",
                "\"effectiveDateTime\": \"2026-11-24T07:31:05+09:00\" | \"effectiveTiming\": {\"code\": {\"text\": \"x\"}} | unparseable-time",
                "Patient/S-21 | Device/S-21 | invalid-field",
                "Patient/S-21 | S-21 | invalid-field",
                "Patient/S-21 | urn:uuid:00000000-0000-4000-8000-000000000000 | invalid-field",
                "Patient/S-21 | Patient/S 21 | invalid-code",
                "Patient/S-21 | Patient/900101-1234567 | national-id",
                "\"device\": {\"reference\": \"Device/band-4\"}, | `` | missing-field",
                "\"status\" | \"mood\": 3, \"status\" | unknown-field",
                "\"status\" | \"component\": {}, \"status\" | wrong-type",
                "\"status\" | \"implicitRules\": \"http://x\", \"status\" | unknown-field",
                "\"status\" | \"modifierExtension\": [{\"url\": \"http://x\", \"valueString\": \"y\"}], \"status\" | unknown-field",
                "\"status\" | \"valueString\": \"x\", \"status\" | invalid-field",
                "\"Observation\" | \"Condition\" | unsupported-resource"
            })
    void aFaultIsNamedAndDoesNotTouchTheOthers(String part, String replacement, String code) {
        String broken = FhirSamples.HEART_RATE.replace(part, replacement);
        assertThat(broken).isNotEqualTo(FhirSamples.HEART_RATE);
        assertThat(FormatFixture.problems(decode(broken))).containsExactly("0 " + code);
        Decoded batch = decode(
                FhirSamples.bundle("batch", FhirSamples.entry(FhirSamples.HEART_RATE), FhirSamples.entry(broken)));
        assertThat(batch.readings()).hasSize(1);
        assertThat(FormatFixture.problems(batch)).containsExactly("1 " + code);
        assertThat(new String(batch.refused().get(0).raw(), StandardCharsets.UTF_8))
                .isEqualTo(FhirSamples.entry(broken));
        assertThat(batch.refused().get(0).problem().detail())
                .doesNotContain("S-21", "S 21", "900101", "63", "sixty", "yesterday", "8889-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"valueQuantity\": {\"value\": 63, \"unit\": \"beats/minute\", \"system\": \"http://unitsofmeasure.org\","
                        + " \"code\": \"/min\"} | \"valueString\": \"63\" | unsupported-value",
                "\"valueQuantity\": {\"value\": 63, \"unit\": \"beats/minute\", \"system\": \"http://unitsofmeasure.org\","
                        + " \"code\": \"/min\"} | \"valueSampledData\": {\"origin\": {\"value\": 1}, \"period\": 10,"
                        + " \"dimensions\": 1, \"data\": \"1 2\"} | unsupported-value",
                "\"valueQuantity\": {\"value\": 63, \"unit\": \"beats/minute\", \"system\": \"http://unitsofmeasure.org\","
                        + " \"code\": \"/min\"} | \"dataAbsentReason\": {\"coding\": [{\"code\": \"not-a-number\"}]}"
                        + " | data-absent",
                "\"status\" | \"interpretation\": [{\"coding\": [{\"system\":"
                        + " \"http://terminology.hl7.org/CodeSystem/measurement-status\", \"code\":"
                        + " \"calibration-ongoing\"}]}], \"status\" | not-a-sample"
            })
    void whatIsNoMeasuredNumberIsRefused(String part, String replacement, String code) {
        String oneLine = FhirSamples.HEART_RATE.replaceAll("\n *", " ");
        String broken = oneLine.replace(part, replacement);
        assertThat(broken).isNotEqualTo(oneLine);
        assertThat(FormatFixture.problems(decode(broken))).containsExactly("0 " + code);
    }

    @Test
    void aPanelIsTakenAsAWholeOrNotAtAll() {
        Decoded absent = decode(FhirSamples.BLOOD_PRESSURE
                .replace("\n", " ")
                .replaceFirst(
                        "\"valueQuantity\": \\{\"value\": 118, *\"system\": \"http://unitsofmeasure.org\", \"code\": \"mm\\[Hg\\]\"\\}",
                        "\"dataAbsentReason\": {\"text\": \"cuff\"}"));
        assertThat(absent.readings()).isEmpty();
        assertThat(FormatFixture.problems(absent)).containsExactly("0 data-absent");
    }

    @Test
    void anObservationWithoutAValueIsToldSo() {
        String observation = FhirSamples.HEART_RATE
                .replaceAll("\n *", " ")
                .replaceFirst("\"valueQuantity\": \\{[^}]*\\}", "\"component\": [{\"code\": {\"text\": \"x\"}}]");
        assertThat(FormatFixture.problems(decode(observation))).containsExactly("0 missing-field");
        assertThat(FormatFixture.problems(decode(observation.replaceFirst("\"component\": \\[.*\\]", "\"note\": []"))))
                .containsExactly("0 missing-field");
    }

    @Test
    void aPeriodIsAnInterval() {
        String steps = FhirSamples.HEART_RATE
                .replace("8867-4", "55423-8")
                .replace("\"/min\"", "\"{steps}\"")
                .replace(
                        "\"effectiveDateTime\": \"2026-11-24T07:31:05+09:00\"",
                        "\"effectivePeriod\": {\"start\": \"2026-11-24T07:00:00+09:00\", \"end\":"
                                + " \"2026-11-24T07:15:00+09:00\"}");
        assertThat(FormatFixture.readings(decode(steps)))
                .containsExactly("S-21 band-4 steps 63.0 {steps} 2026-11-23T22:00:00Z/2026-11-23T22:15:00Z");
    }

    @Test
    void aTransactionIsTakenAsAWholeOrNotAtAll() {
        assertThat(decode(FhirSamples.bundle(
                                "transaction",
                                FhirSamples.entry(FhirSamples.HEART_RATE),
                                FhirSamples.entry(FhirSamples.BLOOD_PRESSURE)))
                        .readings())
                .hasSize(3);
        Decoded refused = decode(FhirSamples.bundle(
                "transaction",
                FhirSamples.entry(FhirSamples.HEART_RATE),
                FhirSamples.entry(FhirSamples.HEART_RATE.replace("8867-4", "8889-8"))));
        assertThat(refused.readings()).isEmpty();
        assertThat(FormatFixture.problems(refused)).containsExactly("0 transaction-refused", "1 unsupported-code");
    }

    @Test
    void anInterpretationOfAnotherKindIsReadOver() {
        for (String coding : List.of("{\"code\": \"N\"}", "{\"system\": \"http://x\"}", "{}", "{\"code\": null}")) {
            String observation = FhirSamples.HEART_RATE.replace(
                    "\"status\"", "\"interpretation\": [{\"coding\": [" + coding + "]}], \"status\"");
            assertThat(decode(observation).readings()).hasSize(1);
        }
    }

    @Test
    void anyBytesAreDecodedOrRefused() {
        FormatFixture.assertDecodedOrRefused(
                FORMAT,
                List.of(
                        FhirSamples.HEART_RATE,
                        FhirSamples.BLOOD_PRESSURE,
                        FhirSamples.GLUCOSE.replace(
                                "\"status\"",
                                "\"interpretation\": [{\"coding\": [{\"system\":"
                                        + " \"http://terminology.hl7.org/CodeSystem/measurement-status\", \"code\":"
                                        + " \"in-alarm\"}]}], \"status\""),
                        FhirSamples.bundle(
                                "batch",
                                FhirSamples.entry("urn:uuid:1", FhirSamples.PATIENT),
                                FhirSamples.entry("urn:uuid:2", FhirSamples.DEVICE),
                                FhirSamples.entry(FhirSamples.HEART_RATE
                                        .replace("Patient/S-21", "urn:uuid:1")
                                        .replace("Device/band-4", "urn:uuid:2"))),
                        FhirSamples.bundle("transaction", FhirSamples.entry(FhirSamples.BLOOD_PRESSURE))),
                10_000);
    }

    private static Decoded decode(String body) {
        return FormatFixture.decode(FORMAT, body, FormatFixture.origin());
    }
}
