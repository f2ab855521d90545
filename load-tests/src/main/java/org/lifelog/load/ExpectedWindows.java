package org.lifelog.load;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Windows;

/** The windows of readings of one center by a plain loop, to compare those of the streams with. */
final class ExpectedWindows {
    private static final WindowSize[] SIZES = {WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY};

    private record Key(String subject, String metric, WindowSize size, Instant start) {}

    private static final class Window {
        private long n;
        private double sum;
        private double min = Double.POSITIVE_INFINITY;
        private double max = Double.NEGATIVE_INFINITY;

        private boolean equalsAggregate(Aggregate aggregate) {
            return aggregate.getN() == n
                    && Math.abs(aggregate.getSum() - sum) <= 1e-9 * Math.abs(sum)
                    && aggregate.getMin() == min
                    && aggregate.getMax() == max;
        }
    }

    private final Map<Key, Window> windows = new HashMap<>();
    private final Map<Key, Aggregate> found = new HashMap<>();
    private final Center center;

    ExpectedWindows(String center) {
        this.center = Centers.load(Catalogue.load()).center(center).orElseThrow();
    }

    void add(Reading reading) {
        for (WindowSize size : SIZES) {
            Instant start = Windows.start(size, reading.getTime(), center.zone());
            Window window = windows.computeIfAbsent(
                    new Key(reading.getSubject(), reading.getMetric(), size, start), key -> new Window());
            window.n++;
            window.sum += reading.getValue();
            window.min = Math.min(window.min, reading.getValue());
            window.max = Math.max(window.max, reading.getValue());
        }
    }

    /** How many windows there are. */
    int size() {
        return windows.size();
    }

    /** Takes one of the streams; of each window the last one counts. */
    void found(Aggregate aggregate) {
        found.put(
                new Key(aggregate.getSubject(), aggregate.getMetric(), aggregate.getWindow(), aggregate.getTime()),
                aggregate);
    }

    /** How many are missing, too many or of other values among those that were found. */
    int differing() {
        Set<Key> all = new HashSet<>(windows.keySet());
        all.addAll(found.keySet());
        return (int) all.stream()
                .filter(key -> !windows.containsKey(key)
                        || !found.containsKey(key)
                        || !windows.get(key).equalsAggregate(found.get(key)))
                .count();
    }
}
