package org.lifelog.gateway.accept;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A budget that fills up at a constant rate. What a message costs is known only after it has been let in, so the budget
 * may be overdrawn by one message; nothing more is let in until it is above zero again.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double burst;
    private final LongSupplier nanoTime;
    private double tokens;
    private long lastNanos;

    /**
     * A full one.
     *
     * @param perSecond by how much it fills up
     * @param burst how much it holds
     */
    TokenBucket(double perSecond, double burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
        tokens = burst;
        lastNanos = nanoTime.getAsLong();
    }

    /** Whether anything is left. */
    synchronized boolean any() {
        fill();
        return tokens > 0;
    }

    synchronized void take(double cost) {
        fill();
        tokens -= cost;
    }

    /** How long until something is left. */
    synchronized Duration untilAny() {
        fill();
        return tokens > 0 ? Duration.ZERO : Duration.ofNanos((long) ((1 - tokens) / perSecond * NANOS));
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(burst, tokens + (now - lastNanos) / NANOS * perSecond);
        lastNanos = now;
    }
}
