package org.lifelog.portal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Hearing tests by air conduction, the newest first.
 *
 * @param zone whose days tell tests apart
 */
public record AudiogramReport(Instant from, Instant to, String zone, List<Test> tests) {
    /** Frequencies in Hz of the average by which hearing is graded (WHO 2021). */
    private static final List<Integer> AVERAGED = List.of(500, 1_000, 2_000, 4_000);

    /** The thresholds of one day; an ear that was not tested is absent. */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Test(LocalDate date, Optional<Ear> right, Optional<Ear> left) {
        static Test of(LocalDate date, Map<String, SortedMap<Integer, Double>> ears) {
            return new Test(
                    date,
                    Optional.ofNullable(ears.get("right")).map(Ear::of),
                    Optional.ofNullable(ears.get("left")).map(Ear::of));
        }
    }

    /**
     * One ear.
     *
     * @param thresholds in dB HL by frequency in Hz
     * @param pureToneAverage mean in dB HL over 500, 1000, 2000 and 4000 Hz; absent where one of them is missing
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    public record Ear(SortedMap<Integer, Double> thresholds, Optional<Double> pureToneAverage) {
        private static Ear of(SortedMap<Integer, Double> thresholds) {
            return new Ear(
                    thresholds,
                    thresholds.keySet().containsAll(AVERAGED)
                            ? Optional.of(AVERAGED.stream()
                                    .mapToDouble(thresholds::get)
                                    .average()
                                    .orElseThrow())
                            : Optional.empty());
        }
    }
}
