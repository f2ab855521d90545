package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.ReadingStatus;
import org.lifelog.avro.WindowSize;
import org.lifelog.contract.Windows;

/**
 * Random stages of several devices in random order, with duplicates, corrections, withdrawals and restarts: the nights
 * and naps that stand are those of a plain loop, minute by minute, over the stages that are left.
 */
class ExactNightsTest {
    private static final String CENTER = "wonju-yonsei";
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    private static final Instant FIRST = Instant.parse("2026-11-15T00:00:00Z");
    private static final int MINUTES = 8 * 1_440;
    /** Noon in Seoul, in minutes from {@link #FIRST}. */
    private static final int NOON = 180;

    private static final int THREE_O_CLOCK = 18 * 60;
    private static final List<String> STAGES = List.of("awake", "light", "deep", "rem", "asleep", "");

    @TempDir
    private Path folder;

    /** Of the stages and of what is made of them: what stands, by identity. */
    private final Map<String, Reading> stages = new TreeMap<>();

    private final Map<String, Reading> made = new TreeMap<>();
    private final Map<String, Aggregate> days = new HashMap<>();

    @ParameterizedTest
    @CsvSource({"1, 60", "2, 120", "3, 250", "4, 400", "5, 60", "6, 120", "7, 250", "8, 400"})
    void nightsEqualAPlainLoop(long seed, int count) {
        Random random = new Random(seed);
        List<Reading> sent = sent(random, count);
        TopologyFixture topology = new TopologyFixture(folder.resolve("0"), Readings.RECEIVED);
        for (int i = 0; i < sent.size(); i++) {
            if (random.nextInt(100) == 0) {
                collect(topology);
                TopologyFixture after = new TopologyFixture(folder.resolve("after-" + i), Readings.RECEIVED);
                after.restore(topology);
                topology.close();
                topology = after;
            }
            topology.send(sent.get(i));
        }
        long derived = topology.ledger(CENTER).getDerived();
        collect(topology);
        topology.close();

        Map<String, Double> expected = expected(List.copyOf(stages.values()));
        assertThat(made.keySet()).isEqualTo(expected.keySet());
        expected.forEach((identity, minutes) ->
                assertThat(made.get(identity).getValue()).as(identity).isEqualTo(minutes, within(1e-6)));
        assertThat(derived).isEqualTo(made.size());
        compareDays();
    }

    private static List<Reading> sent(Random random, int count) {
        List<Reading> distinct = IntStream.range(0, count)
                .mapToObj(i -> {
                    String stage = STAGES.get(random.nextInt(STAGES.size()));
                    int length = 1 + random.nextInt(stage.equals("awake") ? 300 : 200);
                    int start = random.nextInt(MINUTES - 700);
                    return Readings.of(
                                    CENTER,
                                    "sleep",
                                    "min",
                                    time(start).toString(),
                                    random.nextBoolean() ? length : 1 + random.nextInt(length))
                            .setDevice("device-" + random.nextInt(3))
                            .setAttributes(stage.isEmpty() ? "" : "stage=" + stage)
                            .setEnd(random.nextInt(5) == 0 ? null : time(start + length))
                            .build();
                })
                .toList();
        List<Reading> sent = new ArrayList<>(distinct);
        distinct.stream().filter(stage -> random.nextInt(3) == 0).forEach(sent::add);
        Collections.shuffle(sent, random);
        distinct.forEach(stage -> change(stage, sent, random));
        return sent;
    }

    private static void change(Reading stage, List<Reading> sent, Random random) {
        int after = sent.lastIndexOf(stage);
        for (int changes = random.nextInt(8) - 5; changes > 0; changes--) {
            after += 1 + random.nextInt(sent.size() - after);
            sent.add(
                    after,
                    Reading.newBuilder(stage)
                            .setValue(1 + random.nextInt(200))
                            .setEnd(stage.getTime().plusSeconds(60L * (1 + random.nextInt(600))))
                            .setStatus(random.nextInt(3) == 0 ? ReadingStatus.WITHDRAWN : ReadingStatus.CORRECTED)
                            .build());
        }
    }

    private static Instant time(int minute) {
        return FIRST.plusSeconds(60L * minute);
    }

    private static int minute(Instant time) {
        return (int) ((time.getEpochSecond() - FIRST.getEpochSecond()) / 60);
    }

    private static String identity(String metric, String attributes, Instant time, String device) {
        return String.join("|", metric, attributes, time.toString(), device);
    }

    private void collect(TopologyFixture topology) {
        for (Reading reading : topology.valid()) {
            Map<String, Reading> standing = reading.getMetric().equals("sleep") ? stages : made;
            String identity =
                    identity(reading.getMetric(), reading.getAttributes(), reading.getTime(), reading.getDevice());
            if (reading.getStatus() == ReadingStatus.WITHDRAWN) {
                assertThat(standing.remove(identity)).isNotNull();
            } else {
                boolean replaces = reading.getFlags().contains("corrected");
                assertThat(standing.put(identity, reading) != null).isEqualTo(replaces);
            }
        }
        topology.aggregates().stream()
                .filter(one ->
                        one.getWindow() == WindowSize.DAY && !one.getMetric().equals("sleep"))
                .forEach(one -> days.put(one.getMetric() + one.getAttributes() + one.getTime(), one));
    }

