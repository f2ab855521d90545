package org.lifelog.gateway;

/** A request or message is refused as a whole. The message is for the sender: without values and subject codes. */
final class Refusal extends RuntimeException {
    private final transient Failure failure;

    Refusal(Failure failure, String detail) {
        this(failure, detail, null);
    }

    Refusal(Failure failure, String detail, Throwable cause) {
        super(detail, cause);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }
}
