package org.lifelog.gateway.failure;

import java.util.Locale;

/**
 * Why one reading of a batch is refused.
 *
 * @param index its place in the batch, from 0
 * @param code what is wrong
 * @param detail what is wrong, where, and what to do; without values and subject codes
 */
public record Problem(int index, Code code, String detail) {
    /** What can be wrong with one reading. */
    public enum Code {
        MALFORMED,
        NOT_AN_OBJECT,
        UNKNOWN_FIELD,
        MISSING_FIELD,
        WRONG_TYPE,
        NOT_A_NUMBER,
        INVALID_CODE,
        NATIONAL_ID,
        UNKNOWN_METRIC,
        /** The service makes the readings of the metric itself, of those of another one. */
        DERIVED_METRIC,
        UNIT_NOT_ALLOWED,
        LIMIT_NOT_ALLOWED,
        INVALID_ATTRIBUTES,
        UNPARSEABLE_TIME,
        ZONELESS_TIME,
        DEVICE_MISMATCH,
        SUBJECT_MISMATCH,
        /** A field of a vendor's format has a form or a value that the format does not have. */
        INVALID_FIELD,
        /** The code names nothing that the catalogue has a metric for. */
        UNSUPPORTED_CODE,
        /** FHIR: a resource, or an interaction, that the service does not take. */
        UNSUPPORTED_RESOURCE,
        /** Open mHealth: a schema that the service does not take. */
        UNSUPPORTED_SCHEMA,
        /** The value is of a kind that is not one number with a unit, such as a waveform. */
        UNSUPPORTED_VALUE,
        /** The sender says itself that there is no value. */
        DATA_ABSENT,
        /** A statistic, an estimate or a calibration instead of a measured value. */
        NOT_A_SAMPLE,
        /** The number is an error code of the device, not a value. */
        ERROR_CODE,
        /** Control solution: a check of the meter, never a value of the subject. */
        CONTROL_SOLUTION,
        /** FHIR: a status that says that the value is wrong, withdrawn, or corrects another one. */
        INVALID_STATUS,
        /** FHIR: good by itself, but another entry of its transaction is refused. */
        TRANSACTION_REFUSED;

        private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The code on the wire, such as {@code unit-not-allowed}. */
        public String text() {
            return text;
        }
    }
}
