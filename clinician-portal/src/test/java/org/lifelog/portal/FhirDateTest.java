package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FhirDateTest {
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final String MIN = "1900-01-01T00:00:00Z";
    private static final String MAX = "2200-01-01T00:00:00Z";

    @ParameterizedTest
    @CsvSource({
        "2026, 2025-12-31T15:00:00Z, 2026-12-31T15:00:00Z",
        "2026-11, 2026-10-31T15:00:00Z, 2026-11-30T15:00:00Z",
        "eq2026-11-24, 2026-11-23T15:00:00Z, 2026-11-24T15:00:00Z",
        "ge2026-11-24, 2026-11-23T15:00:00Z, " + MAX,
        "gt2026-11-24, 2026-11-24T15:00:00Z, " + MAX,
        "le2026-11-24, " + MIN + ", 2026-11-24T15:00:00Z",
        "lt2026-11-24, " + MIN + ", 2026-11-23T15:00:00Z",
        "2026-11-24T07:31, 2026-11-23T22:31:00Z, 2026-11-23T22:32:00Z",
        "2026-11-24T07:31:05Z, 2026-11-24T07:31:05Z, 2026-11-24T07:31:06Z",
        "2026-11-24T07:31:05.25Z, 2026-11-24T07:31:05.25Z, 2026-11-24T07:31:05.26Z",
        "2026-11-24T07:31:05.123456-05:00, 2026-11-24T12:31:05.123456Z, 2026-11-24T12:31:05.123457Z",
    })
    void standsForASpan(String text, String from, String to) {
        Span span = FhirDate.parse(text, SEOUL);
        assertThat(span.from()).isEqualTo(from);
        assertThat(span.to()).isEqualTo(to);
    }

    /** In 1988 the day on which Seoul's clock went forward had 23 hours. */
    @ParameterizedTest
    @CsvSource({"1988-05-08, 23", "1988-10-09, 25"})
    void aDayIsOneOfTheCentersClock(String day, long hours) {
        Span span = FhirDate.parse(day, SEOUL);
        assertThat(java.time.Duration.between(span.from(), span.to())).hasHours(hours);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "ne2026-11-24",
                "ap2026",
                "2026-13",
                "2026-02-30",
                "2026-11T07:31",
                "2026-11-24T25:00Z",
                "2026-11-24T07:31:05+9",
                "1234",
                "9999",
                "ge"
            })
    void whatIsNoneIsRefusedWithoutItsValue(String text) {
        assertThatThrownBy(() -> FhirDate.parse(text, SEOUL))
                .isInstanceOf(RefusedException.class)
                .hasMessageStartingWith("date must")
                .message()
                .doesNotContain("yesterday", "2026-13");
    }
}
