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
        UNIT_NOT_ALLOWED,
        LIMIT_NOT_ALLOWED,
        INVALID_ATTRIBUTES,
        UNPARSEABLE_TIME,
        ZONELESS_TIME,
        DEVICE_MISMATCH;

        private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The code on the wire, such as {@code unit-not-allowed}. */
        public String text() {
            return text;
        }
    }
}
