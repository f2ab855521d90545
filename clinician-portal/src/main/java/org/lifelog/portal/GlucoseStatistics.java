package org.lifelog.portal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Windows;

/**
 * The figures of a glucose report by the International Consensus of 2019, in mg/dL. What a number of readings does not
 * define is empty: all but the counts for none, the deviation and the activity for one.
 *
 * @param n number of readings
 * @param days from the first reading to the last, in days of 24 hours
 * @param activePercent how much of that time the sensor was active, see {@link #activePercent(GlucoseReadings)}
 * @param mean mg/dL
 * @param sd standard deviation of a sample (n − 1), mg/dL
 * @param cv coefficient of variation, 100·sd/mean, percent
 * @param gmi glucose management indicator, 3.31 + 0.02392·mean, percent (Bergenstal et al. 2018)
 * @param median mg/dL
 * @param counts readings in the ranges
 * @param agp the ambulatory glucose profile: one bin for each half hour of the local day that has readings
 * @param daily one for each local day that has readings
 */
public record GlucoseStatistics(
        int n,
        double days,
        OptionalDouble activePercent,
        OptionalDouble mean,
        OptionalDouble sd,
        OptionalDouble cv,
        OptionalDouble gmi,
        OptionalDouble median,
        TimeInRange.Counts counts,
        List<AgpBin> agp,
        List<Day> daily) {

    private static final int BIN_MINUTES = 30;
    private static final int DAY_MINUTES = 1_440;

    /**
     * Percentiles (type 7, mg/dL) of the readings of one half hour of the day.
     *
     * @param minute start of the half hour, in minutes of the local clock
     * @param n number of readings
     */
    public record AgpBin(int minute, int n, double p5, double p25, double p50, double p75, double p95) {}

    /**
     * One local day.
     *
     * @param from start of the day, inclusive
     * @param to end of the day, exclusive; 23, 24 or 25 hours later
     * @param mean mg/dL
     */
    public record Day(LocalDate date, Instant from, Instant to, int n, double mean, TimeInRange.Counts counts) {}

    /**
     * Computes the figures.
     *
     * @param zone whose clock the profile and the days follow
     */
    public static GlucoseStatistics of(GlucoseReadings readings, ZoneId zone) {
        int n = readings.n();
        TimeInRange.Counter counter = new TimeInRange.Counter();
        for (int i = 0; i < n; i++) {
            counter.add(readings.value(i));
        }
        double mean = readings.mean();
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double distance = readings.value(i) - mean;
            squares += distance * distance;
        }
        double sd = Math.sqrt(squares / (n - 1));
        return new GlucoseStatistics(
                n,
                n == 0 ? 0 : (double) (readings.time(n - 1) - readings.time(0)) / Micros.PER_DAY,
                activePercent(readings),
                when(n > 0, mean),
                when(n > 1, sd),
                when(n > 1, 100 * sd / mean),
                when(n > 0, 3.31 + 0.02392 * mean),
                n == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(readings.quantiles().at(0.5)),
                counter.counts(),
                agp(readings, zone),
                daily(readings, zone));
    }

    private static OptionalDouble when(boolean defined, double value) {
        return defined ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** Percent of the readings in the ranges; nothing where there are none. */
    public Optional<TimeInRange> timeInRange() {
        return n == 0 ? Optional.empty() : Optional.of(counts.percentOf(n));
    }

    /**
     * How much of the time from the first reading to the last the sensor was active, in percent, as
     * {@code active_percent} of the R package iglu (version 4) computes it. All in minutes, {@code round} half to even:
     *
     * <pre>
     * dt          = round(median of the steps between readings), here at least 1
     * theoretical = round(round(last − first) / dt) + 1
     * gaps        = the steps with round(step) &gt; dt
     * missing     = round((sum of the gaps − number of gaps · dt) / dt)
     * percent     = 100 · (theoretical − missing) / theoretical
     * </pre>
     *
     * @return nothing for fewer than two readings
     */
    static OptionalDouble activePercent(GlucoseReadings readings) {
        int steps = readings.n() - 1;
        if (steps < 1) {
            return OptionalDouble.empty();
        }
        double[] minutes = new double[steps];
        for (int i = 0; i < steps; i++) {
            minutes[i] = (double) (readings.time(i + 1) - readings.time(i)) / Micros.PER_MINUTE;
        }
        // At least 1: iglu divides by 0 for sensors that measure faster than every half minute.
        double dt = Math.max(1, Math.rint(new Quantiles(minutes, steps).at(0.5)));
        double total = (double) (readings.time(steps) - readings.time(0)) / Micros.PER_MINUTE;
        double gapMinutes = 0;
        int gaps = 0;
        for (double step : minutes) {
            if (Math.rint(step) > dt) {
                gapMinutes += step;
                gaps++;
            }
        }
        double theoretical = Math.rint(Math.rint(total) / dt) + 1;
        double missing = Math.rint((gapMinutes - gaps * dt) / dt);
        return OptionalDouble.of(100 * (theoretical - missing) / theoretical);
    }

    private static List<AgpBin> agp(GlucoseReadings readings, ZoneId zone) {
        double[][] bins = new double[DAY_MINUTES / BIN_MINUTES][16];
        int[] sizes = new int[bins.length];
        for (int i = 0; i < readings.n(); i++) {
            Instant time = Micros.instant(readings.time(i));
            long local = time.getEpochSecond() + zone.getRules().getOffset(time).getTotalSeconds();
            int bin = (int) (Math.floorMod(local, DAY_MINUTES * 60L) / (BIN_MINUTES * 60L));
            if (sizes[bin] == bins[bin].length) {
                bins[bin] = Arrays.copyOf(bins[bin], 2 * sizes[bin]);
            }
            bins[bin][sizes[bin]++] = readings.value(i);
        }
        List<AgpBin> agp = new ArrayList<>();
        for (int bin = 0; bin < bins.length; bin++) {
            if (sizes[bin] > 0) {
                Quantiles of = new Quantiles(bins[bin], sizes[bin]);
                agp.add(new AgpBin(
                        bin * BIN_MINUTES, sizes[bin], of.at(0.05), of.at(0.25), of.at(0.5), of.at(0.75), of.at(0.95)));
            }
        }
        return agp;
    }

    private static List<Day> daily(GlucoseReadings readings, ZoneId zone) {
        List<Day> days = new ArrayList<>();
        int i = 0;
        while (i < readings.n()) {
            Instant start = Windows.start(WindowSize.DAY, Micros.instant(readings.time(i)), zone);
            Instant end = Windows.end(WindowSize.DAY, start, zone);
            long endMicros = Micros.of(end);
            TimeInRange.Counter counter = new TimeInRange.Counter();
            double sum = 0;
            int first = i;
            for (; i < readings.n() && readings.time(i) < endMicros; i++) {
                counter.add(readings.value(i));
                sum += readings.value(i);
            }
            int n = i - first;
            days.add(new Day(LocalDate.ofInstant(start, zone), start, end, n, sum / n, counter.counts()));
        }
        return days;
    }
}
