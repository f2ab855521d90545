package org.lifelog.streams;

import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.lifelog.avro.Reading;
import org.lifelog.streams.history.Micros;

/**
 * Watches the clocks of devices that number their readings: a higher number at an earlier time means that the clock was
 * put back in between. Readings from then on are suspect until their time has passed that of the last one before.
 *
 * <p>Kept for each device and metric of a subject: the highest number and its time, the number at which the clock was
 * put back and the time until which it is suspect, in 32 bytes. A device whose numbers begin anew, because it was reset,
 * is followed from there.
 */
final class DeviceClocks {
    static final String STORE = "device-clocks";

    /** Numbers and times of one device may be out of step by so much: readings of one minute may be numbered at its end. */
    private static final long TOLERANCE = 60 * Micros.PER_SECOND;
    /** A number that is smaller by more than this is the beginning of a new count. */
    private static final long RESTART = 10_000;

    private static final int BYTES = 4 * Long.BYTES;
    private static final String SEPARATOR = "\u0000";

    private final KeyValueStore<String, byte[]> store;

    DeviceClocks(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> storeBuilder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** Whether the clock was wrong when the reading was made; notes its number. */
    boolean suspect(Reading reading) {
        if (reading.getSequence() == null) {
            return false;
        }
        String key = String.join(
                SEPARATOR, reading.getCenter(), reading.getSubject(), reading.getDevice(), reading.getMetric());
        long sequence = reading.getSequence();
        long time = Micros.of(reading.getTime());
        byte[] stored = store.get(key);
        if (stored == null) {
            put(key, sequence, time, Long.MAX_VALUE, Long.MIN_VALUE);
            return false;
        }
        ByteBuffer in = ByteBuffer.wrap(stored);
        long highest = in.getLong();
        long timeOfHighest = in.getLong();
        long backAt = in.getLong();
        long until = in.getLong();
        if (sequence < highest - RESTART && time > timeOfHighest) {
            put(key, sequence, time, Long.MAX_VALUE, Long.MIN_VALUE);
            return false;
        }
        if (sequence > highest) {
            if (time < timeOfHighest - TOLERANCE) {
                backAt = Math.min(backAt, sequence);
                until = Math.max(until, timeOfHighest);
            } else if (time > until) {
                backAt = Long.MAX_VALUE;
                until = Long.MIN_VALUE;
            }
            put(key, sequence, time, backAt, until);
        }
        return sequence >= backAt && time <= until;
    }

    private void put(String key, long highest, long timeOfHighest, long backAt, long until) {
        store.put(
                key,
                ByteBuffer.allocate(BYTES)
                        .putLong(highest)
                        .putLong(timeOfHighest)
                        .putLong(backAt)
                        .putLong(until)
                        .array());
    }
}
