package org.lifelog.gateway.mqtt;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.lifelog.avro.MqttSession;

/**
 * The state of a client that outlives its connection.
 *
 * @param connection the connection that has or had it
 * @param opening whether that connection took it over with this entry
 * @param expirySeconds how long it outlives the connection
 * @param subscriptions topics of receipts
 * @param received packet identifiers with QoS 2, received and not released
 * @param disconnectedAt when the connection ended; nothing while it lasts
 */
record Session(
        String connection,
        boolean opening,
        long expirySeconds,
        List<String> subscriptions,
        List<Integer> received,
        Instant writtenAt,
        Optional<Instant> disconnectedAt) {
    /** Entries of a connection that lasts are renewed more often than this; what is older has lost its gateway. */
    static final Duration RENEWED = Duration.ofDays(1);

    Session {
        subscriptions = List.copyOf(subscriptions);
        received = List.copyOf(received);
        writtenAt = writtenAt.truncatedTo(ChronoUnit.MICROS);
        disconnectedAt = disconnectedAt.map(time -> time.truncatedTo(ChronoUnit.MICROS));
    }

    /** Whether it is still there. */
    boolean live(Instant now) {
        return now.isBefore(disconnectedAt.orElse(writtenAt.plus(RENEWED)).plusSeconds(expirySeconds));
    }

    static Session read(MqttSession entry) {
        return new Session(
                entry.getConnection(),
                entry.getOpening(),
                entry.getExpirySeconds(),
                entry.getSubscriptions(),
                entry.getReceived(),
                entry.getWrittenAt(),
                Optional.ofNullable(entry.getDisconnectedAt()));
    }

    MqttSession toEntry(SessionKey key) {
        return MqttSession.newBuilder()
                .setUsername(key.username())
                .setClientId(key.clientId())
                .setConnection(connection)
                .setOpening(opening)
                .setExpirySeconds(expirySeconds)
                .setSubscriptions(subscriptions)
                .setReceived(received)
                .setWrittenAt(writtenAt)
                .setDisconnectedAt(disconnectedAt.orElse(null))
                .build();
    }
}
