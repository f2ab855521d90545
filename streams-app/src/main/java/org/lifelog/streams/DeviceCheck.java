package org.lifelog.streams;

import java.time.Duration;
import java.util.Optional;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Assignments;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Reason;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.UnknownDevices;

/**
 * Checks that a reading's device was assigned to the reading's subject at the effective time, which for an interval is
 * its start. So a device that was handed over never writes to the former subject. No state.
 */
final class DeviceCheck {
    /** For so long an assignment can release a reading. */
    static final Duration PATIENCE = Duration.ofDays(30);

    private static final String RELEASE =
            " An assignment within " + PATIENCE.toDays() + " days that covers the reading releases it.";

    private final Centers centers;
    private final UnknownDevices unlessSaid;

    /**
     * Checks by the centers' policies.
     *
     * @param unlessSaid the policy of centers that do not say
     */
    DeviceCheck(Centers centers, UnknownDevices unlessSaid) {
        this.centers = centers;
        this.unlessSaid = unlessSaid;
    }

    /**
     * What is wrong with the device of a reading; empty where nothing is, or where it is the judge's to quarantine it.
     *
     * @param registered its device; empty where it is not registered
     */
    Optional<Judgement.Quarantined> check(Reading sent, Optional<Device> registered) {
        Optional<Center> center = centers.center(sent.getCenter());
        if (center.isEmpty()) {
            return Optional.empty();
        }
        if (SubjectKey.isUnassigned(sent.getSubject())) {
            return unassigned("The device is assigned to nobody at the effective time.");
        }
        if (registered.isEmpty()) {
            return byPolicy(center.get(), "The device is not registered.");
        }
        if (registered.get().getAssignments().isEmpty()) {
            return byPolicy(center.get(), "The device is registered and was never assigned.");
        }
        Optional<String> assigned = Assignments.at(registered.get(), sent.getTime());
        if (assigned.isEmpty()) {
            return unassigned("The device is assigned to nobody at the effective time.");
        }
        return assigned.get().equals(sent.getSubject())
                ? Optional.empty()
                : unassigned("The device is assigned to another subject at the effective time.");
    }

    private Optional<Judgement.Quarantined> byPolicy(Center center, String what) {
        return center.unknownDevices().orElse(unlessSaid) == UnknownDevices.ACCEPT
                ? Optional.empty()
                : Optional.of(new Judgement.Quarantined(Reason.UNKNOWN_DEVICE, what + RELEASE));
    }

    private static Optional<Judgement.Quarantined> unassigned(String what) {
        return Optional.of(new Judgement.Quarantined(Reason.UNASSIGNED_DEVICE, what + RELEASE));
    }
}
