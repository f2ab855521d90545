package org.lifelog.streams.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.lifelog.contract.Windows;

/**
 * The readings of the last weeks of all series of one task. What asks about a single reading (was it sent before?), about
 * its neighbours (do their intervals overlap?) and about a span (what does this window hold, now that one was withdrawn?)
 * is answered from here.
 *
 * <p>Readings lie in blocks: a day of UTC of one series is one, until it holds more than {@value #MOST} readings; then
 * there is one for each hour, and for each minute of an hour that holds as many. So a spot measurement and a value each
 * second both take few bytes, and what is written anew for one more reading stays short. A block is forgotten when
 * nothing was added to it for the length of the grace: by arrival and not by effective time, so that a backfill of old
 * readings that is sent twice is recognised like any other.
 */
public final class History {
    public static final String STORE = "recent-readings";

    private static final int MOST = 320;
    private static final int SECONDS_PER_MINUTE = 60;
    private static final int DAY_MINUTES = (int) Duration.ofDays(1).toMinutes();
    /** A day that just was not late when a reading came is not late for another one that comes within this. */
    private static final int KEEP_MINUTES = (int) Windows.GRACE.toMinutes() + DAY_MINUTES;

    /** Stands between the parts of a name; no part has it. */
    public static final char SEPARATOR = '\u0000';

    /** The block that a reading lies in, or would lie in. */
    private record Leaf(String key, Span span, long start, Block block) {
        private long end() {
            return start + span.micros;
        }
    }

    private static final String SHORTEST = "The shortest block was split.";

    private final KeyValueStore<String, byte[]> store;
    /** Where the next sweep goes on; null for the beginning. */
    private String sweepFrom;

    /** Over the store of a task. */
    public History(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    /** The store. */
    public static StoreBuilder<KeyValueStore<String, byte[]>> storeBuilder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled();
    }

    /** The name of a series, under which its readings are remembered. */
    public static String series(String center, String subject, String metric, String attributes) {
        return center + SEPARATOR + subject + SEPARATOR + metric + SEPARATOR + attributes;
    }

    /** The center, subject, metric and attributes of which a name was made. */
    public static String[] parts(String series) {
        // -1 keeps the empty attributes at the end
        return series.split(String.valueOf(SEPARATOR), -1);
    }

    /**
     * The place of a reading among those of its series.
     *
     * @param takenAt when it came to be judged
     */
    public Place place(String series, Known reading, Instant takenAt) {
        return new Place(
                series, reading, renewed(series, reading.time(), Optional.of(reading.device()), minutes(takenAt)));
    }

    /** Gives those of a series from a time to another one, the first included and the last not, in order of time. */
    public void forEach(String series, long from, long to, Consumer<Known> action) {
        for (long time = from; time < to; ) {
            Leaf leaf = leaf(series, time, Set.of());
            Block block = leaf.block;
            for (int i = block.firstAt(time); i < block.size && block.times[i] < to; i++) {
                action.accept(block.at(i));
            }
            time = leaf.end();
        }
    }

    /**
     * Keeps those of a series from a time to another one for as long as if one of them had been added now. For what is
     * looked at as a whole, so that no part of it is forgotten before the rest.
     */
    public void renew(String series, long from, long to, Instant now) {
        for (long time = from; time < to; ) {
            Leaf leaf = renewed(series, time, Optional.empty(), minutes(now));
            if (leaf.block.size > 0 && minutes(now) - leaf.block.addedAt > DAY_MINUTES) {
                leaf.block.addedAt = minutes(now);
                store.put(leaf.key, BlockCodec.encode(leaf.block));
            }
            time = leaf.end();
        }
    }

    private static int minutes(Instant time) {
        return (int) (time.getEpochSecond() / SECONDS_PER_MINUTE);
    }

    /** The block around a time; what leads there is renewed, and names a device whose reading may be added. */
    private Leaf renewed(String series, long time, Optional<String> device, int now) {
        for (Span span : Span.values()) {
            String key = span.key(series, time);
            byte[] stored = store.get(key);
            if (stored == null || !BlockCodec.isSplit(stored)) {
                return leaf(key, span, time, stored);
            }
            Set<String> devices = BlockCodec.devices(stored);
            boolean another = !devices.isEmpty() && device.filter(devices::add).isPresent();
            if (another || now - BlockCodec.addedAt(stored) > DAY_MINUTES) {
                store.put(key, BlockCodec.split(Math.max(now, BlockCodec.addedAt(stored)), devices));
            }
        }
        throw new IllegalStateException(SHORTEST);
    }

    private static Leaf leaf(String key, Span span, long time, byte[] stored) {
        return new Leaf(key, span, span.start(time), stored == null ? new Block() : BlockCodec.decode(stored));
    }

    /** The block around a time; an empty one for the longest span that holds readings of these devices only. */
    private Leaf leaf(String series, long time, Set<String> without) {
        for (Span span : Span.values()) {
            String key = span.key(series, time);
            byte[] stored = store.get(key);
            if (stored == null || !holdsOthers(stored, without)) {
                return leaf(key, span, time, null);
            }
            if (!BlockCodec.isSplit(stored)) {
                return leaf(key, span, time, stored);
            }
        }
        throw new IllegalStateException(SHORTEST);
    }

    private static boolean holdsOthers(byte[] stored, Set<String> devices) {
        if (devices.isEmpty()) {
            return true;
        }
        Set<String> held = BlockCodec.devices(stored);
        return held.isEmpty() || !devices.containsAll(held);
    }

