package org.lifelog.gateway.mqtt;

/** A client broke the rules of the protocol, which ends its connection. Made once for a connection, so it has no stack. */
final class Violation extends Exception {
    private final transient Reason reason;

    Violation(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    static Violation malformed(String detail) {
        return new Violation(Reason.MALFORMED_PACKET, detail);
    }

    static Violation protocol(String detail) {
        return new Violation(Reason.PROTOCOL_ERROR, detail);
    }

    Reason reason() {
        return reason;
    }
}
