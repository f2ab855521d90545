package org.lifelog.streams.history;

import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Flag;

/**
 * A reading as it is remembered: its identity within a series, its value, and what became of it.
 *
 * @param time effective time in microseconds since the epoch
 * @param device code of the device
 * @param sequence the device's own number; {@link #NONE} where it has none
 * @param end end of the interval in microseconds since the epoch; {@link #NONE} for an instant
 * @param value in the canonical unit; without meaning where it was withdrawn
 * @param priority rank of the device when it was judged
 */
public record Known(long time, String device, long sequence, long end, double value, Status status, int priority) {
    /** Stands for a sequence or an end that is not there; both are larger where they are. */
    public static final long NONE = Long.MIN_VALUE;

    /** What became of a reading. The ordinal is stored, so new ones go to the end. */
    public enum Status {
        /** As it was measured. */
        FINAL,
        /** Sent as a correction. */
        CORRECTED,
        /** Withdrawn by its sender: it counts nowhere, and stays known so that it does not come back. */
        WITHDRAWN,
        /** Made by the streams of other readings. */
        DERIVED
    }

    /** How a valid reading is remembered. */
    public static Known of(Reading reading) {
        return new Known(
                Micros.of(reading.getTime()),
                reading.getDevice(),
                reading.getSequence() == null ? NONE : reading.getSequence(),
                reading.getEnd() == null ? NONE : Micros.of(reading.getEnd()),
                reading.getStatus() == ReadingStatus.WITHDRAWN ? 0 : reading.getValue(),
                status(reading),
                reading.getPriority());
    }

    private static Status status(Reading reading) {
        if (reading.getStatus() == ReadingStatus.WITHDRAWN) {
            return Status.WITHDRAWN;
        }
        if (reading.getFlags().contains(Flag.DERIVED.code())) {
            return Status.DERIVED;
        }
        return reading.getStatus() == ReadingStatus.CORRECTED ? Status.CORRECTED : Status.FINAL;
    }

    /** Whether it counts. */
    public boolean counts() {
        return status != Status.WITHDRAWN;
    }

    /** Whether it is an interval that counts. */
    public boolean countsInterval() {
        return counts() && end != NONE;
    }

    /** Whether the other one, of the same identity, says the same. */
    public boolean saysTheSameAs(Known other) {
        return value == other.value && end == other.end;
    }
}
