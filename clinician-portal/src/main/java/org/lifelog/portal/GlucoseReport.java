package org.lifelog.portal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lifelog.contract.Bands;
import org.lifelog.contract.Conversion;
import org.lifelog.contract.Metric;

/**
 * The {@code glucose} call's answer. Everything is computed in mg/dL at full precision; only {@code mean}, {@code sd},
 * {@code median}, the profile and the days' means are then given in the unit that was asked for.
 *
 * @param unit {@code mg/dL} or {@code mmol/L}
 * @param from inclusive
 * @param to exclusive
 * @param zone whose clock the profile and the days follow
 * @param days from the first reading to the last, in days of 24 hours
 * @param counts readings in the ranges
 * @param previous the figures of the time just before, as long as this one, where they were asked for
 * @param modalDay of a metric that is measured now and then
 */
public record GlucoseReport(
        String metric,
        String unit,
        Instant from,
        Instant to,
        String zone,
        int n,
        double days,
        OptionalDouble activePercent,
        OptionalDouble mean,
        OptionalDouble sd,
        OptionalDouble cv,
        OptionalDouble gmi,
        OptionalDouble median,
        Optional<TimeInRange> timeInRange,
        TimeInRange.Counts counts,
        List<GlucoseStatistics.AgpBin> agp,
        Sufficiency sufficiency,
        List<Day> daily,
        Optional<GlucoseFigures> previous,
        Optional<ModalDay> modalDay) {

    /** The edges of the consensus; a metric that counts by them is glucose that the report is about. */
    private static final Bands CONSENSUS = Bands.parse("[54 [70 180] 250]");

    private static final double ENOUGH_DAYS = 14;
    private static final double ENOUGH_PERCENT = 70;

    /**
     * Whether the figures stand on enough data: 14 days, of which the sensor was active for 70 percent.
     *
     * @param reason a sentence
     */
    public record Sufficiency(boolean enough, String reason) {}

    /** One local day that has readings. */
    public record Day(
            LocalDate date,
            Instant from,
            Instant to,
            int n,
            double mean,
            TimeInRange timeInRange,
            TimeInRange.Counts counts) {}

    static boolean covers(Metric metric) {
        return metric.bands().edges().equals(CONSENSUS.edges());
    }

    static GlucoseReport of(
            Metric metric,
            String unit,
            Conversion conversion,
            Span span,
            String zone,
            GlucoseStatistics statistics,
            Optional<GlucoseFigures> previous,
            Optional<ModalDay> modalDay) {
        return new GlucoseReport(
                metric.code(),
                unit,
                span.from(),
                span.to(),
                zone,
                statistics.n(),
                statistics.days(),
                isSpot(metric) ? OptionalDouble.empty() : statistics.activePercent(),
                converted(conversion, statistics.mean()),
                converted(conversion, statistics.sd()),
                statistics.cv(),
                statistics.gmi(),
                converted(conversion, statistics.median()),
                statistics.timeInRange(),
                statistics.counts(),
                statistics.agp().stream()
                        .map(bin -> new GlucoseStatistics.AgpBin(
                                bin.minute(),
                                bin.n(),
                                conversion.fromCanonical(bin.p5()),
                                conversion.fromCanonical(bin.p25()),
                                conversion.fromCanonical(bin.p50()),
                                conversion.fromCanonical(bin.p75()),
                                conversion.fromCanonical(bin.p95())))
                        .toList(),
                sufficiency(metric, statistics),
                statistics.daily().stream()
                        .map(day -> new Day(
                                day.date(),
                                day.from(),
                                day.to(),
                                day.n(),
                                conversion.fromCanonical(day.mean()),
                                day.counts().percentOf(day.n()),
                                day.counts()))
                        .toList(),
                previous,
                modalDay);
    }

    static OptionalDouble converted(Conversion conversion, OptionalDouble value) {
        return value.isPresent()
                ? OptionalDouble.of(conversion.fromCanonical(value.getAsDouble()))
                : OptionalDouble.empty();
    }

    /** Single measurements at moments that somebody chose: they say nothing of the time between them. */
    static boolean isSpot(Metric metric) {
        return metric.typicalPeriod().equals("spot");
    }

    static Sufficiency sufficiency(Metric metric, GlucoseStatistics statistics) {
        if (statistics.n() == 0) {
            return new Sufficiency(false, "There are no readings in this period.");
        }
        if (isSpot(metric)) {
            return new Sufficiency(
                    false,
                    "Single meter readings do not show the time between them; a report needs a continuous monitor.");
        }
        // Rounded as iglu reports days: 14 days of a sensor end one step short of 14 times 24 hours.
        double days = Math.rint(statistics.days() * 10) / 10;
        double active = statistics.activePercent().orElse(0);
        if (days < ENOUGH_DAYS) {
            return new Sufficiency(
                    false, sentence("The readings span %.1f days; a reliable report needs %.0f.", days, ENOUGH_DAYS));
        }
        if (active < ENOUGH_PERCENT) {
            return new Sufficiency(
                    false,
                    sentence(
                            "The sensor was active for %.1f %% of the time; a reliable report needs %.0f %%.",
                            active, ENOUGH_PERCENT));
        }
        return new Sufficiency(
                true, sentence("The readings span %.1f days with %.1f %% of the time active.", days, active));
    }

    private static String sentence(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
