package org.lifelog.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Sends readings of one subject in the order of their sequence numbers, and each again until it is acknowledged. Knows
 * which were.
 */
abstract class DrillSender implements AutoCloseable {
    private final String subject;
    private static final String SEQUENCE = "\"sequence\": ";

    private final BitSet acknowledged = new BitSet();
    private final Map<Integer, Long> received = new HashMap<>();
    private int sent;

    DrillSender(String subject) {
        this.subject = subject;
    }

    /** Begins to send. */
    abstract void start();

    /** Sends nothing new any more; what was sent and is not acknowledged is sent again until it is. */
    abstract void finish();

    String subject() {
        return subject;
    }

    /** The next sequence number, from 0. */
    synchronized int next() {
        return sent++;
    }

    synchronized void acknowledged(int sequence) {
        acknowledged.set(sequence);
    }

    synchronized BitSet acknowledged() {
        return (BitSet) acknowledged.clone();
    }

    /** PUBREC came for a message: it must not be in the topic again after that, in milliseconds since 1970. */
    synchronized void received(int sequence, long millis) {
        received.putIfAbsent(sequence, millis);
    }

    /** When PUBREC came, in milliseconds since 1970, by sequence number; empty but with QoS 2. */
    synchronized Map<Integer, Long> received() {
        return Map.copyOf(received);
    }

    /** Number of readings that were sent at least once. */
    synchronized int sent() {
        return sent;
    }

    synchronized boolean allAcknowledged() {
        return acknowledged.cardinality() == sent;
    }

    /** A reading as the gateway takes it; the time goes with the sequence number, so each is another reading. */
    String reading(int sequence) {
        return "{\"subject\": \"" + subject + "\", \"device\": \"" + subject
                + "\", \"metric\": \"heart_rate\", \"value\": 61, \"unit\": \"/min\", \"time\": \""
                + Instant.ofEpochSecond(1_790_000_000L + sequence) + "\", " + SEQUENCE + sequence + "}";
    }

    /** The sequence number of {@link #reading}. */
    static int sequence(byte[] reading) {
        String text = new String(reading, StandardCharsets.UTF_8);
        return Integer.parseInt(text.substring(text.indexOf(SEQUENCE) + SEQUENCE.length(), text.length() - 1));
    }

    @Override
    public abstract void close();
}
