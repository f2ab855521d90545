package org.lifelog.gateway.mqtt;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A packet of a client, found in order by {@link PacketParser}, or why it is not. */
sealed interface Packet {
    /**
     * The first packet.
     *
     * @param cleanStart Clean Start, which is Clean Session in 3.1.1
     * @param sessionExpirySeconds how long the session outlives the connection; in 3.1.1 0 or 0xFFFFFFFF
     * @param mostBytes the largest packet that the client takes
     * @param problemInformation whether acknowledgements may say why in words
     */
    record Connect(
            Version version,
            String clientId,
            boolean cleanStart,
            int keepAliveSeconds,
            Optional<String> username,
            Optional<String> password,
            long sessionExpirySeconds,
            long mostBytes,
            boolean problemInformation,
            boolean authenticationMethod)
            implements Packet {}

    /** CONNECT of a version that is not spoken here; the level decides in which form that is said. */
    record OtherVersion(int level) implements Packet {}

    /**
     * A message.
     *
     * @param id packet identifier; 0 with QoS 0
     * @param topic empty where an alias stands for it
     * @param alias 0 for none
     * @param correlation Correlation Data, which comes back with the receipt
     * @param traceparent the user property of that name (W3C Trace Context), for whoever follows a message through
     * @param body the payload; empty where the packet was larger than what is read
     * @param bytes length of the payload as it was sent
     * @param leasedBytes what was taken from the memory for it, and must be given back
     */
    record Publish(
            int qos,
            int id,
            String topic,
            int alias,
            Optional<byte[]> correlation,
            Optional<String> traceparent,
            byte[] body,
            int bytes,
            long leasedBytes)
            implements Packet {}

    /** PUBREL. */
    record Release(int id) implements Packet {}

    record Subscribe(int id, boolean withIdentifier, List<String> filters) implements Packet {}

    record Unsubscribe(int id, List<String> filters) implements Packet {}

    record Ping() implements Packet {}

    /**
     * The orderly end.
     *
     * @param sessionExpirySeconds where it changes that of CONNECT
     */
    record Disconnect(OptionalLong sessionExpirySeconds) implements Packet {}

    record Authenticate() implements Packet {}

    /** A packet that is not in order; nothing can be read after it. */
    record Broken(Violation violation) implements Packet {}
}