    private void compareDays() {
        Map<String, List<Double>> expected = new HashMap<>();
        made.values()
                .forEach(one -> expected.computeIfAbsent(
                                one.getMetric()
                                        + one.getAttributes()
                                        + Windows.start(WindowSize.DAY, one.getTime(), SEOUL),
                                key -> new ArrayList<>())
                        .add(one.getValue()));
        days.values().removeIf(day -> day.getN() == 0);
        assertThat(days.keySet()).isEqualTo(expected.keySet());
        expected.forEach((key, values) -> {
            assertThat(days.get(key).getN()).isEqualTo(values.size());
            assertThat(days.get(key).getSum())
                    .isEqualTo(values.stream().mapToDouble(one -> one).sum(), within(1e-6));
        });
    }

    private static Map<String, Double> expected(List<Reading> stages) {
        Reading[] counts = new Reading[MINUTES];
        for (Reading stage : stages) {
            for (int m = minute(stage.getTime()); m < end(stage); m++) {
                counts[m] = counts[m] == null ? stage : first(counts[m], stage);
            }
        }
        Map<String, Double> expected = new TreeMap<>();
        int start = -1;
        int last = -1;
        for (int m = 0; m < MINUTES; m++) {
            if (!asleep(counts[m])) {
                continue;
            }
            if (last >= 0 && !joined(counts, last, m)) {
                cut(counts, start, last + 1, expected);
                start = m;
            }
            start = start < 0 ? m : start;
            last = m;
        }
        if (last >= 0) {
            cut(counts, start, last + 1, expected);
        }
        return expected;
    }

    private static int end(Reading stage) {
        return stage.getEnd() == null ? minute(stage.getTime()) + (int) stage.getValue() : minute(stage.getEnd());
    }

    private static boolean asleep(Reading stage) {
        return stage != null && !stage.getAttributes().equals("stage=awake");
    }

    private static Reading first(Reading one, Reading other) {
        int order = one.getDevice().compareTo(other.getDevice());
        order = order != 0 ? order : detail(one) - detail(other);
        order = order != 0 ? order : one.getTime().compareTo(other.getTime());
        return order < 0 ? one : other;
    }

    private static int detail(Reading stage) {
        return STAGES.indexOf(stage.getAttributes().replace("stage=", ""));
    }

    /** Whether less than three hours lie between two minutes of sleep, of which less than 60 together are unknown. */
    private static boolean joined(Reading[] counts, int one, int other) {
        int unknown = 0;
        for (int m = one + 1; m < other; m++) {
            unknown = counts[m] == null ? unknown + 1 : 0;
            if (unknown == 60) {
                return false;
            }
        }
        return other - one - 1 < 180;
    }

    private static void cut(Reading[] counts, int start, int end, Map<String, Double> expected) {
        if (end - start <= 1_440) {
            session(counts, start, end, expected);
            return;
        }
        for (int from = start; from < end; ) {
            int noon = from + 1_440 - Math.floorMod(from - NOON, 1_440);
            session(counts, from, Math.min(noon, end), expected);
            from = noon;
        }
    }

    private static void session(Reading[] counts, int from, int to, Map<String, Double> expected) {
        int start = from;
        int end = to;
        while (start < end && !asleep(counts[start])) {
            start++;
        }
        while (start < end && !asleep(counts[end - 1])) {
            end--;
        }
        if (start == end) {
            return;
        }
        Map<String, Double> parts = new TreeMap<>();
        Map<String, Integer> devices = new TreeMap<>();
        boolean three = false;
        for (int m = start; m < end; m++) {
            three |= m % 1_440 == THREE_O_CLOCK;
            if (counts[m] != null) {
                Reading stage = counts[m];
                double minutes = stage.getValue() / (end(stage) - minute(stage.getTime()));
                String name = stage.getAttributes().replace("stage=", "");
                if (!name.isEmpty() && !name.equals("asleep")) {
                    parts.merge(name, minutes, Double::sum);
                }
                if (asleep(stage)) {
                    parts.merge("asleep", minutes, Double::sum);
                    devices.merge(stage.getDevice(), 1, Integer::sum);
                }
            }
        }
        int most = Collections.max(devices.values());
        String device = devices.entrySet().stream()
                .filter(one -> one.getValue() == most)
                .findFirst()
                .orElseThrow()
                .getKey();
        if (!three && parts.get("asleep") < 180) {
            expected.put(identity("sleep_nap", "", time(end), device), parts.get("asleep"));
            return;
        }
        parts.put("period", (double) (end - start));
        Instant waking = time(end);
        parts.forEach(
                (part, minutes) -> expected.put(identity("sleep_night", "part=" + part, waking, device), minutes));
    }
}
