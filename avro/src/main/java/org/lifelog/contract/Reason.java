package org.lifelog.contract;

import java.util.Locale;

/**
 * Why the streams, or the sink, quarantined a reading. What the gateway refuses over MQTT is quarantined with the gateway's
 * own codes.
 */
public enum Reason {
    /** The record in Kafka is not a Reading in the wire format. */
    UNDECODABLE,
    /** The metric is not in the catalogue. */
    UNKNOWN_METRIC,
    /** The center is not configured. */
    UNKNOWN_CENTER,
    /** The unit cannot be converted to the metric's canonical unit. */
    UNIT_NOT_ALLOWED,
    /** Not a finite number, or outside the hard limits of the catalogue. */
    IMPOSSIBLE_VALUE,
    /** The effective time lies after the arrival by more than the tolerance. */
    FUTURE_TIME,
    /** The effective time lies before the earliest one that the installation takes. */
    ANCIENT_TIME,
    /** The end of the interval is not after its start. */
    INTERVAL_REVERSED,
    /** A reading with the same identity and another value is known; the first one stays. */
    CONFLICTING_DUPLICATE,
    /** The device is not registered, or was never assigned, and the center takes no readings from such devices. */
    UNKNOWN_DEVICE,
    /** The device is registered, but is not assigned to the subject, or to anybody, at the effective time. */
    UNASSIGNED_DEVICE,
    /** The device measured control solution, and not the subject. */
    CONTROL_SOLUTION,
    /** The interval overlaps another one of the same device and series; the first one stays. */
    OVERLAPPING_INTERVAL,
    /** Two values of one instant contradict each other, as a diastolic pressure above the systolic one; the first stays. */
    PAIR_REVERSED,
    /** A correction or a withdrawal of the reading came before it. */
    SUPERSEDED,
    /** A withdrawal of a reading that is not known. */
    NOTHING_TO_WITHDRAW,
    /** The sink could not store it: the database refuses the row for its content, or the record cannot be decoded. */
    REFUSED_BY_STORAGE;

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The code on the wire, such as {@code impossible-value}. */
    public String code() {
        return code;
    }
}
