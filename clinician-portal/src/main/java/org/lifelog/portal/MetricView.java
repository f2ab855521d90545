package org.lifelog.portal;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lifelog.contract.Bands;
import org.lifelog.contract.Metric;

/**
 * What the API tells of a metric.
 *
 * @param unit canonical unit as a UCUM code
 * @param kind {@code sample}, {@code delta}, {@code episode} or {@code level}
 * @param usual usual range in the canonical unit
 * @param bands edges of the bands by which values are counted, ascending; none for most metrics
 * @param glucoseReport whether the {@code glucose} call takes the metric
 */
public record MetricView(
        String code,
        String name,
        String nameKo,
        String unit,
        String kind,
        Optional<Range> usual,
        List<Bands.Edge> bands,
        boolean glucoseReport) {

    /** Both limits are inside. */
    public record Range(double min, double max) {}

    static MetricView of(Metric metric) {
        return new MetricView(
                metric.code(),
                metric.name(),
                metric.nameKo(),
                metric.unit(),
                metric.kind().name().toLowerCase(Locale.ROOT),
                Optional.of(new Range(metric.usual().min(), metric.usual().max())),
                metric.bands().edges(),
                GlucoseReport.covers(metric));
    }

    /** For a metric that is stored but no longer in the catalogue. */
    static MetricView unknown(String code, String unit) {
        return new MetricView(code, code, code, unit, "sample", Optional.empty(), List.of(), false);
    }
}
