package org.lifelog.gateway.format.fhir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoded;
import org.lifelog.gateway.format.FormatFixture;

class FhirBodyTest {
    private static final FhirFormat FORMAT = new FhirFormat(Catalogue.load());

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

    private static Decoded decode(String body) {
        return FormatFixture.decode(FORMAT, body, FormatFixture.origin());
    }

    private static void assertRefused(Failure failure, String body) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> decode(body))
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }
}
