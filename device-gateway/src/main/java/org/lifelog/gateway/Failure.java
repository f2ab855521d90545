package org.lifelog.gateway;

import java.util.Locale;

/**
 * The one table of what can go wrong with a request or message as a whole, and what each protocol says to it. HTTP
 * answers with a status and problem details; MQTT 3.1.1 has no words for a refusal, so a lasting fault is acknowledged
 * and quarantined, and a passing one closes the connection without an acknowledgement, so that the client sends again.
 */
enum Failure {
    MALFORMED(400, Mqtt.QUARANTINE),
    EMPTY_BATCH(400, Mqtt.QUARANTINE),
    UNAUTHENTICATED(401, Mqtt.CLOSE),
    FORBIDDEN(403, Mqtt.CLOSE),
    NOT_FOUND(404, Mqtt.CLOSE),
    METHOD_NOT_ALLOWED(405, Mqtt.CLOSE),
    TOO_LARGE(413, Mqtt.QUARANTINE_WITHOUT_BODY),
    UNSUPPORTED_MEDIA_TYPE(415, Mqtt.QUARANTINE),
    UNAVAILABLE(503, Mqtt.CLOSE);

    /** What the gateway does with an MQTT 3.1.1 message that fails. */
    enum Mqtt {
        /** Keep the message as it is in quarantine, then PUBACK. */
        QUARANTINE,
        /** Keep a note of the message in quarantine, then PUBACK. */
        QUARANTINE_WITHOUT_BODY,
        /** Close the connection without PUBACK. */
        CLOSE
    }

    /** After so many seconds a client may try again where the fault passes. */
    static final int RETRY_AFTER_SECONDS = 2;

    private final int status;
    private final Mqtt mqtt;
    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Failure(int status, Mqtt mqtt) {
        this.status = status;
        this.mqtt = mqtt;
    }

    /** The stable code, such as {@code too-large}. */
    String code() {
        return code;
    }

    /** HTTP status. */
    int status() {
        return status;
    }

    Mqtt mqtt() {
        return mqtt;
    }

    /** Whether the same request may succeed later. */
    boolean passing() {
        return this == UNAVAILABLE;
    }
}
