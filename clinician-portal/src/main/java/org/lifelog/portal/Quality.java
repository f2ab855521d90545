package org.lifelog.portal;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What to distrust of a subject's readings in a span of time: the {@code quality} call's answer. Exact repetitions of a
 * reading are dropped before they reach the database, so they are not in here.
 *
 * @param from inclusive
 * @param to exclusive
 * @param readings valid readings in the span; all lists but {@code quarantined} are about these and about no others, except
 *     where a count says that it is not stored
 * @param censored at or past a limit of the device: the true value is not known
 * @param duplicates that may tell one measurement twice, or that contradict a reading which is kept
 * @param late that came when their day was more than 35 days old
 * @param clock whose time is in doubt
 * @param doubtful whose value is in doubt: it changes too fast, or not at all, or is between the steps of the device
 * @param corrected that took the place of another value
 * @param quarantined that were not believed for another reason
 * @param newest the newest of all that are counted, at most {@value QualityQuery#EXAMPLES}
 */
public record Quality(
        Instant from,
        Instant to,
        long readings,
        List<Count> censored,
        List<Count> duplicates,
        List<Count> late,
        List<Count> clock,
        List<Count> doubtful,
        List<Count> corrected,
        List<Count> quarantined,
        List<Example> newest) {

    /**
     * How many of one kind.
     *
     * @param code of the flag or of the reason
     * @param stored whether the readings are among the valid ones and count in figures; else they are in quarantine
     * @param metric code of the metric, where it is known
     * @param device code of the device, where it is known
     * @param last newest time of them; for those in quarantine when the last one came
     */
    public record Count(
            String code,
            boolean stored,
            Optional<String> metric,
            Optional<String> device,
            long n,
            Optional<Instant> last) {}

    /**
     * One reading.
     *
     * @param codes of all its flags, or of the reasons
     * @param time as the device gave it, where it gave one that can be read
     * @param value in {@code unit}: canonical where it is stored, as sent where it is in quarantine
     * @param detail what the judgement said of it; empty where it is stored
     */
    public record Example(
            List<String> codes,
            boolean stored,
            OptionalDouble value,
            Optional<String> unit,
            Optional<String> metric,
            Optional<String> device,
            Optional<Instant> time,
            Instant receivedAt,
            Optional<String> detail) {}
}
