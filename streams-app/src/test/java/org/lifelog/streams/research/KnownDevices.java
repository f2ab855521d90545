package org.lifelog.streams.research;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lifelog.avro.Assignment;
import org.lifelog.avro.Device;

/** Registered devices in memory. */
final class KnownDevices implements Devices {
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    private final TreeMap<String, Device> devices = new TreeMap<>();
    private int scans;

    void add(String center, String device, String manufacturer, String model, String... subjects) {
        List<Assignment> assignments = Stream.of(subjects)
                .map(subject -> new Assignment(subject, SINCE, null))
                .toList();
        devices.put(
                center + "/" + device,
                new Device(center, device, manufacturer, model, assignments, SINCE, Map.of(), 0));
    }

    void remove(String center, String device) {
        devices.remove(center + "/" + device);
    }

    /** How often {@link #scan} was called. */
    int scans() {
        return scans;
    }

    @Override
    public Optional<Device> find(String center, String device) {
        return Optional.ofNullable(devices.get(center + "/" + device));
    }

    @Override
    public Optional<String> scan(Optional<String> from, int most, Consumer<Device> taker) {
        scans++;
        SortedMap<String, Device> rest = from.isEmpty() ? devices : devices.tailMap(from.get());
        int left = most;
        for (Map.Entry<String, Device> entry : rest.entrySet()) {
            if (left-- == 0) {
                return Optional.of(entry.getKey());
            }
            taker.accept(entry.getValue());
        }
        return Optional.empty();
    }
}
