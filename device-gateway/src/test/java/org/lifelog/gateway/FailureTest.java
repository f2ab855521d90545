package org.lifelog.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FailureTest {
    /** The published table: clients go by it. */
    @Test
    void theTableStays() {
        assertThat(Failure.values())
                .extracting(failure -> failure.code() + " " + failure.status() + " " + failure.mqtt())
                .containsExactly(
                        "malformed 400 QUARANTINE",
                        "empty-batch 400 QUARANTINE",
                        "unauthenticated 401 CLOSE",
                        "forbidden 403 CLOSE",
                        "not-found 404 CLOSE",
                        "method-not-allowed 405 CLOSE",
                        "too-large 413 QUARANTINE_WITHOUT_BODY",
                        "unsupported-media-type 415 QUARANTINE",
                        "unavailable 503 CLOSE");
    }

    /** A passing fault that were acknowledged over MQTT would lose readings; a lasting one that were not, come for ever. */
    @Test
    void onlyUnavailabilityPasses() {
        assertThat(Failure.values()).filteredOn(Failure::passing).containsExactly(Failure.UNAVAILABLE);
        assertThat(Failure.UNAVAILABLE.mqtt()).isEqualTo(Failure.Mqtt.CLOSE);
    }
}