    /**
     * Gives those of a series from a time to another one, and of each device the last one before that of which something is
     * true. Where only some devices have readings, nothing is read but that.
     *
     * @param farthest how far back the last ones are sought
     * @param without devices whose readings are not wanted; some of them may be given from the span all the same
     */
    public void reachingInto(
            String series,
            long from,
            long to,
            long farthest,
            Set<String> without,
            Predicate<Known> wanted,
            Consumer<Known> action) {
        for (long time = from; time < to; ) {
            Leaf leaf = leaf(series, time, without);
            Block block = leaf.block;
            for (int i = block.firstAt(time); i < block.size && block.times[i] < to; i++) {
                if (wanted.test(block.at(i))) {
                    action.accept(block.at(i));
                }
            }
            time = leaf.end();
        }
        Set<String> found = new HashSet<>(without);
        for (long time = from - 1; time >= farthest; ) {
            Leaf leaf = leaf(series, time, found);
            Block block = leaf.block;
            for (int i = block.firstAt(from) - 1; i >= 0 && block.times[i] >= farthest; i--) {
                Known known = block.at(i);
                if (wanted.test(known) && found.add(known.device())) {
                    action.accept(known);
                }
            }
            time = leaf.start - 1;
        }
    }

    private void save(String series, Leaf leaf) {
        if (leaf.block.size <= MOST || leaf.span == Span.MINUTE) {
            store.put(leaf.key, BlockCodec.encode(leaf.block));
            return;
        }
        Set<String> devices =
                leaf.block.sources.stream().map(Block.Source::device).collect(Collectors.toSet());
        store.put(leaf.key, BlockCodec.split(leaf.block.addedAt, devices));
        Span shorter = Span.values()[leaf.span.ordinal() + 1];
        Map<Long, Block> parts = new TreeMap<>();
        for (int i = 0; i < leaf.block.size; i++) {
            Block part = parts.computeIfAbsent(shorter.start(leaf.block.times[i]), start -> new Block());
            part.add(leaf.block.at(i));
            part.addedAt = leaf.block.addedAt;
        }
        parts.forEach((start, block) -> save(series, new Leaf(shorter.key(series, start), shorter, start, block)));
    }

    /**
     * Forgets blocks that are old enough, a part of the store at a time. The next call goes on where this one ended.
     *
     * @param most how many blocks are looked at
     */
    public void sweep(Instant now, int most) {
        int left = most;
        List<String> old = new ArrayList<>();
        String next = null;
        try (KeyValueIterator<String, byte[]> entries = store.range(sweepFrom, null)) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                if (left-- == 0) {
                    next = entry.key;
                    break;
                }
                // What was split is renewed once a day, and so kept for longer than what it leads to.
                int keep = BlockCodec.isSplit(entry.value) ? KEEP_MINUTES + 2 * DAY_MINUTES : KEEP_MINUTES;
                if (BlockCodec.addedAt(entry.value) + keep < minutes(now)) {
                    old.add(entry.key);
                }
            }
        }
        sweepFrom = next;
        old.forEach(store::delete);
    }

    /** Where a reading lies among those of its series, or would lie. */
    public final class Place {
        private final String series;
        private final Known reading;
        private final Leaf leaf;

        private Place(String series, Known reading, Leaf leaf) {
            this.series = series;
            this.reading = reading;
            this.leaf = leaf;
        }

        /** What is known under the identity of the reading; null where nothing is. */
        public Known known() {
            int at = leaf.block.find(reading);
            return at < 0 ? null : leaf.block.at(at);
        }

        /** Remembers the reading, in the place of what was known under its identity. */
        public void remember(Known newer, Instant takenAt) {
            int at = leaf.block.find(reading);
            if (at < 0) {
                leaf.block.add(newer);
            } else {
                leaf.block.set(at, newer);
            }
            leaf.block.addedAt = Math.max(minutes(takenAt), leaf.block.addedAt);
            save(series, leaf);
        }

        /** Forgets what is known under the identity of the reading, as if it had never been. The place is no more. */
        public void forget() {
            int at = leaf.block.find(reading);
            if (at >= 0 && leaf.block.size == 1) {
                store.delete(leaf.key);
            } else if (at >= 0) {
                store.put(leaf.key, BlockCodec.encode(leaf.block.without(at)));
            }
        }

        /** The last one before the reading's time of which something is true, as far back as a time; null for none. */
        public Known before(long farthest, Predicate<Known> wanted) {
            Leaf at = leaf;
            int index = at.block.firstAt(reading.time()) - 1;
            while (true) {
                for (; index >= 0 && at.block.times[index] >= farthest; index--) {
                    Known known = at.block.at(index);
                    if (wanted.test(known)) {
                        return known;
                    }
                }
                if (index >= 0 || at.start <= farthest) {
                    return null;
                }
                at = leaf(series, at.start - 1, Set.of());
                index = at.block.size - 1;
            }
        }

        /** The first one at the reading's time or after it of which something is true, as far as a time; null for none. */
        public Known atOrAfter(long farthest, Predicate<Known> wanted) {
            Leaf at = leaf;
            int index = at.block.firstAt(reading.time());
            while (true) {
                for (; index < at.block.size && at.block.times[index] <= farthest; index++) {
                    Known known = at.block.at(index);
                    if (wanted.test(known)) {
                        return known;
                    }
                }
                if (index < at.block.size || at.end() > farthest) {
                    return null;
                }
                at = leaf(series, at.end(), Set.of());
                index = 0;
            }
        }
    }
}
