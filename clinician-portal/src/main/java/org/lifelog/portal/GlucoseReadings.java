package org.lifelog.portal;

import java.util.Arrays;

/** Glucose readings in the order of their times; compact, because a year of them is a hundred thousand. */
public final class GlucoseReadings {
    private long[] micros;
    private double[] values;
    private int n;

    /** None yet, with room for some. */
    public GlucoseReadings(int capacity) {
        micros = new long[Math.max(capacity, 16)];
        values = new double[micros.length];
    }

    /**
     * Adds a reading.
     *
     * @param time microseconds since 1970 UTC, not before the one added last
     * @param value mg/dL at full precision
     * @throws IllegalArgumentException where the time runs backwards
     */
    public void add(long time, double value) {
        if (n > 0 && time < micros[n - 1]) {
            throw new IllegalArgumentException("The readings are not in the order of their times.");
        }
        if (n == micros.length) {
            micros = Arrays.copyOf(micros, 2 * n);
            values = Arrays.copyOf(values, 2 * n);
        }
        micros[n] = time;
        values[n++] = value;
    }

    /** How many there are. */
    public int n() {
        return n;
    }

    /** Time of a reading in microseconds since 1970 UTC. */
    public long time(int i) {
        return micros[i];
    }

    /** Value of a reading in mg/dL. */
    public double value(int i) {
        return values[i];
    }

    /** Mean of the values in mg/dL; of none it is not a number. */
    double mean() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += values[i];
        }
        return sum / n;
    }

    Quantiles quantiles() {
        return new Quantiles(values, n);
    }
}
