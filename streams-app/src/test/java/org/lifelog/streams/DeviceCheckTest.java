package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Reason;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.UnknownDevices;

class DeviceCheckTest {
    private static final Instant HAND_OVER = Instant.parse("2026-11-24T11:00:00Z");

    private final Centers centers = Centers.load(Catalogue.load());
    private final DeviceCheck strict = new DeviceCheck(centers, UnknownDevices.QUARANTINE);
    private final DeviceCheck trial = new DeviceCheck(centers, UnknownDevices.ACCEPT);
    private final Reading reading =
            Readings.glucose("2026-11-24T11:00:00Z", 112).build();

    private static Optional<Device> device(Assignment... assignments) {
        return Optional.of(new Device("isens", "cgm-1", null, null, List.of(assignments), HAND_OVER, Map.of(), 0));
    }

    private static Optional<Reason> reason(DeviceCheck check, Reading reading, Optional<Device> device) {
        return check.check(reading, device).map(Judgement.Quarantined::reason);
    }

    @Test
    void readingOfTheAssignedSubjectPasses() {
        Optional<Device> device = device(
                new Assignment("S-0", HAND_OVER.minusSeconds(60), HAND_OVER), new Assignment("S-1", HAND_OVER, null));

        assertThat(strict.check(reading, device)).isEmpty();
        assertThat(trial.check(reading, device)).isEmpty();
    }

    @Test
    void deviceOfAnotherSubjectIsUnassignedWhateverThePolicy() {
        Optional<Device> device = device(
                new Assignment("S-1", HAND_OVER.minusSeconds(60), HAND_OVER), new Assignment("S-2", HAND_OVER, null));

        assertThat(reason(strict, reading, device)).contains(Reason.UNASSIGNED_DEVICE);
        assertThat(trial.check(reading, device))
                .contains(new Judgement.Quarantined(
                        Reason.UNASSIGNED_DEVICE,
                        "The device is assigned to another subject at the effective time. An assignment within 30 days"
                                + " that covers the reading releases it."));
    }

    @Test
    void timeBetweenAssignmentsIsUnassignedWhateverThePolicy() {
        Optional<Device> device = device(
                new Assignment("S-1", HAND_OVER.minusSeconds(60), HAND_OVER),
                new Assignment("S-1", HAND_OVER.plusSeconds(60), null));

        assertThat(reason(strict, reading, device)).contains(Reason.UNASSIGNED_DEVICE);
        assertThat(reason(trial, reading, device)).contains(Reason.UNASSIGNED_DEVICE);
    }

    @Test
    void startOfAnIntervalDecides() {
        Optional<Device> device = device(new Assignment("S-1", HAND_OVER.minusSeconds(60), HAND_OVER));
        Reading into = Readings.of("isens", "steps", "{steps}", "2026-11-24T10:59:59Z", 10)
                .setEnd(HAND_OVER.plusSeconds(600))
                .build();
        Reading outOf = Readings.of("isens", "steps", "{steps}", "2026-11-24T10:58:59Z", 10)
                .setEnd(HAND_OVER.minusSeconds(30))
                .build();

        assertThat(strict.check(into, device)).isEmpty();
        assertThat(reason(strict, outOf, device)).contains(Reason.UNASSIGNED_DEVICE);
    }

    @Test
    void deviceThatIsUnknownOrWasNeverAssignedGoesByThePolicy() {
        for (Optional<Device> device : List.of(Optional.<Device>empty(), device())) {
            assertThat(reason(strict, reading, device)).contains(Reason.UNKNOWN_DEVICE);
            assertThat(trial.check(reading, device)).isEmpty();
        }
    }

    @Test
    void readingWithoutSubjectNeverPasses() {
        Reading nobodys = Readings.glucose("2026-11-24T11:00:00Z", 112)
                .setSubject(SubjectKey.unassigned("cgm-1"))
                .build();

        assertThat(reason(trial, nobodys, Optional.empty())).contains(Reason.UNASSIGNED_DEVICE);
        assertThat(reason(trial, nobodys, device(new Assignment("S-1", HAND_OVER, null))))
                .contains(Reason.UNASSIGNED_DEVICE);
    }

    @Test
    void unknownCenterIsLeftToTheJudge() {
        Reading elsewhere = Readings.glucose("2026-11-24T11:00:00Z", 112)
                .setCenter("nowhere")
                .build();

        assertThat(strict.check(elsewhere, Optional.empty())).isEmpty();
    }

    @Test
    void centerThatSaysGoesBeforeTheDefault(@TempDir Path folder) throws IOException {
        Centers saying = Centers.load(
                Files.writeString(
                        folder.resolve("centers.yaml"),
                        "centers:\n- {code: isens, name: I, name_ko: 아, zone: Asia/Seoul, metrics: [glucose_cgm],"
                                + " unknown_devices: accept}"),
                Catalogue.load());

        assertThat(new DeviceCheck(saying, UnknownDevices.QUARANTINE).check(reading, Optional.empty()))
                .isEmpty();
    }
}
