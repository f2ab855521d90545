package org.lifelog.gateway.accept;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoded;

/**
 * What each center may send, so that none takes the others' share: so many readings a second with a burst, and a budget
 * of its own for the backfill of older readings, so that a device which was offline for a week does not shut out the
 * live ones.
 *
 * <p>A message is admitted before it is parsed, where either budget has something left, and pays when its readings are
 * known. One that turns out to need the budget which is empty is refused, and what it cost to find out is charged to the
 * other: so nobody can have messages parsed in vain without end.
 */
public final class Quotas {
    /** The default quota, and those of single centers. */
    public record Limits(int readingsPerSecond, Map<String, Integer> ofCenters) {
        /**
         * Reads the quotas of single centers.
         *
         * @param text {@code center=readingsPerSecond}, separated by commas
         * @throws IllegalArgumentException where it is not of that form
         */
        public static Map<String, Integer> parse(String text) {
            Map<String, Integer> limits = new HashMap<>();
            for (String entry : text.isBlank() ? List.<String>of() : List.of(text.split(",", -1))) {
                String[] parts = entry.trim().split("=", 2);
                if (parts.length != 2 || !parts[1].matches("[1-9]\\d{0,8}")) {
                    throw new IllegalArgumentException("is not center=readings-per-second, separated by commas");
                }
                limits.put(parts[0], Integer.valueOf(parts[1]));
            }
            return limits;
        }
    }

    private record Budgets(TokenBucket live, TokenBucket backfill) {}

    /** A full live budget lasts so many seconds of the quota, and a full one for backfill so many. */
    private static final int LIVE_BURST_SECONDS = 10;

    private static final int BACKFILL_BURST_SECONDS = 60;

    /** Readings that are older than this when they come are backfill. */
    private static final Duration LIVE_AGE = Duration.ofHours(1);

    private final Map<String, Budgets> budgets = new HashMap<>();

    /** Quotas of centers. */
    public Quotas(Iterable<String> centers, Limits limits, LongSupplier nanoTime) {
        for (String center : centers) {
            double rate = limits.ofCenters().getOrDefault(center, limits.readingsPerSecond());
            budgets.put(
                    center,
                    new Budgets(
                            new TokenBucket(rate, rate * LIVE_BURST_SECONDS, nanoTime),
                            new TokenBucket(rate, rate * BACKFILL_BURST_SECONDS, nanoTime)));
        }
    }

    /**
     * Before a message is parsed.
     *
     * @throws Refusal quota-exceeded, where nothing that the message may hold would be taken
     */
    public void admit(String center) {
        Budgets budget = budgets.get(center);
        if (!budget.live().any() && !budget.backfill().any()) {
            Duration live = budget.live().untilAny();
            Duration backfill = budget.backfill().untilAny();
            throw exceeded(live.compareTo(backfill) < 0 ? live : backfill);
        }
    }

    /**
     * When a message has been parsed.
     *
     * @throws Refusal quota-exceeded, where it needs a budget that is empty
     */
    public void charge(String center, Decoded decoded, Instant receivedAt) {
        Instant liveSince = receivedAt.minus(LIVE_AGE);
        int backfill = 0;
        for (Reading reading : decoded.readings()) {
            backfill += reading.getTime().isBefore(liveSince) ? 1 : 0;
        }
        int all = decoded.readings().size() + decoded.refused().size();
        int live = all - backfill;
        Budgets budget = budgets.get(center);
        if (live > 0 && !budget.live().any()) {
            budget.backfill().take(all);
            throw exceeded(budget.live().untilAny());
        }
        if (backfill > 0 && !budget.backfill().any()) {
            budget.live().take(all);
            throw exceeded(budget.backfill().untilAny());
        }
        budget.live().take(live);
        budget.backfill().take(backfill);
    }

    private static Refusal exceeded(Duration wait) {
        return new Refusal(
                Failure.QUOTA_EXCEEDED, "The center sends more than its quota. Send the same message later.", wait);
    }
}
