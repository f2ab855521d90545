package org.lifelog.gateway.format.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
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

    @Test
    void aBloodPressurePanelIsTwoReadingsAndItsMeanIsLeft() {
        assertThat(FormatFixture.readings(decode(FhirSamples.BLOOD_PRESSURE)))
                .containsExactly(
                        "S-21 cuff-4 bp_systolic 118.0 mm[Hg] 2026-11-23T22:31:05Z",
                        "S-21 cuff-4 bp_diastolic 77.0 mm[Hg] 2026-11-23T22:31:05Z");
    }

    @ParameterizedTest
    @CsvSource({"8417868, before", "8417872, after", "8417876, fasting"})
    void aMealIsAnAttribute(String code, String meal) {
        assertThat(FormatFixture.readings(decode(FhirSamples.GLUCOSE.replace("8417876", code))))
                .containsExactly("S-21 meter-4 glucose_smbg[meal=" + meal + "] 5.9 mmol/L 2026-11-23T22:31:05Z");
    }

    @ParameterizedTest
    @CsvSource({
        "http://loinc.org, 2708-6, 97, %, spo2 97.0 %",
        "http://loinc.org, 59408-5, 97, %, spo2 97.0 %",
        "http://loinc.org, 9279-1, 14, /min, resp_rate 14.0 /min",
        "http://loinc.org, 8310-5, 36.6, Cel, body_temp 36.6 Cel",
        "http://loinc.org, 8302-2, 171, cm, height 171.0 cm",
        "http://loinc.org, 29463-7, 64.2, kg, weight 64.2 kg",
        "http://loinc.org, 39156-5, 22.1, kg/m2, bmi 22.1 kg/m2",
        "http://loinc.org, 41653-7, 101, mg/dL, glucose_smbg 101.0 mg/dL",
        "http://loinc.org, 14743-9, 5.6, mmol/L, glucose_smbg 5.6 mmol/L",
        "http://loinc.org, 99504-3, 101, mg/dL, glucose_cgm 101.0 mg/dL",
        "http://loinc.org, 105272-9, 5.6, mmol/L, glucose_cgm 5.6 mmol/L",
        "http://loinc.org, 59261-8, 42, mmol/mol, hba1c 42.0 mmol/mol",
        "http://loinc.org, 93832-4, 7, h, sleep[stage=asleep] 7.0 h",
        "urn:iso:std:iso:11073:10101, 147842, 63, /min, heart_rate 63.0 /min",
        "urn:iso:std:iso:11073:10101, 149530, 63, /min, heart_rate 63.0 /min",
        "urn:iso:std:iso:11073:10101, 149546, 63, /min, heart_rate 63.0 /min",
        "urn:iso:std:iso:11073:10101, 150364, 36.6, Cel, body_temp 36.6 Cel",
        "urn:iso:std:iso:11073:10101, 150456, 97, %, spo2 97.0 %",
        "urn:iso:std:iso:11073:10101, 151562, 14, /min, resp_rate 14.0 /min",
        "urn:iso:std:iso:11073:10101, 160188, 101, mg/dL, glucose_smbg 101.0 mg/dL",
        "urn:iso:std:iso:11073:10101, 160212, 101, mg/dL, glucose_cgm 101.0 mg/dL",
        "urn:iso:std:iso:11073:10101, 160368, 101, mg/dL, glucose_smbg 101.0 mg/dL",
        "urn:iso:std:iso:11073:10101, 188736, 64.2, kg, weight 64.2 kg",
        "urn:iso:std:iso:11073:10101, 188740, 171, cm, height 171.0 cm",
        "urn:iso:std:iso:11073:10101, 188752, 22.1, kg/m2, bmi 22.1 kg/m2"
    })
    void aCodeIsAMetric(String system, String code, String value, String unit, String reading) {
        String observation = FhirSamples.HEART_RATE
                .replace("63", value)
                .replace("http://loinc.org", system)
                .replace("8867-4", code)
                .replace("\"/min\"", "\"" + unit + "\"");
        assertThat(FormatFixture.readings(decode(observation)))
                .containsExactly("S-21 band-4 " + reading + " 2026-11-23T22:31:05Z");
    }

    @ParameterizedTest
    @CsvSource({
        "150456, 262688, spo2 63.0 %",
        "188740, 263441, height 63.0 cm",
        "188736, 263875, weight 63.0 kg",
        "160184, 264274, glucose_smbg 63.0 mg/dL",
        "149546, 264864, heart_rate 63.0 /min",
        "151562, 264928, resp_rate 63.0 /min",
        "160184, 266866, glucose_smbg 63.0 mmol/L",
        "150364, 268192, body_temp 63.0 Cel"
    })
    void aUnitOfADeviceIsItsUcumCode(String code, String unit, String reading) {
        String observation = FhirSamples.HEART_RATE
                .replace("http://loinc.org", "urn:iso:std:iso:11073:10101")
                .replace("8867-4", code)
                .replace("http://unitsofmeasure.org", "urn:iso:std:iso:11073:10101")
                .replace("\"/min\"", "\"" + unit + "\"");
        assertThat(FormatFixture.readings(decode(observation)))
                .containsExactly("S-21 band-4 " + reading + " 2026-11-23T22:31:05Z");
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
                "\"final\" | \"entered-in-error\" | invalid-status",
                "\"final\" | \"amended\" | invalid-status",
                "\"final\" | \"corrected\" | invalid-status",
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
                "\"subject\": {\"reference\": \"Patient/S-21\"}, | `` | missing-field",
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

    @ParameterizedTest
    @CsvSource({
        "160184, 160208, control-solution",
        "8417864, 8417844, taken",
        "'8417864\"}]},\n  \"valueCodeableConcept\": {\"coding\": [{\"system\": \"urn:iso:std:iso:11073:10101\", \"code\":"
                + " \"8417876', '8417844\"}]},  \"valueCodeableConcept\": {\"coding\": [{\"system\":"
                + " \"urn:iso:std:iso:11073:10101\", \"code\": \"8417860', control-solution"
    })
    void controlSolutionIsNoValueOfTheSubject(String part, String replacement, String expected) {
        Decoded decoded = decode(FhirSamples.GLUCOSE.replace(part, replacement));
        if (expected.equals("taken")) {
            assertThat(decoded.readings()).extracting(Reading::getAttributes).containsExactly("");
        } else {
            assertThat(FormatFixture.problems(decoded)).containsExactly("0 " + expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"reference\": \"Patient/S-21\" | \"reference\": \"https://fhir.example.org/r4/Patient/S-8\" | S-8",
                "\"reference\": \"Patient/S-21\" | \"reference\": \"Patient/S-8/_history/2\" | S-8",
                "\"reference\": \"Patient/S-21\" | \"identifier\": {\"system\": \"urn:oid:1.2\", \"value\": \"S-8\"} | S-8",
                "\"reference\": \"Patient/S-21\" | \"reference\": \"Location/room-8\" | room-8"
            })
    void aReferenceIsACode(String part, String replacement, String subject) {
        assertThat(decode(FhirSamples.HEART_RATE.replace(part, replacement)).readings())
                .extracting(Reading::getSubject)
                .containsExactly(subject);
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
    void aContainedDeviceIsReadByItsIdentifier() {
        String observation = FhirSamples.HEART_RATE
                .replace("Device/band-4", "#d1")
                .replace(
                        "\"status\"",
                        "\"contained\": [{\"resourceType\": \"Device\", \"id\": \"d1\", \"identifier\":"
                                + " [{\"value\": \"band-8\"}]}], \"status\"");
        assertThat(decode(observation).readings())
                .extracting(Reading::getDevice)
                .containsExactly("band-8");
    }

    @Test
    void theAddressStandsInForSubjectAndDevice() {
        String observation = FhirSamples.HEART_RATE
                .replace("\"subject\": {\"reference\": \"Patient/S-21\"}, ", "")
                .replace("\"device\": {\"reference\": \"Device/band-4\"},", "");
        assertThat(FormatFixture.readings(FormatFixture.decode(
                        FORMAT, observation, FormatFixture.origin(Optional.of("band-9"), Optional.of("S-9")))))
                .containsExactly("S-9 band-9 heart_rate 63.0 /min 2026-11-23T22:31:05Z");
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
    void urnReferencesLeadToPatientsAndDevicesOfTheBundle() {
        String observation =
                FhirSamples.HEART_RATE.replace("Patient/S-21", "urn:uuid:1").replace("Device/band-4", "urn:uuid:2");
        for (String type : List.of("batch", "collection", "transaction")) {
            Decoded decoded = decode(FhirSamples.bundle(
                    type,
                    FhirSamples.entry("urn:uuid:1", FhirSamples.PATIENT),
                    FhirSamples.entry("urn:uuid:2", FhirSamples.DEVICE),
                    FhirSamples.entry(observation)));
            assertThat(decoded.refused()).isEmpty();
            assertThat(FormatFixture.readings(decoded))
                    .containsExactly("S-77 scale-2 heart_rate 63.0 /min 2026-11-23T22:31:05Z");
        }
        assertThat(FormatFixture.problems(decode(FhirSamples.bundle(
                        "batch",
                        FhirSamples.entry("urn:uuid:1", FhirSamples.PATIENT),
                        FhirSamples.entry(FhirSamples.HEART_RATE)))))
                .containsExactly("0 unsupported-resource");
        assertThat(FormatFixture.problems(decode(FhirSamples.bundle(
                        "batch",
                        FhirSamples.entry("urn:uuid:2", FhirSamples.PATIENT),
                        FhirSamples.entry("urn:uuid:1", FhirSamples.DEVICE),
                        FhirSamples.entry(observation)))))
                .containsExactly("0 unsupported-resource", "1 unsupported-resource", "2 invalid-field");
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
    void entriesOfAnotherFormAreRefusedByThemselves() {
        Decoded decoded = decode(FhirSamples.bundle(
                "batch",
                "7",
                "{}",
                "{\"resource\": 7}",
                "{\"mood\": 7}",
                FhirSamples.entry(FhirSamples.HEART_RATE).replace("\"POST\"", "\"PUT\""),
                FhirSamples.entry(FhirSamples.HEART_RATE)));
        assertThat(decoded.readings()).hasSize(1);
        assertThat(FormatFixture.problems(decoded))
                .containsExactly(
                        "0 not-an-object",
                        "1 unsupported-resource",
                        "2 wrong-type",
                        "3 unknown-field",
                        "4 unsupported-resource");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "[]",
                "{}",
                "{\"resourceType\": 7}",
                "{\"resourceType\": \"Bundle\"}",
                "{\"resourceType\": \"Bundle\", \"type\": \"document\", \"entry\": []}",
                "{\"resourceType\": \"Bundle\", \"type\": \"batch\", \"entry\": {}}",
                "{\"resourceType\": \"Bundle\", \"type\": \"batch\", \"mood\": 3, \"entry\": []}",
                "{\"resourceType\": \"Observation\"",
                "{\"resourceType\": \"Observation\"} {}"
            })
    void whatIsNoResourceIsMalformed(String body) {
        assertRefused(Failure.MALFORMED, body);
    }

    @Test
    void boundsHold() {
        assertRefused(Failure.EMPTY_BATCH, "");
        assertRefused(Failure.EMPTY_BATCH, FhirSamples.bundle("batch"));
        assertRefused(Failure.TOO_LARGE, "{\"a\": ".repeat(33));
        assertRefused(Failure.TOO_LARGE, FhirSamples.HEART_RATE.replace("beats/minute", "x".repeat(65_537)));
        assertRefused(Failure.TOO_LARGE, FhirSamples.HEART_RATE.replace("63", "6".repeat(65)));
        String[] many = Collections.nCopies(10_001, "{}").toArray(String[]::new);
        assertRefused(Failure.TOO_LARGE, FhirSamples.bundle("batch", many));
        byte[] body = FhirSamples.HEART_RATE.replace("beats", "####").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '#' ? (byte) 0xFF : body[i];
        }
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> FORMAT.decode(body, FormatFixture.origin()))
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(Failure.MALFORMED));
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
    void aNarrativeIsRead() {
        String narrative = "\"text\": {\"status\": \"generated\", \"div\": \"<div"
                + " xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>Pulse <b>63</b> &lt; 100</p></div>\"}, \"status\"";
        assertThat(decode(FhirSamples.HEART_RATE.replace("\"status\"", narrative))
                        .readings())
                .hasSize(1);
    }

    @Test
    void aNarrativeOpensNoFileAndExpandsNothing() {
        String narrative = "\"text\": {\"status\": \"generated\", \"div\": \"<!DOCTYPE d [<!ENTITY a SYSTEM"
                + " \\\"file:///etc/hostname\\\">]><div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">&a;</div>\"}, \"status\"";
        assertThat(FormatFixture.problems(decode(FhirSamples.HEART_RATE.replace("\"status\"", narrative))))
                .containsExactly("0 invalid-field");
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

    private static void assertRefused(Failure failure, String body) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> decode(body))
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
