package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Assignment;
import org.lifelog.registry.TrustedClasses;

class AssignmentExceptionTest {
    private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");
    private static final Instant SECOND = Instant.parse("2026-11-02T00:00:00Z");

    static {
        TrustedClasses.trust();
    }

    @Test
    void anOverlapNamesBothIntervalsAndNoSubject() {
        AssignmentException error = AssignmentException.overlap(
                new Assignment("S-secret", FIRST, SECOND), new Assignment("S-other", FIRST, null));

        assertThat(error.overlap()).isTrue();
        assertThat(error)
                .hasMessage("The assignment from 2026-11-01T00:00:00Z to 2026-11-02T00:00:00Z overlaps the assignment"
                        + " from 2026-11-01T00:00:00Z to an open end. A device measures one subject at a time: end the"
                        + " other assignment first, or choose another interval.");
    }

    @Test
    void anEmptyOneContradictsItself() {
        AssignmentException error = AssignmentException.empty(new Assignment("S-secret", SECOND, FIRST));

        assertThat(error.overlap()).isFalse();
        assertThat(error)
                .hasMessage("The assignment from 2026-11-02T00:00:00Z to 2026-11-01T00:00:00Z is empty: its end is not"
                        + " after its start.");
    }
}
