package org.lifelog.streams.research;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReleaseTest {
    @Test
    void aReleaseIsToldWithoutItsKeys() {
        assertThat(Releases.of("isens", "2026-11", 26))
                .hasToString("isens (release 2026-11, dates shifted by up to 26 weeks, models of at least 2 subjects)");
        assertThat(Releases.of("kweather", "a", 0))
                .hasToString("kweather (release a, dates as they are, models of at least 2 subjects)");
    }
}
