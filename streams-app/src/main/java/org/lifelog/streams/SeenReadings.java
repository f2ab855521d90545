package org.lifelog.streams;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Objects;
import org.lifelog.avro.Reading;

/**
 * The readings of one series from one device in one hour of effective time that were seen: for each its offset in the
 * hour, its sequence and a hash of its value, in the order of arrival. Immutable, in the form in which it is stored:
 * 4 bytes for when it was last added to (seconds since the epoch), then per reading 4 bytes offset, 8 bytes sequence,
 * 4 bytes hash.
 */
final class SeenReadings {
    private static final int HEADER_BYTES = Integer.BYTES;
    private static final int ENTRY_BYTES = Integer.BYTES + Long.BYTES + Integer.BYTES;
    private static final long HOUR_MICROS = 3_600_000_000L;
    private static final long NO_SEQUENCE = -1;

    /** What is known of a reading's identity. */
    enum Match {
        /** Not seen yet. */
        NEW,
        /** Seen with the same value. */
        SAME,
        /** Seen with another value. */
        CONFLICT
    }

    private final byte[] bytes;

    private SeenReadings(byte[] bytes) {
        this.bytes = bytes;
    }

    /** From the stored form; null where nothing is stored. */
    static SeenReadings of(byte[] stored) {
        return new SeenReadings(stored == null ? new byte[HEADER_BYTES] : stored);
    }

    /** The key under which the readings of this one's hour are stored, within its partition. */
    static String key(Reading reading) {
        return String.join(
                "\u0000",
                reading.getCenter(),
                reading.getSubject(),
                reading.getDevice(),
                reading.getMetric(),
                reading.getAttributes(),
                Long.toString(Math.floorDiv(micros(reading.getTime()), HOUR_MICROS), Character.MAX_RADIX));
    }

    Match match(Reading reading) {
        ByteBuffer entries = ByteBuffer.wrap(bytes).position(HEADER_BYTES);
        int offset = offset(reading);
        long sequence = sequence(reading);
        while (entries.hasRemaining()) {
            boolean same = entries.getInt() == offset & entries.getLong() == sequence;
            int hash = entries.getInt();
            if (same) {
                return hash == hash(reading) ? Match.SAME : Match.CONFLICT;
            }
        }
        return Match.NEW;
    }

    /**
     * With one more reading.
     *
     * @param takenAt when it came to be judged: its arrival, or its release from quarantine
     */
    SeenReadings with(Reading reading, Instant takenAt) {
        ByteBuffer longer = ByteBuffer.allocate(bytes.length + ENTRY_BYTES);
        longer.put(bytes).putInt(offset(reading)).putLong(sequence(reading)).putInt(hash(reading));
        longer.putInt(0, (int) takenAt.getEpochSecond());
        return new SeenReadings(longer.array());
    }

    /** When it was last added to. */
    Instant lastAddedTo() {
        return Instant.ofEpochSecond(
                Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt()));
    }

    byte[] stored() {
        return bytes;
    }

    /** An hour has 3.6e9 microseconds, which fit into 32 bits without sign. */
    private static int offset(Reading reading) {
        return (int) Math.floorMod(micros(reading.getTime()), HOUR_MICROS);
    }

    private static long sequence(Reading reading) {
        return reading.getSequence() == null ? NO_SEQUENCE : reading.getSequence();
    }

    /** Of the canonical value and the end, so that 6.4 mmol/L sent twice matches whatever else differs. */
    private static int hash(Reading reading) {
        return Objects.hash(reading.getValue(), reading.getEnd());
    }

    private static long micros(Instant time) {
        return Math.multiplyExact(time.getEpochSecond(), 1_000_000L) + time.getNano() / 1_000;
    }
}
