package org.lifelog.streams;

import java.util.function.Function;
import org.apache.kafka.streams.kstream.internals.Change;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * Lets a processor emit what has changed in its cached store when the cache is flushed: with each commit, and earlier
 * only where the cache is full. However often an entry changes between two commits, it is emitted once, and its last
 * state always arrives, because the flush belongs to the transaction.
 *
 * <p>This is how the windowed aggregations of Kafka Streams' own DSL throttle. They cannot be used here, since they
 * would send every reading through a repartition topic to group by series, although a subject's series lie on one
 * partition already. The classes it needs are internal to Kafka Streams; this is the one place that touches them, and
 * the topology's tests tell when an upgrade changes them.
 */
final class EmitOnCommit {
    private EmitOnCommit() {}

    /**
     * Connects a store, built with caching, to the processor that is being initialised.
     *
     * @param child the processor that takes what is emitted
     * @param toOutput makes the record to forward from the changed entry; null for none
     * @throws IllegalStateException where the store has no cache
     */
    static <K, V, KOut, VOut> void connect(
            StateStore store,
            ProcessorContext<KOut, VOut> context,
            String child,
            Function<Record<K, Change<V>>, Record<KOut, VOut>> toOutput) {
        InternalProcessorContext<?, ?> internal = (InternalProcessorContext<?, ?>) context;
        ProcessorNode<?, ?, ?, ?> own = internal.currentNode();
        @SuppressWarnings("unchecked") // the caller names the types with which it built the store
        WrappedStateStore<?, K, V> cached = (WrappedStateStore<?, K, V>) store;
        boolean caching = cached.setFlushListener(
                change -> {
                    // The flush comes from outside the processor, so its node must be made the current one to forward.
                    ProcessorNode<?, ?, ?, ?> before = internal.currentNode();
                    internal.setCurrentNode(own);
                    try {
                        Record<KOut, VOut> output = toOutput.apply(change);
                        if (output != null) {
                            context.forward(output, child);
                        }
                    } finally {
                        internal.setCurrentNode(before);
                    }
                },
                false);
        if (!caching) {
            throw new IllegalStateException("Store " + store.name() + " has no cache.");
        }
    }
}
