package org.lifelog.local;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Growing pauses between tries, up to an end. For one call only. */
final class Patience {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final long FIRST_MILLIS = 200;
    private static final long LONGEST_MILLIS = 5_000;

    private final long deadline = System.nanoTime() + LIMIT.toNanos();
    private long longest = FIRST_MILLIS;

    /**
     * Waits before the next try.
     *
     * @param what for the message where it has been too long
     * @throws UserException where it has been too long
     */
    void pause(String what) throws InterruptedException {
        pause(what, Duration.ZERO);
    }

    /**
     * Waits before the next try, for as long as the other side wants.
     *
     * @param least what it said
     * @throws UserException where it has been too long
     */
    void pause(String what, Duration least) throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new UserException(what + " for " + LIMIT.toMinutes() + " minutes. Is the service up?");
        }
        long millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        TimeUnit.MILLISECONDS.sleep(Math.max(least.toMillis(), millis));
        longest = Math.min(2 * longest, LONGEST_MILLIS);
    }
}
