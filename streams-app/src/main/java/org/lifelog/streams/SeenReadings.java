package org.lifelog.streams;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.contract.Reason;
import org.lifelog.contract.Windows;
import org.lifelog.streams.history.Micros;

/**
 * What the version before {@link org.lifelog.streams.history.History} remembered, so that an upgrade takes no reading
 * twice. Nothing is added; after the length of the grace it is empty, costs nothing, and can be deleted with its store.
 *
 * <p>An entry holds the readings of one series from one device in one hour: 4 bytes for when it was last added to (seconds
 * since the epoch), then per reading 4 bytes offset in the hour (microseconds), 8 bytes sequence, 4 bytes hash of the
 * value and the end.
 */
final class SeenReadings {
    static final String STORE = "seen-readings";

    private static final int HEADER_BYTES = Integer.BYTES;
    private static final long HOUR_MICROS = 3_600 * Micros.PER_SECOND;
    private static final long NO_SEQUENCE = -1;

    private final KeyValueStore<String, byte[]> store;
    private boolean empty;
    /** Where the next sweep goes on; null for the beginning. */
    private String sweepFrom;

    SeenReadings(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> storeBuilder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** What becomes of a reading that was taken by that version; empty where it was not. */
    Optional<Judgement> judge(Reading reading) {
        byte[] entries = empty ? null : store.get(key(reading));
        if (entries == null) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(entries).position(HEADER_BYTES);
        int offset = (int) Math.floorMod(Micros.of(reading.getTime()), HOUR_MICROS);
        long sequence = reading.getSequence() == null ? NO_SEQUENCE : reading.getSequence();
        while (in.hasRemaining()) {
            boolean known = in.getInt() == offset & in.getLong() == sequence;
            boolean sameValue = in.getInt() == Objects.hash(reading.getValue(), reading.getEnd());
            if (known && sameValue && reading.getStatus() != ReadingStatus.WITHDRAWN) {
                return Optional.of(new Judgement.Duplicate());
            }
            if (known) {
                return Optional.of(new Judgement.Quarantined(
                        Reason.CONFLICTING_DUPLICATE,
                        "A reading of this device at this time is known from before an upgrade, and stays. It can be"
                                + " corrected or withdrawn " + Windows.GRACE.toDays() + " days after that."));
            }
        }
        return Optional.empty();
    }

    private static String key(Reading reading) {
        return String.join(
                "\u0000",
                reading.getCenter(),
                reading.getSubject(),
                reading.getDevice(),
                reading.getMetric(),
                reading.getAttributes(),
                Long.toString(Math.floorDiv(Micros.of(reading.getTime()), HOUR_MICROS), Character.MAX_RADIX));
    }

    /** Forgets what is old enough, a part at a time. */
    void sweep(Instant now, int most) {
        if (empty) {
            return;
        }
        int left = most;
        List<String> old = new ArrayList<>();
        String next = null;
        try (KeyValueIterator<String, byte[]> entries = store.range(sweepFrom, null)) {
            empty = sweepFrom == null && !entries.hasNext();
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                if (left-- == 0) {
                    next = entry.key;
                    break;
                }
                Instant lastAddedTo = Instant.ofEpochSecond(
                        Integer.toUnsignedLong(ByteBuffer.wrap(entry.value).getInt()));
                if (lastAddedTo.plus(Windows.GRACE).isBefore(now)) {
                    old.add(entry.key);
                }
            }
        }
        sweepFrom = next;
        old.forEach(store::delete);
    }
}
