package org.lifelog.registry;

import org.apache.kafka.common.KafkaException;

/** The schema registry refused a call or could not be reached. */
public final class SchemaRegistryException extends KafkaException {
    /** No HTTP status: the registry did not answer. */
    public static final int NO_ANSWER = 0;

    private final int status;
    private final int errorCode;

    SchemaRegistryException(String message, int status, int errorCode) {
        super(message);
        this.status = status;
        this.errorCode = errorCode;
    }

    SchemaRegistryException(String message, Throwable cause) {
        super(message, cause);
        this.status = NO_ANSWER;
        this.errorCode = 0;
    }

    /** HTTP status, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }

    /** The registry's own code, such as 40403 for an unknown schema; 0 where it gave none. */
    public int errorCode() {
        return errorCode;
    }

    /** Whether the same call may succeed later: the registry did not answer, or is overloaded. */
    public boolean passing() {
        return status == NO_ANSWER || status == 408 || status == 429 || status >= 500;
    }
}
