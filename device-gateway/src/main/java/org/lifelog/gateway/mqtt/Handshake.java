package org.lifelog.gateway.mqtt;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.vertx.core.Future;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From CONNECT to what CONNACK says: checks, who it is, its session. */
final class Handshake {
    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);
    /** Codes of devices may have 64 characters, and many clients put more into their identifier. */
    private static final int LONGEST_CLIENT_ID = 256;
    /** CONNACK with all it announces fits into this. */
    private static final int LEAST_PACKET_BYTES = 128;

    /** CONNECT is refused. */
    static final class Refused extends RuntimeException {
        private final transient Reason reason;

        Refused(Reason reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
        }

        Reason reason() {
            return reason;
        }
    }

    /**
     * CONNECT is accepted.
     *
     * @param expirySeconds how long the session outlives the connection
     */
    record Accepted(
            Packet.Connect connect,
            Credential credential,
            SessionKey key,
            boolean idAssigned,
            long expirySeconds,
            MqttSessions.Opened session) {}

    private final MqttFront.Parts parts;
    private final Packet.Connect connect;
    private final String address;
    private final Optional<X509Certificate> certificate;
    private final long expirySeconds;
    private Optional<SessionKey> key = Optional.empty();

    /**
     * Begins.
     *
     * @param address the client's IP address
     */
    Handshake(MqttFront.Parts parts, Packet.Connect connect, String address, Optional<X509Certificate> certificate) {
        this.parts = parts;
        this.connect = connect;
        this.address = address;
        this.certificate = certificate;
        this.expirySeconds = Math.min(
                connect.sessionExpirySeconds(), parts.limits().sessionExpiry().toSeconds());
    }

    /** Goes through it; fails with {@link Refused}. {@code wanted} is asked after each wait: the client may have left. */
    Future<Accepted> run(Owner owner, BooleanSupplier wanted) {
        boolean assign = connect.clientId().isEmpty();
        try {
            check(assign);
        } catch (Refused e) {
            return Future.failedFuture(e);
        }
        String clientId = assign ? "lifelog-" + UUID.randomUUID() : connect.clientId();
        return parts.authenticating()
                .credential(address, connect.username(), connect.password(), certificate)
                .compose(credential -> {
                    if (!wanted.getAsBoolean()) {
                        return Future.failedFuture(new Refused(Reason.UNSPECIFIED_ERROR, "The client has left."));
                    }
                    SessionKey found = new SessionKey(credential.username(), clientId);
                    key = Optional.of(found);
                    return parts.sessions()
                            .open(found, owner, connect.cleanStart(), expirySeconds)
                            .recover(Handshake::withoutSession)
                            .map(session -> new Accepted(connect, credential, found, assign, expirySeconds, session));
                })
                .recover(error -> Future.failedFuture(refused(error)));
    }

    Answers answers() {
        return new Answers(connect);
    }

    /** The session that is being opened, which must be ended where the client leaves before. */
    Optional<SessionKey> key() {
        return key;
    }

    /** Whether the session goes into the topic: one that is new and ends with its connection does not. */
    boolean sessionWritten() {
        return !connect.cleanStart() || expirySeconds > 0;
    }

    /** How long the session outlives the connection. */
    long expirySeconds() {
        return expirySeconds;
    }

    private void check(boolean noClientId) {
        boolean five = connect.version() == Version.MQTT_5;
        if (connect.authenticationMethod()) {
            throw new Refused(Reason.BAD_AUTHENTICATION_METHOD, "There is no extended authentication here.");
        }
        if (connect.clientId().length() > LONGEST_CLIENT_ID) {
            throw new Refused(
                    Reason.CLIENT_IDENTIFIER_NOT_VALID,
                    "A client identifier has at most " + LONGEST_CLIENT_ID + " characters.");
        }
        if (noClientId && !five && !connect.cleanStart()) {
            throw new Refused(Reason.CLIENT_IDENTIFIER_NOT_VALID, "A session that stays needs a client identifier.");
        }
        if (connect.mostBytes() < LEAST_PACKET_BYTES) {
            throw new Refused(Reason.PACKET_TOO_LARGE, "");
        }
    }

    private static Future<MqttSessions.Opened> withoutSession(Throwable error) {
        return Future.failedFuture(
                error instanceof Refusal refusal && refusal.failure() == Failure.QUOTA_EXCEEDED
                        ? new Refused(Reason.QUOTA_EXCEEDED, refusal.getMessage())
                        : error);
    }

    private static Refused refused(Throwable error) {
        if (error instanceof Refused known) {
            return known;
        }
        if (!(error instanceof Refusal refusal)) {
            LOG.error("A client is turned away for a reason that the failure table does not know", error);
            return new Refused(Reason.UNSPECIFIED_ERROR, "This is a fault of the gateway. It has been logged.");
        }
        Failure failure = refusal.failure();
        Reason reason = switch (failure) {
            case UNAUTHENTICATED -> Reason.BAD_USERNAME_OR_PASSWORD;
            case FORBIDDEN -> Reason.NOT_AUTHORIZED;
            case QUOTA_EXCEEDED -> Reason.CONNECTION_RATE_EXCEEDED;
            default -> Reason.SERVER_UNAVAILABLE;
        };
        return new Refused(reason, refusal.getMessage());
    }

    /** How long the client may be silent, in seconds, before one and a half of it. */
    static int keepAliveSeconds(Packet.Connect connect, Limits limits) {
        int ceiling = (int) limits.keepAlive().toSeconds();
        int wanted = connect.keepAliveSeconds();
        return wanted == 0 || wanted > ceiling ? ceiling : wanted;
    }

    /** What CONNACK announces; nothing over 3.1.1. */
    static MqttProperties announced(Accepted accepted, Limits limits) {
        Packet.Connect connect = accepted.connect();
        if (connect.version() != Version.MQTT_5) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        number(properties, MqttProperties.RECEIVE_MAXIMUM, limits.receiveMaximum());
        number(properties, MqttProperties.TOPIC_ALIAS_MAXIMUM, limits.topicAliasMaximum());
        number(properties, MqttProperties.MAXIMUM_PACKET_SIZE, limits.mostPacketBytes());
        number(properties, MqttProperties.RETAIN_AVAILABLE, 0);
        number(properties, MqttProperties.WILDCARD_SUBSCRIPTION_AVAILABLE, 0);
        number(properties, MqttProperties.SUBSCRIPTION_IDENTIFIER_AVAILABLE, 0);
        number(properties, MqttProperties.SHARED_SUBSCRIPTION_AVAILABLE, 0);
        if (accepted.expirySeconds() != connect.sessionExpirySeconds()) {
            number(properties, MqttProperties.SESSION_EXPIRY_INTERVAL, (int) accepted.expirySeconds());
        }
        int keepAlive = keepAliveSeconds(connect, limits);
        if (keepAlive != connect.keepAliveSeconds()) {
            number(properties, MqttProperties.SERVER_KEEP_ALIVE, keepAlive);
        }
        if (accepted.idAssigned()) {
            properties.add(new MqttProperties.StringProperty(
                    MqttProperties.ASSIGNED_CLIENT_IDENTIFIER, accepted.key().clientId()));
        }
        return properties;
    }

    private static void number(MqttProperties properties, int id, int value) {
        properties.add(new MqttProperties.IntegerProperty(id, value));
    }
}
