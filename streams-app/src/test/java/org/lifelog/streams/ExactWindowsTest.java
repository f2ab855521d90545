package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Windows;

/**
 * Random readings in random order, with duplicates, corrections, withdrawals and restarts: every window equals a plain
 * loop over the readings that are left.
 */
class ExactWindowsTest {
    private static final int READINGS = 1_000;
    private static final Instant FIRST = Instant.parse("2026-10-22T00:00:00Z");

    private final Center center = Centers.load(Catalogue.load()).center("isens").orElseThrow();

    @TempDir
    private Path folder;

    /** What a sender does: sends a reading, sends it again, changes it, takes it back. */
    private final class Sender {
        private final Random random;
        private final List<Reading> sent = new ArrayList<>();
        private final Map<String, Reading> left = new LinkedHashMap<>();

        Sender(long seed) {
            random = new Random(seed);
            List<Reading> distinct = distinctReadings(random);
            distinct.forEach(reading -> left.put(identity(reading), reading));
            sent.addAll(distinct);
            distinct.stream().filter(reading -> random.nextInt(3) == 0).forEach(sent::add);
            Collections.shuffle(sent, random);
            distinct.forEach(this::change);
        }

        private static String identity(Reading reading) {
            return reading.getSubject() + reading.getTime();
        }

