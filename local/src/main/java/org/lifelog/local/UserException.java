package org.lifelog.local;

/** A command cannot go on for a reason that its user can mend; the message says what, where and what to do. */
public class UserException extends RuntimeException {
    UserException(String message) {
        super(message);
    }

    UserException(String message, Throwable cause) {
        super(message, cause);
    }
}
