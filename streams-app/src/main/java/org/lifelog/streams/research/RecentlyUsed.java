package org.lifelog.streams.research;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers what was used last, up to a bound: a pseudonym found here costs a tenth of one that is computed.
 *
 * @param <K> what is looked up
 * @param <V> what is found
 */
final class RecentlyUsed<K, V> extends LinkedHashMap<K, V> {
    /** About 1 MiB in each task; what a task reads between two commits, so that the windows find it still. */
    static final int MOST = 5_000;

    RecentlyUsed() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > MOST;
    }
}
