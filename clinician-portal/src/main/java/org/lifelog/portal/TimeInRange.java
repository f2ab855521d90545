package org.lifelog.portal;

/**
 * Percent of the readings in the ranges of the International Consensus on Time in Range (2019). The first two overlap
 * and so do the last two: {@code below70} holds {@code below54}.
 *
 * @param below54 x &lt; 54 mg/dL
 * @param below70 x &lt; 70 mg/dL
 * @param in70to180 70 ≤ x ≤ 180 mg/dL
 * @param above180 x &gt; 180 mg/dL
 * @param above250 x &gt; 250 mg/dL
 */
public record TimeInRange(double below54, double below70, double in70to180, double above180, double above250) {
    /** How many readings lie in the ranges. */
    public record Counts(long below54, long below70, long in70to180, long above180, long above250) {
        /** As percent of {@code n}, which must not be 0. */
        public TimeInRange percentOf(long n) {
            return new TimeInRange(
                    100.0 * below54 / n,
                    100.0 * below70 / n,
                    100.0 * in70to180 / n,
                    100.0 * above180 / n,
                    100.0 * above250 / n);
        }
    }

    /** Counts readings. */
    static final class Counter {
        private long below54;
        private long below70;
        private long in70to180;
        private long above180;
        private long above250;

        /** Counts a reading in mg/dL at full precision. */
        void add(double value) {
            below54 += value < 54 ? 1 : 0;
            below70 += value < 70 ? 1 : 0;
            in70to180 += value >= 70 && value <= 180 ? 1 : 0;
            above180 += value > 180 ? 1 : 0;
            above250 += value > 250 ? 1 : 0;
        }

        Counts counts() {
            return new Counts(below54, below70, in70to180, above180, above250);
        }
    }
}
