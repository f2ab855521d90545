package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.registry.TrustedClasses;

class AssignmentsTest {
    private static final Instant MONDAY = Instant.parse("2026-11-02T00:00:00Z");
    private static final Instant TUESDAY = Instant.parse("2026-11-03T00:00:00Z");
    private static final Instant FRIDAY = Instant.parse("2026-11-06T00:00:00Z");

    static {
        TrustedClasses.trust();
    }

    @Test
    void aHandedOverDeviceBelongsToOneSubjectAtATime() {
        Device device = Assignments.add(device(), new Assignment("S-1", MONDAY, TUESDAY));
        device = Assignments.add(device, new Assignment("S-2", TUESDAY, null));

        assertThat(Assignments.at(device, MONDAY.minusNanos(1_000))).isEmpty();
        assertThat(Assignments.at(device, MONDAY)).contains("S-1");
        assertThat(Assignments.at(device, TUESDAY.minusNanos(1_000))).contains("S-1");
        assertThat(Assignments.at(device, TUESDAY)).contains("S-2");
        assertThat(Assignments.at(device, FRIDAY.plusSeconds(1_000_000_000))).contains("S-2");
    }

    @Test
    void assignmentsStandInTheOrderOfTheirStarts() {
        Device device = Assignments.add(device(), new Assignment("S-2", TUESDAY, FRIDAY));
        device = Assignments.add(device, new Assignment("S-1", MONDAY, TUESDAY));

        assertThat(device.getAssignments()).extracting(Assignment::getFrom).containsExactly(MONDAY, TUESDAY);
    }

    @Test
    void oneThatLastsIsEndedByItsEnd() {
        Device open = Assignments.add(device(), new Assignment("S-1", MONDAY, null));

        assertThat(Assignments.add(open, new Assignment("S-1", MONDAY, FRIDAY)).getAssignments())
                .containsExactly(new Assignment("S-1", MONDAY, FRIDAY));
    }

    @Test
    void theSameAgainChangesNothing() {
        Device device = Assignments.add(device(), new Assignment("S-1", MONDAY, TUESDAY));

        assertThat(Assignments.add(device, new Assignment("S-1", MONDAY, TUESDAY)))
                .isEqualTo(device);
        assertThat(Assignments.add(device, new Assignment("S-1", MONDAY.plusNanos(999), TUESDAY.plusNanos(1))))
                .isEqualTo(device);
    }

    @Test
    void overlapIsRefusedWithItsBoundsAndWithoutSubjects() {
        Device open = Assignments.add(device(), new Assignment("S-1", MONDAY, null));
        Device ended = Assignments.add(device(), new Assignment("S-1", MONDAY, TUESDAY));

        // Even at the same start: another subject, or another end of one that is over, is another assignment.
        List.of(new Assignment("S-2", MONDAY, FRIDAY), new Assignment("S-2", TUESDAY, null))
                .forEach(added -> assertOverlap(open, added));
        List.of(
                        new Assignment("S-1", MONDAY, FRIDAY),
                        new Assignment("S-1", MONDAY, null),
                        new Assignment("S-1", TUESDAY.minusSeconds(1), FRIDAY))
                .forEach(added -> assertOverlap(ended, added));
    }

    private static void assertOverlap(Device device, Assignment added) {
        assertThatExceptionOfType(AssignmentException.class)
                .isThrownBy(() -> Assignments.add(device, added))
                .withMessageContaining("from " + added.getFrom())
                .withMessageContaining("overlaps the assignment from 2026-11-02T00:00:00Z to ")
                .matches(AssignmentException::overlap)
                .matches(error -> !error.getMessage().contains("S-"));
    }

    @Test
    void emptyIntervalIsRefused() {
        assertThatExceptionOfType(AssignmentException.class)
                .isThrownBy(() -> Assignments.add(device(), new Assignment("S-1", MONDAY, MONDAY)))
                .matches(error -> !error.overlap());
    }

    @Test
    void whereAnotherWriterLetTwoOverlapTheLaterHandOverCounts() {
        Device device = Device.newBuilder(device())
                .setAssignments(List.of(new Assignment("S-2", TUESDAY, null), new Assignment("S-1", MONDAY, null)))
                .build();

        assertThat(Assignments.at(device, FRIDAY)).contains("S-2");
    }

    @Property
    void noInstantEverBelongsToTwo(
            @ForAll("assignments") List<Assignment> assignments, @ForAll @IntRange(min = -1, max = 60) int second) {
        Device device = device();
        List<Assignment> taken = new ArrayList<>();
        for (Assignment assignment : assignments) {
            try {
                device = Assignments.add(device, assignment);
                // The slow, obvious model: what was taken, without the open one that this ends.
                taken.removeIf(one -> one.getTo() == null
                        && one.getSubject().equals(assignment.getSubject())
                        && one.getFrom().equals(assignment.getFrom()));
                taken.remove(assignment);
                taken.add(assignment);
            } catch (AssignmentException e) {
                assertThat(device.getAssignments()).containsExactlyInAnyOrderElementsOf(taken);
            }
        }
        Instant time = Instant.ofEpochSecond(second);
        List<String> inside = taken.stream()
                .filter(one -> !one.getFrom().isAfter(time)
                        && (one.getTo() == null || one.getTo().isAfter(time)))
                .map(Assignment::getSubject)
                .toList();
        assertThat(inside).hasSizeLessThanOrEqualTo(1);
        assertThat(Assignments.at(device, time)).isEqualTo(inside.stream().findFirst());
        assertThat(device.getAssignments()).containsExactlyInAnyOrderElementsOf(taken);
    }

    @Provide
    Arbitrary<List<Assignment>> assignments() {
        Arbitrary<Instant> times = Arbitraries.integers().between(0, 50).map(Instant::ofEpochSecond);
        return Combinators.combine(
                        Arbitraries.of("S-1", "S-2", "S-3"),
                        times,
                        Arbitraries.integers().between(-1, 8).injectNull(0.2))
                .as((subject, from, seconds) -> new Assignment(
                        subject,
                        from,
                        Optional.ofNullable(seconds).map(from::plusSeconds).orElse(null)))
                .list()
                .ofMaxSize(12);
    }

    private static Device device() {
        return new Device("isens", "meter-1", null, null, List.of(), Instant.EPOCH, Map.of(), 0);
    }
}
