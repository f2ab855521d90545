package org.lifelog.portal;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.lifelog.contract.Conversion;
import org.lifelog.contract.Metric;

/**
 * The figures of one period, to lay beside those of another. The parts mean what they mean in {@link GlucoseReport}.
 *
 * @param from inclusive
 * @param to exclusive
 * @param days from the first reading to the last, in days of 24 hours
 * @param mean in the unit that was asked for, as {@code sd} and {@code median}
 */
public record GlucoseFigures(
        Instant from,
        Instant to,
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
        GlucoseReport.Sufficiency sufficiency) {

    static GlucoseFigures of(Metric metric, Conversion conversion, Span span, GlucoseStatistics statistics) {
        return new GlucoseFigures(
                span.from(),
                span.to(),
                statistics.n(),
                statistics.days(),
                GlucoseReport.isSpot(metric) ? OptionalDouble.empty() : statistics.activePercent(),
                GlucoseReport.converted(conversion, statistics.mean()),
                GlucoseReport.converted(conversion, statistics.sd()),
                statistics.cv(),
                statistics.gmi(),
                GlucoseReport.converted(conversion, statistics.median()),
                statistics.timeInRange(),
                statistics.counts(),
                GlucoseReport.sufficiency(metric, statistics));
    }
}
