package org.lifelog.gateway.format.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.FormatFixture;

class FhirCodesTest {
    private static final FhirFormat FORMAT = new FhirFormat(Catalogue.load());

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

    private static Decoded decode(String body) {
        return FormatFixture.decode(FORMAT, body, FormatFixture.origin());
    }
}
