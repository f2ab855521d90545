package org.lifelog.gateway.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally();

    @Test
    void countsByName() {
        tally.add("isens-vendor");
        tally.add("isens-vendor");
        tally.add("kweather-vendor");
        tally.remove("isens-vendor");

        assertThat(tally.of("isens-vendor")).isEqualTo(1);
        assertThat(tally.of("kweather-vendor")).isEqualTo(1);
    }

    @Test
    void whatWasNeverAddedIsNotTakenAway() {
        tally.remove("isens-vendor");

        assertThat(tally.of("isens-vendor")).isZero();
    }
}
