package org.lifelog.gateway.mqtt;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many there are of each name of a credential. Names of which there are none take no memory. */
final class Tally {
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    void add(String name) {
        counts.merge(name, 1, Integer::sum);
    }

    /** Takes away one that was added. */
    void remove(String name) {
        counts.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
    }

    int of(String name) {
        return counts.getOrDefault(name, 0);
    }
}
