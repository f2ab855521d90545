package org.lifelog.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void theSendersTraceGoesOn() {
        assertThat(TraceContext.of(Optional.of(SENT)).traceparent()).isEqualTo(SENT);
    }

    @Test
    void aNewerVersionIsReadAsTheOneThatIsKnown() {
        assertThat(TraceContext.of(Optional.of("01" + SENT.substring(2) + "-more"))
                        .traceparent())
                .isEqualTo(SENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more"
            })
    void whatIsNotInGoodFormIsReplaced(String sent) {
        String traceparent = TraceContext.of(Optional.of(sent)).traceparent();
        assertThat(traceparent).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00").isNotEqualTo(sent);
    }

    @Test
    void everyNewTraceIsAnother() {
        assertThat(TraceContext.of(Optional.empty())).isNotEqualTo(TraceContext.of(Optional.empty()));
    }
}
