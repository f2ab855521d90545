package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
    /** What the interface promises beside the settings. */
    @Test
    void thePromisesStay() {
        Limits limits = new Limits(1, 100, 16, Duration.ofDays(7), Duration.ofMinutes(20));
        assertThat(limits.connectTime()).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits.authenticationTime()).isEqualTo(Duration.ofSeconds(5));
        assertThat(limits.patience()).isEqualTo(Duration.ofSeconds(10));
        assertThat(limits.mostPacketBytes()).isEqualTo(8_388_608);
    }
}