        /** Of the records of one reading the last one counts, wherever they lie between those of others. */
        private void change(Reading reading) {
            int after = sent.lastIndexOf(reading);
            for (int changes = random.nextInt(8) - 5; changes > 0; changes--) {
                after += 1 + random.nextInt(sent.size() - after);
                boolean withdrawn = random.nextInt(3) == 0;
                Reading changed = Reading.newBuilder(reading)
                        .setValue(41 + random.nextInt(300))
                        .setStatus(withdrawn ? ReadingStatus.WITHDRAWN : ReadingStatus.CORRECTED)
                        .build();
                sent.add(after, changed);
                if (withdrawn) {
                    left.remove(identity(reading));
                } else {
                    left.put(identity(reading), changed);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void windowsEqualAPlainLoop(long seed) {
        Sender sender = new Sender(seed);
        Map<WindowSize, Map<String, Aggregate>> windows = new HashMap<>();
        TopologyFixture topology = new TopologyFixture(folder.resolve("0"), Readings.RECEIVED);
        for (int i = 0; i < sender.sent.size(); i++) {
            if (sender.random.nextInt(200) == 0) {
                collect(topology, windows);
                topology = restarted(topology, folder.resolve("after-" + i));
            }
            topology.send(sender.sent.get(i));
        }
        collect(topology, windows);
        topology.close();

        for (WindowSize size : List.of(WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY)) {
            compare(size, List.copyOf(sender.left.values()), windows.get(size));
        }
    }

    /** Steps of three devices in intervals of whole seconds that overlap those of the others. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void windowsOfSharedAmountsEqualAPlainLoop(long seed) {
        Random random = new Random(seed);
        List<Reading> distinct = overlappingSteps(random);
        List<Reading> sent = new ArrayList<>(distinct);
        Collections.shuffle(sent, random);
        Map<String, Reading> left = new LinkedHashMap<>();
        distinct.forEach(reading -> left.put(reading.getDevice() + reading.getTime(), reading));
        for (Reading reading : distinct.subList(0, 120)) {
            boolean withdrawn = random.nextInt(3) == 0;
            Reading changed = Reading.newBuilder(reading)
                    .setValue(random.nextInt(300))
                    .setEnd(reading.getTime()
                            .plusSeconds(1
                                    + random.nextInt((int) Duration.between(reading.getTime(), reading.getEnd())
                                            .toSeconds())))
                    .setStatus(withdrawn ? ReadingStatus.WITHDRAWN : ReadingStatus.CORRECTED)
                    .build();
            int first = sent.indexOf(reading);
            sent.add(first + 1 + random.nextInt(sent.size() - first), changed);
            if (withdrawn) {
                left.remove(reading.getDevice() + reading.getTime());
            } else {
                left.put(reading.getDevice() + reading.getTime(), changed);
            }
        }
        Map<WindowSize, Map<String, Aggregate>> windows = new HashMap<>();
        TopologyFixture topology = withPriorities(folder.resolve("0"));
        for (int i = 0; i < sent.size(); i++) {
            if (random.nextInt(200) == 0) {
                collect(topology, windows);
                topology = restarted(topology, folder.resolve("after-" + i));
                PRIORITIES.forEach(topology::register);
            }
            topology.send(sent.get(i));
            if (random.nextInt(3) == 0) {
                topology.send(sent.get(i));
            }
        }
        collect(topology, windows);
        assertThat(topology.quarantined()).isEmpty();
        topology.close();

        List<Reading> counted = counted(List.copyOf(left.values()));
        assertThat(counted).hasSizeLessThan(left.size()).hasSizeGreaterThan(left.size() / 3);
        for (WindowSize size : List.of(WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY)) {
            compare(size, counted, windows.get(size));
        }
    }

    private static final List<Device> PRIORITIES = List.of(device("watch", 20), device("phone", 5), device("ring", 20));

    private static Device device(String code, int priority) {
        return Device.newBuilder()
                .setCenter("isens")
                .setDevice(code)
                .setPriority(priority)
                .setUpdatedAt(FIRST)
                .build();
    }

    private static TopologyFixture withPriorities(Path state) {
        TopologyFixture topology = new TopologyFixture(state, Readings.RECEIVED);
        PRIORITIES.forEach(topology::register);
        return topology;
    }

    private static List<Reading> overlappingSteps(Random random) {
        List<Reading> steps = new ArrayList<>();
        for (Device device : PRIORITIES) {
            // Over midnight of Seoul; those of the watch are so many that its day is kept in parts.
            int longest = device.getDevice().equals("watch") ? 120 : 2_400;
            for (int second = 43_000 + random.nextInt(600); second < 68_000; ) {
                int length = 1 + random.nextInt(longest);
                Instant time = FIRST.plusSeconds(second);
                steps.add(Readings.of("isens", "steps", "{steps}", time.toString(), random.nextInt(300))
                        .setDevice(device.getDevice())
                        .setEnd(time.plusSeconds(length))
                        .build());
                second += length + random.nextInt(3) * random.nextInt(longest);
            }
        }
        Collections.shuffle(steps, random);
        return steps;
    }

    /** Goes through every second of every interval, and asks who else has it. */
    private static List<Reading> counted(List<Reading> readings) {
        Map<Instant, String> owners = new HashMap<>();
        for (String device : List.of("ring", "watch", "phone")) {
            readings.stream()
                    .filter(reading -> reading.getDevice().equals(device))
                    .forEach(reading -> {
                        for (Instant at = reading.getTime(); at.isBefore(reading.getEnd()); at = at.plusSeconds(1)) {
                            owners.putIfAbsent(at, device);
                        }
                    });
        }
        List<Reading> counted = new ArrayList<>();
        for (Reading reading : readings) {
            long length = Duration.between(reading.getTime(), reading.getEnd()).toSeconds();
            long own = 0;
            for (long second = 0; second < length; second++) {
                own += owners.get(reading.getTime().plusSeconds(second)).equals(reading.getDevice()) ? 1 : 0;
            }
            if (own > 0) {
                counted.add(Reading.newBuilder(reading)
                        .setValue(reading.getValue() * ((double) own / length))
                        .build());
            }
        }
        return counted;
    }

    private static TopologyFixture restarted(TopologyFixture before, Path state) {
        TopologyFixture after = new TopologyFixture(state, Readings.RECEIVED);
        after.restore(before);
        before.close();
        return after;
    }

    /** The newest state of a window is the one that counts; one without readings is no more. */
    private static void collect(TopologyFixture topology, Map<WindowSize, Map<String, Aggregate>> windows) {
        topology.aggregates().forEach(aggregate -> {
            Map<String, Aggregate> ofSize = windows.computeIfAbsent(aggregate.getWindow(), size -> new HashMap<>());
            String key = aggregate.getSubject() + " " + aggregate.getTime();
            if (aggregate.getN() == 0) {
                ofSize.remove(key);
            } else {
                ofSize.put(key, aggregate);
            }
        });
    }

    private static List<Reading> distinctReadings(Random random) {
        Map<String, Reading> byIdentity = new LinkedHashMap<>();
        while (byIdentity.size() < READINGS) {
            // Crowded into few days, so that windows have several readings, and days have more than one block holds.
            Instant time = FIRST.plusSeconds(random.nextInt(2) * 86_400L * 22 + random.nextInt(12_000));
            String subject = "S-" + random.nextInt(4) / 3;
            byIdentity.putIfAbsent(
                    subject + time,
                    Readings.glucose(time.toString(), 40.5 + random.nextInt(3_590) / 10.0)
                            .setSubject(subject)
                            .build());
        }
        return new ArrayList<>(byIdentity.values());
    }

    private void compare(WindowSize size, List<Reading> readings, Map<String, Aggregate> windows) {
        Map<String, List<Reading>> expected = new HashMap<>();
        readings.forEach(reading -> expected.computeIfAbsent(
                        reading.getSubject() + " " + Windows.start(size, reading.getTime(), center.zone()),
                        key -> new ArrayList<>())
                .add(reading));
        assertThat(windows.keySet()).isEqualTo(expected.keySet());
        expected.forEach((key, inside) -> {
            Aggregate window = windows.get(key);
            DoubleSummaryStatistics plain =
                    inside.stream().mapToDouble(Reading::getValue).summaryStatistics();
            double mean = plain.getAverage();
            double squares = inside.stream()
                    .mapToDouble(reading -> Math.pow(reading.getValue() - mean, 2))
                    .sum();
            assertThat(window.getN()).isEqualTo(inside.size());
            assertThat(window.getSum()).isEqualTo(plain.getSum(), within(1e-9 * plain.getSum()));
            assertThat(window.getMean()).isEqualTo(mean, within(1e-9 * mean));
            assertThat(window.getMin()).isEqualTo(plain.getMin());
            assertThat(window.getMax()).isEqualTo(plain.getMax());
            if (inside.size() == 1) {
                assertThat(window.getSd()).isNull();
            } else {
                assertThat(window.getSd()).isEqualTo(Math.sqrt(squares / (inside.size() - 1)), within(1e-7));
            }
            if (window.getBands().isEmpty()) {
                return;
            }
            assertThat(window.getBands().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(inside.size());
            assertThat(window.getBands().get(2))
                    .isEqualTo(inside.stream()
                            .filter(reading -> reading.getValue() >= 70 && reading.getValue() <= 180)
                            .count());
        });
    }
}
