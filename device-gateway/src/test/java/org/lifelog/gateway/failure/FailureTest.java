package org.lifelog.gateway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {
    /** The published table: clients go by it. */
    @Test
    void theTableStays() {
        assertThat(Failure.values())
                .extracting(failure -> "%s %d %s 0x%02X %s"
                        .formatted(
                                failure.code(),
                                failure.status(),
                                failure.mqtt5(),
                                failure.reasonCode(),
                                failure.mqtt()))
                .containsExactly(
                        "malformed 400 PUBACK 0x99 QUARANTINE",
                        "empty-batch 400 PUBACK 0x99 QUARANTINE",
                        "unauthenticated 401 CONNACK 0x86 CLOSE",
                        "forbidden 403 PUBACK 0x87 CLOSE",
                        "not-found 404 PUBACK 0x90 CLOSE",
                        "method-not-allowed 405 PUBACK 0x83 CLOSE",
                        "conflict 409 PUBACK 0x83 CLOSE",
                        "too-large 413 PUBACK 0x99 QUARANTINE_WITHOUT_BODY",
                        "unsupported-media-type 415 PUBACK 0x99 QUARANTINE",
                        "all-refused 422 PUBACK 0x99 QUARANTINE",
                        "quota-exceeded 429 DISCONNECT 0x97 CLOSE",
                        "unavailable 503 DISCONNECT 0x89 CLOSE");
    }

    /** A passing fault that were acknowledged over MQTT would lose readings; a lasting one that were not, come for ever. */
    @Test
    void onlyQuotasAndUnavailabilityPass() {
        assertThat(Failure.values())
                .filteredOn(Failure::passing)
                .containsExactly(Failure.QUOTA_EXCEEDED, Failure.UNAVAILABLE)
                .allSatisfy(failure -> assertThat(failure.mqtt()).isEqualTo(Failure.Mqtt.CLOSE))
                .allSatisfy(failure -> assertThat(failure.mqtt5()).isEqualTo(Failure.Mqtt5.DISCONNECT));
    }
}
