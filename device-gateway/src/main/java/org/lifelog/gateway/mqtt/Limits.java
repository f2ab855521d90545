package org.lifelog.gateway.mqtt;

import java.time.Duration;

/**
 * What one connection may use, and how long things may take.
 *
 * @param connections most connections of the process that are open at a time
 * @param receiveMaximum most messages of a connection that are not yet acknowledged
 * @param topicAliasMaximum highest topic alias
 * @param mostPacketBytes largest packet over MQTT 5, in bytes, with its fixed header; 3.1.1 cannot be told
 * @param sessionExpiry longest that a session outlives its connection
 * @param keepAlive longest keep-alive
 * @param connectTime how long CONNECT may take to come
 * @param authenticationTime how long from CONNECT to CONNACK
 * @param patience how long reading is stopped for a quota or for memory before the connection ends
 * @param largePacketTime how long a packet of more than 64 KiB may take to come in
 * @param credentialTime how often it is looked whether a credential is still good
 * @param drainTime how long messages under way are waited for when the gateway stops
 */
public record Limits(
        int connections,
        int receiveMaximum,
        int topicAliasMaximum,
        int mostPacketBytes,
        Duration sessionExpiry,
        Duration keepAlive,
        Duration connectTime,
        Duration authenticationTime,
        Duration patience,
        Duration largePacketTime,
        Duration credentialTime,
        Duration drainTime) {
    /** The payload of the largest message that is read. */
    static final int MOST_PAYLOAD_BYTES = 8 << 20;

    /** Those of the settings, and for the rest what the interface promises. */
    public Limits(
            int connections, int receiveMaximum, int topicAliasMaximum, Duration sessionExpiry, Duration keepAlive) {
        this(
                connections,
                receiveMaximum,
                topicAliasMaximum,
                MOST_PAYLOAD_BYTES,
                sessionExpiry,
                keepAlive,
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));
    }
}
