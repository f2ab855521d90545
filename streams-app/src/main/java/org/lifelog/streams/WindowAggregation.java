package org.lifelog.streams;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.kstream.internals.Change;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Metric;
import org.lifelog.contract.SubjectKey;
import org.lifelog.contract.Windows;
import org.lifelog.streams.history.History;
import org.lifelog.streams.history.Micros;

/**
 * Keeps the windows of one size for every series and emits each changed window with the commit. A reading falls into the
 * window of its effective time, an interval into that of its start. Late readings (see {@link Windows#late}) must not
 * come here.
 */
final class WindowAggregation implements Processor<String, WindowChange, String, Aggregate> {
    /** The grace, a day that began before it, a clock that runs ahead, and a margin for the order between partitions. */
    private static final Duration RETENTION = Windows.GRACE.plus(Duration.ofDays(5));

    private final WindowSize size;
    private final String child;
    private final Catalogue catalogue;
    private final Centers centers;
    private ProcessorContext<String, Aggregate> context;
    private WindowStore<String, AggregateState> store;
    private CountedAmounts countedAmounts;

    /**
     * Keeps the windows of one size.
     *
     * @param child the processor that takes the aggregates
     */
    WindowAggregation(WindowSize size, String child, Catalogue catalogue, Centers centers) {
        this.size = size;
        this.child = child;
        this.catalogue = catalogue;
        this.centers = centers;
    }

    /** Name of the processor and of its store. Stable: the store's changelog is named after it. */
    static String name(WindowSize size) {
        return "windows-" + size.name().toLowerCase(Locale.ROOT);
    }

    static StoreBuilder<WindowStore<String, AggregateState>> storeBuilder(WindowSize size) {
        Duration nominal = switch (size) {
            case MINUTE -> Duration.ofMinutes(1);
            case HOUR -> Duration.ofHours(1);
            case DAY -> Duration.ofDays(1);
            case UNKNOWN -> throw new IllegalArgumentException("no such window");
        };
        return Stores.windowStoreBuilder(
                        Stores.persistentWindowStore(name(size), RETENTION, nominal, false),
                        Serdes.String(),
                        AggregateState.serde())
                .withCachingEnabled();
    }

    @Override
    public void init(ProcessorContext<String, Aggregate> context) {
        this.context = context;
        store = context.getStateStore(name(size));
        History history = new History(context.getStateStore(History.STORE));
        countedAmounts = new CountedAmounts(catalogue, centers, history);
        EmitOnCommit.<Windowed<String>, AggregateState, String, Aggregate>connect(
                store, context, child, this::toOutput);
    }

    @Override
    public void process(Record<String, WindowChange> record) {
        WindowChange change = record.value();
        if (change == null) {
            erase(SubjectKey.parse(record.key()));
            context.forward(record.withValue(null), child);
            return;
        }
        Reading reading = change.reading();
        Metric metric = catalogue.metric(reading.getMetric()).orElseThrow();
        ZoneId zone = zone(reading.getCenter());
        Set<Instant> anew = new TreeSet<>();
        change.anew().forEach(time -> anew.add(Windows.start(size, Micros.toInstant(time), zone)));
        anew.forEach(start -> compute(change.series(), start, Windows.end(size, start, zone), metric));
        if (change.counted().isPresent()) {
            Instant start = Windows.start(size, reading.getTime(), zone);
            if (!anew.contains(start)) {
                AggregateState state = store.fetch(change.series(), start.toEpochMilli());
                state = state == null ? new AggregateState(metric) : state;
                state.add(Micros.of(reading.getTime()), change.counted().getAsDouble(), metric);
                store.put(change.series(), state, start.toEpochMilli());
            }
        }
    }

    private void erase(SubjectKey subject) {
        List<Windowed<String>> windows = new ArrayList<>();
        try (KeyValueIterator<Windowed<String>, AggregateState> entries = store.fetch(
                Erasure.first(subject), Erasure.last(subject), Instant.EPOCH, Instant.ofEpochMilli(Long.MAX_VALUE))) {
            entries.forEachRemaining(entry -> windows.add(entry.key));
        }
        windows.forEach(window -> store.put(window.key(), null, window.window().start()));
    }

    /** No value can be taken out of a window again, so it is computed from what is remembered. */
    private void compute(String series, Instant start, Instant end, Metric metric) {
        AggregateState before = store.fetch(series, start.toEpochMilli());
        AggregateState state = before == null ? new AggregateState(metric) : before.anew(metric);
        countedAmounts.forEach(
                series, metric, Micros.of(start), Micros.of(end), (time, counted) -> state.add(time, counted, metric));
        if (before != null || state.n() > 0) {
            store.put(series, state, start.toEpochMilli());
        }
    }

    /** The aggregate of a window that changed; null where its subject was erased. */
    private Record<String, Aggregate> toOutput(Record<Windowed<String>, Change<AggregateState>> change) {
        String[] series = History.parts(change.key().key());
        Metric metric = catalogue.metric(series[2]).orElseThrow();
        AggregateState state = change.value().newValue;
        if (state == null) {
            return null;
        }
        Instant start = Instant.ofEpochMilli(change.key().window().start());
        List<Long> bands = Arrays.stream(state.bands()).boxed().toList();
        Aggregate aggregate = Aggregate.newBuilder()
                .setCenter(series[0])
                .setSubject(series[1])
                .setMetric(series[2])
                .setAttributes(series[3])
                .setUnit(metric.unit())
                .setWindow(size)
                .setTime(start)
                .setEnd(Windows.end(size, start, zone(series[0])))
                .setN(state.n())
                .setSum(state.sum())
                .setMean(state.mean(metric))
                .setMin(state.min())
                .setMax(state.max())
                .setFirst(state.first())
                .setLast(state.last())
                .setSd(state.sd())
                .setBands(bands)
                .setVersion(state.version())
                .build();
        return new Record<>(SubjectKey.of(series[0], series[1]).toString(), aggregate, change.timestamp());
    }

    private ZoneId zone(String center) {
        return centers.center(center).orElseThrow().zone();
    }
}
