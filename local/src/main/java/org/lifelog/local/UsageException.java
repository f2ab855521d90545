package org.lifelog.local;

/** A command was called wrongly. */
final class UsageException extends UserException {
    UsageException(String message) {
        super(message);
    }
}
