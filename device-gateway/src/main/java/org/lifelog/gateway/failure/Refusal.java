package org.lifelog.gateway.failure;

import java.time.Duration;

/** A request or message is refused as a whole. The message is for the sender: without values and subject codes. */
public final class Refusal extends RuntimeException {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final transient Failure failure;
    private final Duration retryAfter;

    public Refusal(Failure failure, String detail) {
        this(failure, detail, RETRY_AFTER, null);
    }

    public Refusal(Failure failure, String detail, Throwable cause) {
        this(failure, detail, RETRY_AFTER, cause);
    }

    /** A refusal for a fault that passes, by then. */
    public Refusal(Failure failure, String detail, Duration retryAfter) {
        this(failure, detail, retryAfter, null);
    }

    private Refusal(Failure failure, String detail, Duration retryAfter, Throwable cause) {
        // An answer and not a fault: no stack trace, since senders can cause any number of them.
        super(detail, cause, false, false);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    public Failure failure() {
        return failure;
    }

    /** After how long the same may be sent again, where the fault passes. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
