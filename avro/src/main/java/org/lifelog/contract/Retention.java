package org.lifelog.contract;

import java.time.DateTimeException;
import java.time.Period;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * For how long a center keeps what is stored, by days of its own zone. What is not named is kept for ever.
 *
 * @param periods how long, by what
 */
public record Retention(Map<Kept, Period> periods) {
    /** Nothing is removed for its age. */
    public static final Retention FOR_EVER = new Retention(Map.of());

    /** What came within the grace may be written again, and so must not be removed before; with a month to spare. */
    private static final Period LEAST = Period.ofDays(70);

    private static final long DAYS_PER_MONTH = 30;

    /** What is kept. */
    public enum Kept {
        READINGS("readings"),
        MINUTES("1m"),
        HOURS("1h"),
        DAYS("1d"),
        QUARANTINED("quarantined");

        private final String code;

        Kept(String code) {
            this.code = code;
        }

        /** The name in {@code centers.yaml}. */
        public String code() {
            return code;
        }
    }

    /**
     * Reads it.
     *
     * @param periods ISO 8601 periods such as P5Y, by the code of what is kept
     * @param problems takes what is wrong, for people
     */
    static Retention of(Map<String, String> periods, List<String> problems) {
        Map<Kept, Period> parsed = new EnumMap<>(Kept.class);
        periods.forEach((code, text) -> {
            Optional<Kept> kept = Arrays.stream(Kept.values())
                    .filter(one -> one.code().equals(code))
                    .findFirst();
            Optional<Period> period = period(text);
            if (kept.isEmpty()) {
                problems.add("retention of " + code + ": there are "
                        + String.join(
                                ", ",
                                Arrays.stream(Kept.values()).map(Kept::code).toList()));
            } else if (period.isEmpty()) {
                problems.add("retention of " + code + " is not a period of at least " + LEAST + ", such as P5Y");
            } else {
                parsed.put(kept.get(), period.get());
            }
        });
        return new Retention(parsed);
    }

    private static Optional<Period> period(String text) {
        try {
            return Optional.of(Period.parse(text))
                    .filter(period -> !period.isNegative()
                            && period.toTotalMonths() * DAYS_PER_MONTH + period.getDays() >= LEAST.getDays());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** How long something is kept; empty for ever. */
    public Optional<Period> of(Kept kept) {
        return Optional.ofNullable(periods.get(kept));
    }
}
