package org.lifelog.local;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plausible courses of what is measured, each a function of time alone: the same moment gives the same value however
 * often it is asked for. Shapes and figures are made up for demonstration and stand for nobody.
 */
final class Signals {
    /** A course over time, in the metric's unit. */
    interface Signal {
        double at(ZonedDateTime time);
    }

    private static final List<LocalTime> MEALS =
            List.of(LocalTime.of(7, 30), LocalTime.of(12, 20), LocalTime.of(18, 40));
    private static final double MEAL_PEAK_MINUTES = 50;

    private final long seed;

    Signals(long seed) {
        this.seed = seed;
    }

    /** A level with a day-night rhythm and noise that is new every time. */
    Signal rhythm(double mean, double amplitude, double peakHour, double noise) {
        return time -> mean
                + amplitude * Math.cos(2 * Math.PI * (hour(time) - peakHour) / 24)
                + noise * gaussian(time.toEpochSecond());
    }

    /** A level that wanders slowly, over weeks. */
    Signal drift(double mean, double amplitude, double noise) {
        return time -> mean
                + amplitude * Math.sin(time.toEpochSecond() / 86_400.0 / 9 + (seed & 63))
                + noise * gaussian(time.toEpochSecond());
    }

    /** Glucose in mg/dL: a base, the rise before dawn, three meals of varying size, and slow and quick noise. */
    Signal glucose(double base, double mealRise) {
        return time -> {
            double value = base + 12 * Math.exp(-Math.pow(hour(time) - 6.5, 2) / 4);
            for (int dayBack = 0; dayBack <= 1; dayBack++) {
                for (LocalTime meal : MEALS) {
                    ZonedDateTime eaten = time.minusDays(dayBack).with(meal);
                    long key = eaten.toEpochSecond();
                    double size = mealRise * (1 + 0.35 * gaussian(key));
                    double minutes = Duration.between(eaten, time).toMinutes() - 15 * gaussian(key + 1);
                    if (minutes > 0) {
                        double x = minutes / MEAL_PEAK_MINUTES;
                        value += Math.max(0, size) * x * x * Math.exp(2 - 2 * x);
                    }
                }
            }
            return Math.max(42, value + 14 * smooth(time.toEpochSecond(), 5_400) + 2 * gaussian(time.toEpochSecond()));
        };
    }

    /** Heart rate in beats a minute: low in sleep, higher by day, with bursts of activity. */
    Signal heartRate(double rest) {
        return time -> rest
                + (asleep(time) ? -6 : 14)
                + (active(time) ? 28 + 12 * gaussian(time.toEpochSecond() / 900) : 0)
                + 3 * gaussian(time.toEpochSecond());
    }

    /** Steps in a quarter of an hour. */
    Signal steps() {
        return time -> {
            if (asleep(time)) {
                return 0;
            }
            double walk = active(time)
                    ? 1_100 + 250 * gaussian(time.toEpochSecond())
                    : 90 + 80 * gaussian(time.toEpochSecond());
            return Math.max(0, Math.rint(walk));
        };
    }

    /** Concentrations that rise in the rush hours and are never negative. */
    Signal traffic(double base, double rise) {
        return time -> {
            double rush = Math.exp(-Math.pow(hour(time) - 8.5, 2) / 3) + Math.exp(-Math.pow(hour(time) - 18.5, 2) / 3);
            return Math.max(
                    0,
                    base
                            + rise * rush
                            + base * 0.3 * smooth(time.toEpochSecond(), 43_200)
                            + base * 0.05 * gaussian(time.toEpochSecond()));
        };
    }

    /** Whether this one sleeps: from about 23 to 6:30 h. */
    boolean asleep(ZonedDateTime time) {
        double hour = hour(time);
        double shift = 0.5 * gaussian(time.toLocalDate().toEpochDay());
        return hour < 6.5 + shift || hour > 23 + shift;
    }

    private boolean active(ZonedDateTime time) {
        return !asleep(time) && gaussian(time.toEpochSecond() / 900 + 7) > 1.2;
    }

    /** Noise that changes over about so many seconds: between two values of a coarse grid, eased. */
    private double smooth(long seconds, long period) {
        long cell = Math.floorDiv(seconds, period);
        double x = (double) Math.floorMod(seconds, period) / period;
        double eased = x * x * (3 - 2 * x);
        return (1 - eased) * gaussian(cell * 31) + eased * gaussian((cell + 1) * 31);
    }

    /** A normal deviate that belongs to a number. */
    double gaussian(long number) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
        double u = 1 - random.nextDouble();
        return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private static double hour(ZonedDateTime time) {
        return time.toLocalTime().toSecondOfDay() / 3_600.0;
    }
}
