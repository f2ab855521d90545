package org.lifelog.streams.research;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.lifelog.avro.Device;

/**
 * Knows which models are common: those whose devices were assigned to enough subjects of the center. A rare model would
 * name its owner, and what somebody wrote into the model of one device is not passed on.
 *
 * <p>One for all tasks of an instance. The devices are counted a part at a time, over and over; until the first count is
 * done every model is rare. Of a model so many subjects are kept as make it common, and of models a bounded number.
 */
final class DeviceModels {
    static final Duration BETWEEN_PARTS = Duration.ofSeconds(1);
    static final Duration BETWEEN_COUNTS = Duration.ofMinutes(10);
    private static final int PART = 10_000;
    private static final int MOST_MODELS = 10_000;

    /**
     * The result of a count.
     *
     * @param number grows with each count
     */
    record Count(long number, Set<DeviceModel> common) {}

    private final Map<String, Integer> subjectsNeeded = new TreeMap<>();
    private volatile Count last = new Count(0, Set.of());
    private final Map<DeviceModel, Set<String>> subjectsOfRare = new HashMap<>();
    private final Set<DeviceModel> common = new HashSet<>();
    private Optional<String> next = Optional.empty();
    private Instant notBefore = Instant.MIN;

    /**
     * Counts for the centers of these releases.
     *
     * @param releases by the center's code
     */
    DeviceModels(Map<String, Release> releases) {
        releases.forEach((center, release) -> subjectsNeeded.put(center, release.modelSubjects()));
    }

    /** The last count that was done. */
    Count last() {
        return last;
    }

    /** Counts a part, unless it is too early; the one who ends a count publishes it. */
    synchronized void count(Devices devices, Instant now) {
        if (now.isBefore(notBefore)) {
            return;
        }
        next = devices.scan(next, PART, this::add);
        if (next.isPresent()) {
            notBefore = now.plus(BETWEEN_PARTS);
            return;
        }
        last = new Count(last.number() + 1, Set.copyOf(common));
        common.clear();
        subjectsOfRare.clear();
        notBefore = now.plus(BETWEEN_COUNTS);
    }

    private void add(Device device) {
        Integer needed = subjectsNeeded.get(device.getCenter());
        if (needed != null) {
            DeviceModel.of(device)
                    .filter(model -> !common.contains(model))
                    .ifPresent(model -> add(model, device, needed));
        }
    }

    private void add(DeviceModel model, Device device, int needed) {
        if (subjectsOfRare.size() + common.size() >= MOST_MODELS && !subjectsOfRare.containsKey(model)) {
            return;
        }
        Set<String> subjects = subjectsOfRare.computeIfAbsent(model, m -> new HashSet<>());
        device.getAssignments().forEach(assignment -> subjects.add(assignment.getSubject()));
        if (subjects.size() >= needed) {
            common.add(model);
            subjectsOfRare.remove(model);
        }
    }
}
