package org.lifelog.contract;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the judgement noticed about a valid reading. The ordinal is the bit in the database, so new flags go to the end. */
public enum Flag {
    /** Outside the usual range of the catalogue, inside the possible one. */
    OUTSIDE_USUAL_RANGE,
    /** At or below the lower limit of the device: the value is that limit. */
    BELOW_RANGE,
    /** At or above the upper limit of the device: the value is that limit. */
    ABOVE_RANGE,
    /** Older than the streams' grace: its windows are computed from the stored readings. */
    LATE,
    /** The device itself said that its clock was at fault. */
    TIME_FAULT_REPORTED,
    /** The clock of the device ran ahead or was put back, by its own numbers of the readings. */
    CLOCK_SUSPECT,
    /** The same value within half a second: from another device, or from the same one with a jitter. It counts all the same. */
    PROBABLE_DUPLICATE,
    /** Changes faster from its neighbour in time than the catalogue takes for possible. */
    RATE_OF_CHANGE,
    /** The device has given the very same value for longer than the catalogue takes for possible. */
    FROZEN,
    /** Not a multiple of the step of the catalogue. */
    OFF_GRID,
    /** Takes the place of another value of the same reading. */
    CORRECTED,
    /** Made by the streams of other readings, which are stored too: an amount of a running count, a night of its stages. */
    DERIVED;

    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The code on the wire, such as {@code outside-usual-range}. */
    public String code() {
        return code;
    }

    /** The flag's bit in {@link #bits}. */
    public int bit() {
        return 1 << ordinal();
    }

    /** The flag with a code, or nothing for a code of a newer version. */
    public static Optional<Flag> of(String code) {
        return Arrays.stream(values()).filter(flag -> flag.code.equals(code)).findFirst();
    }

    /** The set of flags as bits; codes of a newer version are left out. */
    public static int bits(Collection<String> codes) {
        int bits = 0;
        for (String code : codes) {
            bits |= of(code).map(Flag::bit).orElse(0);
        }
        return bits;
    }

    /** The codes of a set of flags that is given as bits. */
    public static List<String> codes(int bits) {
        return Arrays.stream(values())
                .filter(flag -> (bits & flag.bit()) != 0)
                .map(Flag::code)
                .toList();
    }
}
