package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Windows;

/** Random readings in random order, with duplicates: every window equals a plain loop over the readings. */
class ExactWindowsTest {
    private static final int READINGS = 400;
    private static final Instant FIRST = Instant.parse("2026-10-22T00:00:00Z");

    private final Center center = Centers.load(Catalogue.load()).center("isens").orElseThrow();

    @TempDir
    private Path state;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void windowsEqualAPlainLoop(long seed) {
        Random random = new Random(seed);
        List<Reading> distinct = distinctReadings(random);
        List<Reading> sent = new ArrayList<>(distinct);
        distinct.stream().filter(reading -> random.nextInt(3) == 0).forEach(sent::add);
        Collections.shuffle(sent, random);
        Map<WindowSize, Map<String, Aggregate>> windows = new HashMap<>();

        try (TopologyFixture topology = new TopologyFixture(state, Readings.RECEIVED)) {
            sent.forEach(topology::send);
            // The newest state of a window is the one that counts.
            topology.aggregates()
                    .forEach(aggregate -> windows.computeIfAbsent(aggregate.getWindow(), size -> new HashMap<>())
                            .put(aggregate.getSubject() + " " + aggregate.getTime(), aggregate));
        }

        for (WindowSize size : List.of(WindowSize.MINUTE, WindowSize.HOUR, WindowSize.DAY)) {
            compare(size, distinct, windows.get(size));
        }
    }

    private static List<Reading> distinctReadings(Random random) {
        Map<String, Reading> byIdentity = new HashMap<>();
        while (byIdentity.size() < READINGS) {
            // Crowded into few days, so that windows have several readings.
            Instant time = FIRST.plusSeconds(random.nextInt(3) * 86_400L * 11 + random.nextInt(20_000));
            String subject = "S-" + random.nextInt(2);
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
            assertThat(window.getBands().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(inside.size());
            assertThat(window.getBands().get(2))
                    .isEqualTo(inside.stream()
                            .filter(reading -> reading.getValue() >= 70 && reading.getValue() <= 180)
                            .count());
        });
    }
}
