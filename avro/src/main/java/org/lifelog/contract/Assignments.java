package org.lifelog.contract;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;

/** The question to whom a device is assigned at an instant, and the rule by which its assignments stay without overlap. */
public final class Assignments {
    private Assignments() {}

    /**
     * The subject that a device measures at an instant; empty where it is assigned to nobody then. The start of an
     * assignment is inside, its end is outside.
     *
     * @param time the effective time of a reading, or the start of its interval
     */
    public static Optional<String> at(Device device, Instant time) {
        // Where a writer of another kind let two overlap, the later hand-over counts: nothing goes to the former
        // subject.
        return device.getAssignments().stream()
                .filter(assignment -> covers(assignment, time))
                .max(Comparator.comparing(Assignment::getFrom))
                .map(Assignment::getSubject);
    }

    /**
     * The device with one more assignment, in the order of their starts, to the microsecond. Nothing changes where it has
     * this very assignment; an assignment that lasts is ended by giving the same subject and start with an end. Its time
     * of change stays the caller's to set.
     *
     * @throws AssignmentException where the assignment is empty, or overlaps another one
     */
    public static Device add(Device device, Assignment assignment) {
        Assignment added = toMicros(assignment);
        if (added.getTo() != null && !added.getTo().isAfter(added.getFrom())) {
            throw AssignmentException.empty(added);
        }
        List<Assignment> assignments = new ArrayList<>(device.getAssignments());
        assignments.removeIf(present -> replaces(added, present));
        for (Assignment present : assignments) {
            if (overlap(added, present)) {
                throw AssignmentException.overlap(added, present);
            }
        }
        assignments.add(added);
        assignments.sort(Comparator.comparing(Assignment::getFrom));
        return Device.newBuilder(device).setAssignments(assignments).build();
    }

    private static boolean covers(Assignment assignment, Instant time) {
        return !time.isBefore(assignment.getFrom())
                && (assignment.getTo() == null || time.isBefore(assignment.getTo()));
    }

    /** The same again, or the end of one that lasts. */
    private static boolean replaces(Assignment added, Assignment present) {
        return added.equals(present)
                || (present.getTo() == null
                        && added.getSubject().equals(present.getSubject())
                        && added.getFrom().equals(present.getFrom()));
    }

    private static boolean overlap(Assignment one, Assignment other) {
        return (one.getTo() == null || other.getFrom().isBefore(one.getTo()))
                && (other.getTo() == null || one.getFrom().isBefore(other.getTo()));
    }

    /** As times stand in Kafka; else what is compared here would differ from what is read there. */
    private static Assignment toMicros(Assignment assignment) {
        return new Assignment(
                assignment.getSubject(),
                assignment.getFrom().truncatedTo(ChronoUnit.MICROS),
                assignment.getTo() == null ? null : assignment.getTo().truncatedTo(ChronoUnit.MICROS));
    }
}
