package org.lifelog.gateway.failure;

import java.util.Locale;

/**
 * The one table of what can go wrong with a request or message as a whole, and what each protocol says to it. HTTP
 * answers with a status and problem details, MQTT 5 with a reason code. MQTT 3.1.1 has no words for a refusal, so a
 * lasting fault is acknowledged and quarantined. A passing fault closes the connection without an acknowledgement over
 * either, so that the client sends again.
 */
public enum Failure {
    MALFORMED(400, Mqtt5.PUBACK, 0x99, Mqtt.QUARANTINE),
    EMPTY_BATCH(400, Mqtt5.PUBACK, 0x99, Mqtt.QUARANTINE),
    UNAUTHENTICATED(401, Mqtt5.CONNACK, 0x86, Mqtt.CLOSE),
    FORBIDDEN(403, Mqtt5.PUBACK, 0x87, Mqtt.CLOSE),
    NOT_FOUND(404, Mqtt5.PUBACK, 0x90, Mqtt.CLOSE),
    /** Of HTTP only. */
    METHOD_NOT_ALLOWED(405, Mqtt5.PUBACK, 0x83, Mqtt.CLOSE),
    /** Of HTTP only. */
    CONFLICT(409, Mqtt5.PUBACK, 0x83, Mqtt.CLOSE),
    TOO_LARGE(413, Mqtt5.PUBACK, 0x99, Mqtt.QUARANTINE_WITHOUT_BODY),
    UNSUPPORTED_MEDIA_TYPE(415, Mqtt5.PUBACK, 0x99, Mqtt.QUARANTINE),
    ALL_REFUSED(422, Mqtt5.PUBACK, 0x99, Mqtt.QUARANTINE),
    QUOTA_EXCEEDED(429, Mqtt5.DISCONNECT, 0x97, Mqtt.CLOSE),
    UNAVAILABLE(503, Mqtt5.DISCONNECT, 0x89, Mqtt.CLOSE);

    /** What the gateway does with an MQTT 3.1.1 message that fails. */
    public enum Mqtt {
        /** Keep the message as it is in quarantine, then PUBACK. */
        QUARANTINE,
        /** Keep a note of the message in quarantine, then PUBACK. */
        QUARANTINE_WITHOUT_BODY,
        /** Close the connection without PUBACK. */
        CLOSE
    }

    /** The packet by which MQTT 5 learns of it. What PUBACK refuses is for good, so it is quarantined. */
    public enum Mqtt5 {
        CONNACK,
        PUBACK,
        DISCONNECT
    }

    private final int status;
    private final Mqtt5 mqtt5;
    private final int reasonCode;
    private final Mqtt mqtt;
    private final String code = name().toLowerCase(Locale.ROOT).replace('_', '-');

    Failure(int status, Mqtt5 mqtt5, int reasonCode, Mqtt mqtt) {
        this.status = status;
        this.mqtt5 = mqtt5;
        this.reasonCode = reasonCode;
        this.mqtt = mqtt;
    }

    /** The stable code, such as {@code too-large}. */
    public String code() {
        return code;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    public Mqtt mqtt() {
        return mqtt;
    }

    public Mqtt5 mqtt5() {
        return mqtt5;
    }

    /** Reason code of MQTT 5, in the packet {@link #mqtt5}. */
    public int reasonCode() {
        return reasonCode;
    }

    /** Whether the same request may succeed later. */
    public boolean passing() {
        return this == UNAVAILABLE || this == QUOTA_EXCEEDED;
    }
}
