package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SpanTest {
    private static final Instant LAST = Instant.parse("2026-11-24T07:31:05.123456Z");
    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");

    @Test
    void fourteenDaysUpToTheLastReadingWhichIsInside() {
        assertThat(span().around(Optional.of(LAST), NOW))
                .isEqualTo(new Span(
                        Instant.parse("2026-11-10T07:31:05.123456Z"), Instant.parse("2026-11-24T07:31:05.123457Z")));
    }

    @Test
    void fourteenDaysUpToAGivenEnd() {
        assertThat(span("to", "2026-11-20T00:00:00+09:00").around(Optional.of(LAST), NOW))
                .isEqualTo(new Span(Instant.parse("2026-11-05T15:00:00Z"), Instant.parse("2026-11-19T15:00:00Z")));
    }

    @Test
    void fromAGivenBeginToTheLastReading() {
        assertThat(span("from", "2026-01-01T00:00:00Z").around(Optional.of(LAST), NOW))
                .isEqualTo(
                        new Span(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-11-24T07:31:05.123457Z")));
    }

    @Test
    void beginAfterTheLastReadingIsAnEmptySpanAndNoError() {
        Span span = span("from", "2027-01-01T00:00:00Z").around(Optional.of(LAST), NOW);

        assertThat(span.from()).isEqualTo("2027-01-01T00:00:00Z").isBefore(span.to());
    }

    @Test
    void withoutReadingsUpToNow() {
        assertThat(span().around(Optional.empty(), NOW))
                .isEqualTo(new Span(Instant.parse("2026-11-11T00:00:00Z"), NOW));
    }

    @Test
    void beginMustBeBeforeEnd() {
        assertThatThrownBy(() -> span("from", "2026-01-02T00:00:00Z", "to", "2026-01-02T00:00:00Z"))
                .hasMessageContaining("from must be before to");
    }

    private static Span.Asked span(String... given) {
        MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < given.length; i += 2) {
            parameters.add(given[i], given[i + 1]);
        }
        return Span.Asked.of(new Parameters(parameters, List.of("from", "to")));
    }
}
