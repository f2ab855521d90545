package org.lifelog.gateway.format;

import org.lifelog.gateway.failure.Problem;

/** One item of a message is refused; the others are not touched. The message is for the sender: without values and codes. */
public final class ItemRefusal extends RuntimeException {
    private final Problem.Code code;

    public ItemRefusal(Problem.Code code, String detail) {
        // Thousands may be thrown for one message, and nobody reads where.
        super(detail, null, false, false);
        this.code = code;
    }

    public Problem.Code code() {
        return code;
    }
}
