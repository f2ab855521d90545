package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReasonTest {
    /** Vendors and reports go by these codes. */
    @Test
    void codesStay() {
        assertThat(Reason.values())
                .extracting(Reason::code)
                .containsExactly(
                        "undecodable",
                        "unknown-metric",
                        "unknown-center",
                        "unit-not-allowed",
                        "impossible-value",
                        "future-time",
                        "ancient-time",
                        "interval-reversed",
                        "conflicting-duplicate",
                        "unknown-device",
                        "unassigned-device",
                        "control-solution",
                        "overlapping-interval",
                        "pair-reversed",
                        "superseded",
                        "nothing-to-withdraw",
                        "refused-by-storage");
    }
}
