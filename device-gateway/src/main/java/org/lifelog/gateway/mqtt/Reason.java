package org.lifelog.gateway.mqtt;

/** The reason codes of MQTT 5 that are sent here, with their names in the standard, and what CONNACK of 3.1.1 has for them. */
enum Reason {
    SUCCESS(0x00, 0),
    NO_SUBSCRIPTION_EXISTED(0x11),
    UNSPECIFIED_ERROR(0x80, 3),
    MALFORMED_PACKET(0x81),
    PROTOCOL_ERROR(0x82),
    UNSUPPORTED_PROTOCOL_VERSION(0x84, 1),
    CLIENT_IDENTIFIER_NOT_VALID(0x85, 2),
    BAD_USERNAME_OR_PASSWORD(0x86, 4),
    NOT_AUTHORIZED(0x87, 5),
    SERVER_UNAVAILABLE(0x88, 3),
    SERVER_BUSY(0x89, 3),
    SERVER_SHUTTING_DOWN(0x8B, 3),
    BAD_AUTHENTICATION_METHOD(0x8C, 5),
    KEEP_ALIVE_TIMEOUT(0x8D),
    SESSION_TAKEN_OVER(0x8E),
    TOPIC_FILTER_INVALID(0x8F),
    PACKET_IDENTIFIER_NOT_FOUND(0x92),
    RECEIVE_MAXIMUM_EXCEEDED(0x93),
    TOPIC_ALIAS_INVALID(0x94),
    PACKET_TOO_LARGE(0x95),
    QUOTA_EXCEEDED(0x97, 3),
    PAYLOAD_FORMAT_INVALID(0x99),
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED(0x9E),
    CONNECTION_RATE_EXCEEDED(0x9F, 3),
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED(0xA1),
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED(0xA2);

    private static final int SILENT = -1;

    private final int code;
    private final int returnCode;

    Reason(int code) {
        this(code, SILENT);
    }

    Reason(int code, int returnCode) {
        this.code = code;
        this.returnCode = returnCode;
    }

    /** The reason code of MQTT 5, 0 to 255; from 128 on it is a failure. */
    int code() {
        return code;
    }

    /** The return code in CONNACK of 3.1.1; -1 where that version closes without a word. */
    int returnCode() {
        return returnCode;
    }
}
