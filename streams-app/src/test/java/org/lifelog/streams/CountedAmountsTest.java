package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Device;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;

/** A phone, a watch and a ring that count the same steps. */
class CountedAmountsTest {
    private static final Instant MORNING = Instant.parse("2026-11-22T23:00:00Z");

    @TempDir
    private Path state;

    private TopologyFixture topology;
    private final Map<String, Aggregate> hours = new TreeMap<>();
    private Aggregate day;

    @BeforeEach
    void start() {
        topology = new TopologyFixture(state, Readings.RECEIVED);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    private void priority(String device, int priority) {
        topology.register(Device.newBuilder()
                .setCenter("goodoc")
                .setDevice(device)
                .setUpdatedAt(Readings.RECEIVED)
                .setPriority(priority)
                .build());
    }

    /** Steps over an interval in minutes after eight in the morning. */
    private static Reading.Builder steps(String device, int from, int to, double value) {
        Instant time = MORNING.plusSeconds(60L * from);
        return Readings.of("goodoc", "steps", "{steps}", time.toString(), value)
                .setDevice(device)
                .setEnd(MORNING.plusSeconds(60L * to));
    }

    private void send(Reading.Builder... readings) {
        for (Reading.Builder reading : readings) {
            topology.send(reading.build());
        }
        topology.aggregates().forEach(aggregate -> {
            if (aggregate.getWindow() == WindowSize.DAY) {
                day = aggregate;
            } else if (aggregate.getWindow() == WindowSize.HOUR) {
                hours.put(aggregate.getTime().toString(), aggregate);
            }
        });
    }

    /** Walks of a phone and a watch; the watch is on its charger in between, where the phone alone counts. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void stepsOfPhoneAndWatchAreNeitherDoubledNorLost(long seed) {
        priority("watch", 10);
        List<Reading.Builder> readings = new ArrayList<>();
        for (int quarter = 0; quarter < 32; quarter++) {
            int from = 15 * quarter;
            boolean charging = quarter >= 12 && quarter < 20;
            readings.add(steps("phone", from, from + 15, quarter == 0 ? 246 : quarter == 12 ? 239 : 240));
            if (!charging) {
                // Of a grid of its own.
                readings.add(steps("watch", from, from + 7, quarter == 0 ? 108 : 100));
                readings.add(steps("watch", from + 7, from + 15, 138));
            }
        }
        assertThat(readings.stream().mapToDouble(Reading.Builder::getValue).sum())
                .isEqualTo(13_405);
        Collections.shuffle(readings, new Random(seed));
        send(readings.toArray(new Reading.Builder[0]));

        assertThat(day.getSum()).isEqualTo(7_639);
        assertThat(day.getN()).isEqualTo(2 * 24 + 8);
        assertThat(day.getMax()).isEqualTo(240);
        assertThat(hours.get("2026-11-22T23:00:00Z").getSum()).isEqualTo(4 * 238 + 8);
        assertThat(hours.get("2026-11-23T02:00:00Z").getSum()).isEqualTo(4 * 240 - 1);
        assertThat(topology.ledger("goodoc").getValid()).isEqualTo(readings.size());
    }

    @Test
    void ofAnIntervalThatIsTakenInPartTheRestCounts() {
        priority("watch", 10);
        send(steps("phone", 0, 60, 600), steps("watch", 15, 30, 20), steps("watch", 50, 70, 40));

        assertThat(day.getSum()).isEqualTo(600 * 35 / 60.0 + 60);
        assertThat(day.getFirst()).isEqualTo(350);
        assertThat(day.getMin()).isEqualTo(20);
        assertThat(hours.get("2026-11-22T23:00:00Z").getN()).isEqualTo(3);
    }

    @Test
    void whatIsTakenWhollyIsInNoWindow() {
        priority("watch", 10);
        send(steps("phone", 60, 75, 100));
        assertThat(hours.get("2026-11-23T00:00:00Z").getN()).isEqualTo(1);
        send(steps("watch", 30, 90, 300));

        assertThat(hours.get("2026-11-23T00:00:00Z").getN()).isZero();
        assertThat(day.getN()).isEqualTo(1);
        assertThat(day.getSum()).isEqualTo(300);
        assertThat(topology.valid()).hasSize(2);
    }

    @Test
    void ofEqualPrioritiesTheSmallerCodeGoesFirst() {
        send(steps("b", 0, 10, 100), steps("a", 5, 15, 70), steps("B", 9, 11, 6));

        // B before a before b: B takes a minute of b and two of a, which takes four more of b.
        assertThat(day.getSum()).isEqualTo(50 + 70 * 8 / 10.0 + 6);
    }

    @Test
    void threeDevicesShareTheTime() {
        priority("ring", 30);
        priority("watch", 20);
        priority("phone", 10);
        List<Reading.Builder> readings =
                List.of(steps("phone", 0, 60, 600), steps("watch", 10, 40, 150), steps("ring", 30, 50, 80));
        send(readings.toArray(new Reading.Builder[0]));

        // The ring takes 20 minutes, the watch 20 of its 30, the phone what neither has.
        assertThat(day.getSum()).isEqualTo(80 + 100 + 200);
    }

    @Test
    void aWithdrawnOrCorrectedIntervalGivesBackWhatItTook() {
        priority("watch", 10);
        send(steps("phone", 0, 15, 150), steps("watch", 0, 15, 160));
        assertThat(day.getSum()).isEqualTo(160);

        send(steps("watch", 0, 5, 50).setStatus(ReadingStatus.CORRECTED));
        assertThat(day.getSum()).isEqualTo(50 + 100);
        send(steps("watch", 0, 15, 0).setStatus(ReadingStatus.WITHDRAWN));
        assertThat(day.getSum()).isEqualTo(150);
        assertThat(day.getN()).isEqualTo(1);
        send(steps("watch", 0, 15, 161).setStatus(ReadingStatus.CORRECTED));
        assertThat(day.getSum()).isEqualTo(161);
        Reading.Builder instant = steps("watch", 0, 15, 7).setEnd(null).setStatus(ReadingStatus.CORRECTED);
        send(instant);
        assertThat(day.getSum()).isEqualTo(157);
    }

    @Test
    void aChangedPriorityHoldsForWhatComesAfterwards() {
        priority("watch", 10);
        send(steps("phone", 0, 15, 150), steps("watch", 0, 15, 160));
        priority("phone", 20);
        send(steps("watch", 15, 30, 170), steps("phone", 15, 30, 140), steps("phone", 0, 15, 150));

        assertThat(day.getSum()).isEqualTo(160 + 140);
        assertThat(topology.valid()).extracting(Reading::getPriority).containsExactly(0, 10, 10, 20);
    }

    @Test
    void amountsOfRunningCountsAreIntervalsOfTheirDevice() {
        priority("watch", 10);
        Reading.Builder count = steps("watch", 0, 1, 0).setEnd(null).setAttributes("counter=total");
        send(
                steps("phone", 0, 60, 600),
                count.setValue(1_000),
                Reading.newBuilder(count.build())
                        .setTime(MORNING.plusSeconds(1_800))
                        .setValue(1_240),
                // divides the amount
                Reading.newBuilder(count.build())
                        .setTime(MORNING.plusSeconds(900))
                        .setValue(1_100));

        assertThat(topology.windows(WindowSize.DAY)).isEmpty();
        assertThat(hours.get("2026-11-22T23:00:00Z").getSum()).isEqualTo(300 + 240);
    }

    @Test
    void onlyTheSameSeriesIsShared() {
        send(
                steps("a", 0, 15, 150),
                steps("b", 0, 15, 150).setSubject("S-2"),
                steps("b", 0, 15, 10).setMetric("distance").setUnit("m"));

        assertThat(topology.valid()).hasSize(3);
        assertThat(hours).hasSize(1);
    }

    /** Its own windows are the sink's by then; those that it reaches into are not. */
    @Test
    void aLateIntervalTakesWhatBelongsToItInLaterWindows() {
        priority("watch", 10);
        Instant midnight = Instant.parse("2026-10-20T15:00:00Z");
        Reading phone = steps("phone", 0, 60, 60)
                .setTime(midnight)
                .setEnd(midnight.plus(Duration.ofHours(1)))
                .build();
        Reading watch = steps("watch", 0, 60, 100)
                .setTime(midnight.minus(Duration.ofMinutes(30)))
                .setEnd(midnight.plus(Duration.ofMinutes(30)))
                .build();
        topology.send(phone);
        topology.send(watch);

        assertThat(topology.valid()).extracting(Reading::getFlags).containsExactly(List.of(), List.of("late"));
        assertThat(topology.windows(WindowSize.DAY)).hasSize(1).hasEntrySatisfying("S-1 steps " + midnight, window -> {
            assertThat(window.getSum()).isEqualTo(30);
        });
    }
}
