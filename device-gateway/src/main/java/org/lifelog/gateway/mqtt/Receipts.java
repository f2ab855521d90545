package org.lifelog.gateway.mqtt;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who of this process wants the receipts of which device. A receipt goes to the connections of the same credential alone.
 * It is sent once, with QoS 0, to who is connected here; a reader that is too slow for it goes without.
 */
final class Receipts {
    /** A connection that has subscribed. */
    interface Subscriber {
        /**
         * Sends a receipt, or calls {@code dropped} where too much waits already. On any thread.
         *
         * @param payload JSON
         */
        void deliver(String topic, byte[] payload, Optional<byte[]> correlation, Runnable dropped);
    }

    private record Wanted(String username, String topic) {}

    private final Map<Wanted, Set<Subscriber>> subscribers = new ConcurrentHashMap<>();
    private final Counter dropped;

    Receipts(MeterRegistry meters) {
        dropped = meters.counter("lifelog.gateway.receipts.dropped");
    }

    void subscribe(String username, String topic, Subscriber subscriber) {
        subscribers.compute(new Wanted(username, topic), (key, before) -> {
            Set<Subscriber> all = before == null ? ConcurrentHashMap.newKeySet(1) : before;
            all.add(subscriber);
            return all;
        });
    }

    void unsubscribe(String username, String topic, Subscriber subscriber) {
        subscribers.computeIfPresent(new Wanted(username, topic), (key, all) -> {
            all.remove(subscriber);
            return all.isEmpty() ? null : all;
        });
    }

    /** Whether anybody wants it, so that nobody writes it in vain. */
    boolean wanted(String username, String topic) {
        return subscribers.containsKey(new Wanted(username, topic));
    }

    void publish(String username, String topic, byte[] payload, Optional<byte[]> correlation) {
        subscribers
                .getOrDefault(new Wanted(username, topic), Set.of())
                .forEach(subscriber -> subscriber.deliver(topic, payload, correlation, dropped::increment));
    }
}
