package org.lifelog.gateway.format.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.FormatFixture;

class ReferencesTest {
    private static final FhirFormat FORMAT = new FhirFormat(Catalogue.load());

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

    private static Decoded decode(String body) {
        return FormatFixture.decode(FORMAT, body, FormatFixture.origin());
    }
}
