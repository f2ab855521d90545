package org.lifelog.gateway.mqtt;

import java.util.OptionalLong;
import org.lifelog.gateway.access.Credential;

/** A client whose CONNECT was accepted: who it is, its session, its subscriptions and its messages. */
final class Client {
    private final SessionKey key;
    private final Credential credential;
    private final Answers answers;
    private final Exchanges exchanges;
    private final Subscriptions subscriptions;
    private final ReceiptOutlet receipts;
    private final long keepAliveMillis;
    private final long mostExpirySeconds;
    private final boolean written;
    private long expirySeconds;

    /**
     * A client.
     *
     * @param keepAliveMillis how long it may be silent
     * @param expirySeconds how long its session outlives the connection
     * @param written whether its session is in the topic
     */
    Client(
            SessionKey key,
            Credential credential,
            Answers answers,
            Exchanges exchanges,
            Subscriptions subscriptions,
            ReceiptOutlet receipts,
            long keepAliveMillis,
            long expirySeconds,
            long mostExpirySeconds,
            boolean written) {
        this.key = key;
        this.credential = credential;
        this.answers = answers;
        this.exchanges = exchanges;
        this.subscriptions = subscriptions;
        this.receipts = receipts;
        this.keepAliveMillis = keepAliveMillis;
        this.expirySeconds = expirySeconds;
        this.mostExpirySeconds = mostExpirySeconds;
        this.written = written;
    }

    SessionKey key() {
        return key;
    }

    Credential credential() {
        return credential;
    }

    Answers answers() {
        return answers;
    }

    Exchanges exchanges() {
        return exchanges;
    }

    Subscriptions subscriptions() {
        return subscriptions;
    }

    ReceiptOutlet receipts() {
        return receipts;
    }

    long keepAliveMillis() {
        return keepAliveMillis;
    }

    long expirySeconds() {
        return expirySeconds;
    }

    boolean written() {
        return written;
    }

    /**
     * DISCONNECT may change how long the session stays.
     *
     * @throws Violation where CONNECT said that it ends with the connection
     */
    void changeExpiry(OptionalLong seconds) throws Violation {
        if (seconds.isEmpty()) {
            return;
        }
        if (expirySeconds == 0 && seconds.getAsLong() > 0) {
            throw Violation.protocol("A session that ends with the connection cannot be made to stay.");
        }
        expirySeconds = Math.min(seconds.getAsLong(), mostExpirySeconds);
    }
}
