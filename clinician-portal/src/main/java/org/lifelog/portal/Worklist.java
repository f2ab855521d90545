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
 */
public record Worklist(int page, int pages, long total, List<Row> subjects) {
    /**
     * One subject.
     *
     * @param lastReading of any metric
     * @param metrics codes of the metrics held
     * @param activePercent of a continuous glucose monitor, over the 14 days before its last reading
     * @param timeInRange of a continuous glucose monitor, over the same days
     */
    public record Row(
            String subject,
            Optional<Instant> lastReading,
            List<String> metrics,
            OptionalDouble activePercent,
            Optional<TimeInRange> timeInRange) {}
}
