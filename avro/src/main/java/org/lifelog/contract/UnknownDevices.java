package org.lifelog.contract;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a center does with a reading that names its subject and comes from a device that is not registered, or was never
 * assigned to anybody.
 */
public enum UnknownDevices {
    /** It is quarantined until an assignment of the device covers it. */
    QUARANTINE,
    /** It is judged like any other: for trials, and for centers that keep no register. */
    ACCEPT;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The code in settings and in {@code centers.yaml}, such as {@code quarantine}. */
    public String code() {
        return code;
    }

    /**
     * The policy of a code.
     *
     * @throws IllegalArgumentException where there is none, with what is wrong
     */
    public static UnknownDevices of(String code) {
        return Arrays.stream(values())
                .filter(policy -> policy.code.equals(code))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("is neither quarantine nor accept"));
    }
}
