package org.lifelog.portal;

import java.util.Arrays;

/** Quantiles of type 7 (Hyndman and Fan 1996), which R and NumPy use by default. */
final class Quantiles {
    private final double[] sorted;

    /** Of the first {@code n} values, which must be one at least; the array is not changed. */
    Quantiles(double[] values, int n) {
        sorted = Arrays.copyOf(values, n);
        Arrays.sort(sorted);
    }

    /** The quantile of a probability from 0 to 1. */
    double at(double probability) {
        double position = (sorted.length - 1) * probability;
        int below = (int) Math.floor(position);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
