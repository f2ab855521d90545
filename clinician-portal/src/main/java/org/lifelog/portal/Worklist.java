package org.lifelog.portal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A page of the subjects of a center.
 *
 * @param page number of this page, from 1
 * @param pages number of pages, 1 at least
 * @param total number of subjects on all pages
 * @param asOf when the subjects, their order and their flags were read; all else is of the moment of the call
 */
public record Worklist(int page, int pages, long total, Instant asOf, List<Row> subjects) {
    /**
     * One subject.
     *
     * @param lastReading of any metric
     * @param metrics codes of the metrics held
     * @param activePercent of a continuous glucose monitor, over the 14 days before its last reading: the readings in
     *     percent of those that there would be with one at each typical step, which is the median of the last
     *     {@value WorklistGlucose#STEPS} steps. The glucose report takes the median of all steps, and subtracts gaps; the
     *     two are the same where no step is shorter than the typical one
     * @param timeInRange of a continuous glucose monitor, over the same days: exactly that of the glucose report
     * @param flags what is past its limit in the center's last 14 days, today and those before it, in whole days. These
     *     are not the days of {@code timeInRange}, which end with the last reading, so the two differ a little
     */
    public record Row(
            String subject,
            Optional<Instant> lastReading,
            List<String> metrics,
            OptionalDouble activePercent,
            Optional<TimeInRange> timeInRange,
            List<RiskFlag> flags) {}
}
