package org.lifelog.portal;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.lifelog.contract.Conversion;

/**
 * Glucose that was measured now and then, by the time of the day and by the meal: what stands in the place of a profile
 * where single readings say nothing of the time between them.
 *
 * @param bins one for each three hours of the local day that have readings, in their order
 * @param meals one for each meal tag that has readings, by its name; readings without a tag have the empty one
 */
public record ModalDay(List<Bin> bins, List<Meal> meals) {
    private static final int BIN_MINUTES = 180;

    /**
     * Three hours of the day; quantiles are of type 7, in the unit that was asked for.
     *
     * @param minute start, in minutes of the local clock
     * @param meals how many of the readings have each tag
     */
    public record Bin(
            int minute,
            int n,
            double mean,
            double min,
            double p25,
            double p50,
            double p75,
            double max,
            Map<String, Integer> meals) {}

    /**
     * The readings of one meal tag.
     *
     * @param meal {@code fasting}, {@code before}, {@code after}, {@code bedtime} or empty
     * @param timeInRange percent of these readings, not of time
     */
    public record Meal(String meal, int n, double mean, double min, double max, TimeInRange timeInRange) {}

    /** Collects readings in the order of their times. */
    static final class Builder {
        private final ZoneId zone;
        private final SortedMap<Integer, GlucoseReadings> bins = new TreeMap<>();
        private final SortedMap<Integer, SortedMap<String, Integer>> tags = new TreeMap<>();
        private final SortedMap<String, GlucoseReadings> meals = new TreeMap<>();

        Builder(ZoneId zone) {
            this.zone = zone;
        }

        /**
         * Adds a reading.
         *
         * @param time microseconds since 1970 UTC
         * @param value mg/dL
         * @param meal the tag, or empty
         */
        void add(long time, double value, String meal) {
            Instant instant = Micros.instant(time);
            int minute = instant.atZone(zone).toLocalTime().toSecondOfDay() / 60;
            int start = minute - minute % BIN_MINUTES;
            bins.computeIfAbsent(start, at -> new GlucoseReadings(0)).add(time, value);
            tags.computeIfAbsent(start, at -> new TreeMap<>()).merge(meal, 1, Integer::sum);
            meals.computeIfAbsent(meal, name -> new GlucoseReadings(0)).add(time, value);
        }

        ModalDay build(Conversion conversion) {
            return new ModalDay(
                    bins.entrySet().stream()
                            .map(bin -> bin(conversion, bin.getKey(), bin.getValue()))
                            .toList(),
                    meals.entrySet().stream()
                            .map(meal -> meal(conversion, meal.getKey(), meal.getValue()))
                            .toList());
        }

        private Bin bin(Conversion conversion, int minute, GlucoseReadings readings) {
            Quantiles of = readings.quantiles();
            return new Bin(
                    minute,
                    readings.n(),
                    conversion.fromCanonical(readings.mean()),
                    conversion.fromCanonical(of.at(0)),
                    conversion.fromCanonical(of.at(0.25)),
                    conversion.fromCanonical(of.at(0.5)),
                    conversion.fromCanonical(of.at(0.75)),
                    conversion.fromCanonical(of.at(1)),
                    tags.get(minute));
        }

        private static Meal meal(Conversion conversion, String meal, GlucoseReadings readings) {
            TimeInRange.Counter counter = new TimeInRange.Counter();
            for (int i = 0; i < readings.n(); i++) {
                counter.add(readings.value(i));
            }
            Quantiles of = readings.quantiles();
            return new Meal(
                    meal,
                    readings.n(),
                    conversion.fromCanonical(readings.mean()),
                    conversion.fromCanonical(of.at(0)),
                    conversion.fromCanonical(of.at(1)),
                    counter.counts().percentOf(readings.n()));
        }
    }
}
