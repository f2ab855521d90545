package org.lifelog.contract;

/**
 * From a unit in which a metric may be sent to its canonical unit: {@code canonical = sent * factor + offset}.
 *
 * @param factor canonical units per sent unit; not 0
 * @param offset in canonical units
 */
public record Conversion(double factor, double offset) {
    /** For a value that is in the canonical unit already. */
    public static final Conversion NONE = new Conversion(1, 0);

    /** The value in the canonical unit. */
    public double toCanonical(double sent) {
        return this == NONE ? sent : sent * factor + offset;
    }

    /** The value in the unit that this conversion starts from. */
    public double fromCanonical(double canonical) {
        return this == NONE ? canonical : (canonical - offset) / factor;
    }
}
