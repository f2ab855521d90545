package org.lifelog.contract;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What can be measured, as the catalogue has it. All limits are in the canonical unit.
 *
 * @param code the metric's name in topics, SQL and the API, such as {@code glucose_cgm}
 * @param name English name
 * @param nameKo Korean name
 * @param loinc LOINC code, where one has been confirmed
 * @param unit canonical unit as a UCUM code
 * @param kind how its readings are summarised
 * @param hard what is possible; outside is quarantined
 * @param usual what is usual; outside is flagged
 * @param deviceLow value that a device's LOW stands for; at or below it a value is censored
 * @param deviceHigh value that a device's HIGH stands for; at or above it a value is censored
 * @param bands bands for counting
 * @param attributes allowed keys, each with its allowed values
 * @param requiredAttributes keys that must be given, because a value says nothing without them
 * @param typicalPeriod usual distance of two readings, for people
 * @param plausibility what is expected of several values together
 * @param madeOf code of the metric of whose readings the service makes those of this one; nobody sends it
 */
public record Metric(
        String code,
        String name,
        String nameKo,
        Optional<String> loinc,
        String unit,
        Kind kind,
        Range hard,
        Range usual,
        OptionalDouble deviceLow,
        OptionalDouble deviceHigh,
        Bands bands,
        Map<String, List<String>> attributes,
        Set<String> requiredAttributes,
        String typicalPeriod,
        Plausibility plausibility,
        Optional<String> madeOf) {

    /** How the readings of a metric are summarised. */
    public enum Kind {
        /** A value at an instant. */
        SAMPLE,
        /** An amount over an interval. */
        DELTA,
        /** An interval with a stage. */
        EPISODE,
        /** A level in decibel, whose mean is the mean of the energy. */
        LEVEL;

        static Kind of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * A range of values.
     *
     * @param min lower limit
     * @param minExcluded whether the lower limit itself is outside
     * @param max upper limit, inside
     */
    public record Range(double min, boolean minExcluded, double max) {
        /** Whether the value lies inside; never for a value that is not a number. */
        public boolean contains(double value) {
            return (minExcluded ? value > min : value >= min) && value <= max;
        }
    }

    /**
     * What is expected of several values together.
     *
     * @param step of which every value is a multiple
     * @param ratePerMinute fastest change that is believed, in the canonical unit per minute
     * @param frozenAfter for how long a living subject's device may give the very same value
     * @param below code of the metric whose value of the same instant is larger
     * @param above code of the metric whose value of the same instant is smaller
     */
    public record Plausibility(
            OptionalDouble step,
            OptionalDouble ratePerMinute,
            Optional<Duration> frozenAfter,
            Optional<String> below,
            Optional<String> above) {}

    /** Whether LOW and HIGH are values of this metric. */
    public boolean hasDeviceLimits() {
        return deviceLow.isPresent() || deviceHigh.isPresent();
    }

    /** What is wrong with these attributes, and what to do; nothing where they are allowed. */
    public Optional<String> problemWith(Map<String, String> given) {
        for (Map.Entry<String, String> attribute : given.entrySet()) {
            List<String> allowed = attributes.get(attribute.getKey());
            if (allowed == null) {
                return Optional.of(
                        attributes.isEmpty()
                                ? "Metric " + code + " has no attributes; leave them out."
                                : "Metric " + code + " has the attributes " + attributes.keySet() + " only.");
            }
            if (!allowed.contains(attribute.getValue())) {
                return Optional.of(
                        "Attribute " + attribute.getKey() + " of metric " + code + " is one of " + allowed + ".");
            }
        }
        if (!given.keySet().containsAll(requiredAttributes)) {
            return Optional.of("Metric " + code + " needs the attributes " + requiredAttributes + ".");
        }
        return Optional.empty();
    }
}
