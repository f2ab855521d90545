package org.lifelog.streams;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.lifelog.avro.LedgerEntry;
import org.lifelog.contract.SubjectKey;

/**
 * Counts what became of every reading, by center, in the same transaction as the reading's own way, and emits the counts
 * to the ledger topic with each commit. The meter {@code lifelog_readings_total} counts too, but starts at 0 with each
 * start and counts again what a transaction that failed has to do again.
 */
final class Ledger {
    static final String STORE = "ledger";
    /** Stands for the center in the ledger where a record names none that is configured. */
    static final String NO_CENTER = "~unknown";

    enum Outcome {
        VALID,
        DUPLICATE,
        QUARANTINED,
        CORRECTED,
        WITHDRAWN,
        /** Made by the streams themselves; nothing that was received. */
        DERIVED,
        /** Asked for a subject to be forgotten. */
        ERASURE
    }

    /** In the stored order; the number of released ones stood there before there were corrections. */
    private static final int RELEASED = 3;

    private static final int COUNTS_STORED = Outcome.values().length + 1;

    /** The counts of one center: valid, duplicate, quarantined, how many of all were released, corrected, withdrawn, derived, erasures. */
    static final Serde<long[]> COUNTS = Serdes.serdeFrom(
            (topic, counts) -> {
                ByteBuffer out = ByteBuffer.allocate(counts.length * Long.BYTES);
                out.asLongBuffer().put(counts);
                return out.array();
            },
            (topic, bytes) -> {
                long[] counts = new long[COUNTS_STORED];
                // What an older version has stored is shorter.
                ByteBuffer.wrap(bytes).asLongBuffer().get(counts, 0, bytes.length / Long.BYTES);
                return counts;
            });

    private final KeyValueStore<String, long[]> store;
    private final MeterRegistry meters;
    private final Map<String, Map<Outcome, Counter>> counters = new HashMap<>();

    /**
     * Counts for one task.
     *
     * @param child the processor that takes the entries
     */
    Ledger(ProcessorContext<String, Object> context, String child, MeterRegistry meters) {
        this.store = context.getStateStore(STORE);
        this.meters = meters;
        int partition = context.taskId().partition();
        EmitOnCommit.<String, long[], String, Object>connect(store, context, child, change -> {
            long[] counts = change.value().newValue;
            LedgerEntry entry = new LedgerEntry(
                    change.key(),
                    partition,
                    Arrays.stream(counts).sum() - counts[RELEASED] - counts[place(Outcome.DERIVED)],
                    counts[place(Outcome.VALID)],
                    counts[place(Outcome.DUPLICATE)],
                    counts[place(Outcome.QUARANTINED)],
                    counts[RELEASED],
                    counts[place(Outcome.CORRECTED)],
                    counts[place(Outcome.WITHDRAWN)],
                    counts[place(Outcome.DERIVED)],
                    counts[place(Outcome.ERASURE)]);
            return new Record<>(
                    new SubjectKey(change.key(), Integer.toString(partition)).toString(), entry, change.timestamp());
        });
    }

    static StoreBuilder<KeyValueStore<String, long[]>> storeBuilder() {
        return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(STORE), Serdes.String(), COUNTS)
                .withCachingEnabled();
    }

    /**
     * Counts one record.
     *
     * @param released whether it was in quarantine before, where it is counted too
     */
    void count(String center, Outcome outcome, boolean released) {
        long[] counts = counts(center);
        counts[place(outcome)]++;
        if (released) {
            counts[RELEASED]++;
            counter(center, "released").increment();
        }
        store.put(center, counts);
        counters.computeIfAbsent(center, c -> new EnumMap<>(Outcome.class))
                .computeIfAbsent(outcome, o -> counter(center, o.name().toLowerCase(Locale.ROOT)))
                .increment();
    }

    /** Counts rows that came or went because of another reading. */
    void countDerived(String center, int rows) {
        long[] counts = counts(center);
        counts[place(Outcome.DERIVED)] += rows;
        store.put(center, counts);
    }

    private long[] counts(String center) {
        long[] counts = store.get(center);
        return counts == null ? new long[COUNTS_STORED] : counts;
    }

    private static int place(Outcome outcome) {
        return outcome.ordinal() < RELEASED ? outcome.ordinal() : outcome.ordinal() + 1;
    }

    private Counter counter(String center, String outcome) {
        return meters.counter("lifelog.readings", "center", center, "outcome", outcome);
    }
}
