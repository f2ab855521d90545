package org.lifelog.contract;

import java.time.Instant;
import java.util.Optional;
import org.lifelog.avro.Assignment;

/** An assignment that a device cannot have. The message names intervals and no subject. */
public final class AssignmentException extends RuntimeException {
    private final boolean overlap;

    private AssignmentException(String message, boolean overlap) {
        super(message);
        this.overlap = overlap;
    }

    static AssignmentException empty(Assignment assignment) {
        return new AssignmentException(
                "The assignment " + interval(assignment) + " is empty: its end is not after its start.", false);
    }

    static AssignmentException overlap(Assignment added, Assignment present) {
        return new AssignmentException(
                "The assignment " + interval(added) + " overlaps the assignment " + interval(present)
                        + ". A device measures one subject at a time: end the other assignment first, or choose"
                        + " another interval.",
                true);
    }

    /** Whether it contradicts what is there already, and not itself. */
    public boolean overlap() {
        return overlap;
    }

    private static String interval(Assignment assignment) {
        return "from " + assignment.getFrom() + " to "
                + Optional.ofNullable(assignment.getTo()).map(Instant::toString).orElse("an open end");
    }
}
