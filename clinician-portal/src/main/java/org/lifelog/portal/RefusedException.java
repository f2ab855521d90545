package org.lifelog.portal;

import java.time.Duration;
import java.util.Optional;

/** A call that ends with a {@link Failure}. Has no stack trace: it is an answer and not a fault. */
final class RefusedException extends RuntimeException {
    private final Failure failure;
    private final transient Optional<Duration> retryAfter;

    private RefusedException(Failure failure, String detail, Optional<Duration> retryAfter) {
        super(detail, null, false, false);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    static RefusedException of(Failure failure, String detail) {
        return new RefusedException(failure, detail, Optional.empty());
    }

    /** A failure that passes; the caller may come again after a while. */
    static RefusedException until(Failure failure, String detail, Duration retryAfter) {
        return new RefusedException(failure, detail, Optional.of(retryAfter));
    }

    static RefusedException malformed(String detail) {
        return of(Failure.MALFORMED, detail);
    }

    /** One answer for all that is not there or not the caller's, so that nobody learns which it is. */
    static RefusedException notFound() {
        return of(Failure.NOT_FOUND, "There is no such path, center or subject for this account.");
    }

    static RefusedException unavailable(String detail) {
        return until(Failure.UNAVAILABLE, detail, Duration.ofSeconds(1));
    }

    Failure failure() {
        return failure;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
