package org.lifelog.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BreakerTest {
    private final Breaker breaker = new Breaker();

    @Test
    void itOpensAfterThreeFailuresInARow() {
        breaker.failed();
        breaker.failed();
        assertThat(breaker.closed()).isTrue();
        breaker.failed();
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void aConfirmationInBetweenStartsTheCountAnew() {
        breaker.failed();
        breaker.failed();
        breaker.confirmed();
        breaker.failed();
        breaker.failed();
        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void messagesPassAgainWhenKafkaAnswersAndTheFirstOneDecides() {
        open();
        breaker.answers();
        assertThat(breaker.closed()).isTrue();
        breaker.failed();
        assertThat(breaker.closed()).isFalse();

        breaker.answers();
        breaker.confirmed();
        breaker.failed();
        breaker.failed();
        assertThat(breaker.closed()).isTrue();
    }

    @Test
    void aLateConfirmationDoesNotCloseIt() {
        open();
        breaker.confirmed();
        assertThat(breaker.closed()).isFalse();
    }

    @Test
    void whileItIsClosedTheProbeChangesNothing() {
        breaker.failed();
        breaker.failed();
        breaker.answers();
        breaker.failed();
        assertThat(breaker.closed()).isFalse();
    }

    private void open() {
        for (int i = 0; i < 3; i++) {
            breaker.failed();
        }
    }
}
