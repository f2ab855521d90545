package org.lifelog.streams.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final String SERIES = History.series("isens", "S-1", "heart_rate", "");

    @TempDir
    private Path folder;

    private KeyValueStore<String, byte[]> store;
    private History history;

    @BeforeEach
    void open() {
        MockProcessorContext<Void, Void> context = new MockProcessorContext<>(
                new Properties(), new org.apache.kafka.streams.processor.TaskId(0, 0), folder.toFile());
        store = History.storeBuilder()
                .withCachingDisabled()
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        history = new History(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Known known(Instant time, double value) {
        return new Known(Micros.of(time), "watch-1", Known.NONE, Known.NONE, value, Known.Status.FINAL, 0);
    }

    private void remember(Known known, Instant takenAt) {
        history.place(SERIES, known, takenAt).remember(known, takenAt);
    }

    private List<Known> between(Instant from, Instant to) {
        List<Known> found = new ArrayList<>();
        history.forEach(SERIES, Micros.of(from), Micros.of(to), found::add);
        return found;
    }

    private long entries() {
        long count = 0;
        try (var all = store.all()) {
            for (; all.hasNext(); all.next()) {
                count++;
            }
        }
        return count;
    }

    @Test
    void crowdedDaysAreSplitAndEveryReadingIsFound() {
        Random random = new Random(7);
        List<Known> sent = new ArrayList<>();
        Instant start = NOW.minus(Duration.ofHours(50));
        for (int i = 0; i < 4_000; i++) {
            // Half of them within one hour, so that it is split into minutes.
            Instant time = i % 2 == 0 ? start.plusSeconds(i * 40L) : start.plusSeconds(7_200 + i / 2 % 3_600);
            sent.add(known(time.plusNanos(1_000L * i), random.nextInt(200)));
        }
        java.util.Collections.shuffle(sent, random);
        sent.forEach(known -> remember(known, NOW));

        assertThat(sent)
                .allSatisfy(known ->
                        assertThat(history.place(SERIES, known, NOW).known()).isEqualTo(known));
        sent.sort(Comparator.comparingLong(Known::time));
        assertThat(between(start.minusSeconds(1), NOW)).isEqualTo(sent);
        assertThat(between(start.plusSeconds(7_200), start.plusSeconds(7_260)))
                .isEqualTo(sent.stream()
                        .filter(known -> known.time() >= Micros.of(start.plusSeconds(7_200))
                                && known.time() < Micros.of(start.plusSeconds(7_260)))
                        .toList());
    }

    @Test
    void neighboursAreFoundAcrossBlocks() {
        Known before = known(Instant.parse("2026-11-22T23:59:59Z"), 1);
        Known after = known(Instant.parse("2026-11-24T00:00:00Z"), 2);
        Known between = known(Instant.parse("2026-11-23T12:00:00Z"), 3);
        remember(before, NOW);
        remember(after, NOW);
        History.Place place = history.place(SERIES, between, NOW);

        assertThat(place.known()).isNull();
        assertThat(place.before(before.time(), known -> true)).isEqualTo(before);
        assertThat(place.before(before.time() + 1, known -> true)).isNull();
        assertThat(place.atOrAfter(after.time(), known -> true)).isEqualTo(after);
        assertThat(place.atOrAfter(after.time() - 1, known -> true)).isNull();
        assertThat(place.before(before.time(), known -> known.value() == 9)).isNull();
    }

    @Test
    void aCorrectionTakesThePlace() {
        Known first = known(NOW, 70);
        remember(first, NOW);
        Known corrected = new Known(first.time(), "watch-1", Known.NONE, Known.NONE, 71, Known.Status.CORRECTED, 0);
        remember(corrected, NOW);

        assertThat(between(NOW, NOW.plusSeconds(1))).containsExactly(corrected);
    }

    @Test
    void whatIsForgottenLeavesNothingBehind() {
        Known first = known(NOW, 70);
        Known second = known(NOW.plusSeconds(1), 71);
        remember(first, NOW);
        remember(second, NOW);
        history.place(SERIES, first, NOW).forget();
        history.place(SERIES, first, NOW).forget();

        assertThat(between(NOW, NOW.plusSeconds(2))).containsExactly(second);
        history.place(SERIES, second, NOW).forget();
        assertThat(entries()).isZero();
        remember(first, NOW);
        assertThat(between(NOW, NOW.plusSeconds(2))).containsExactly(first);
    }

    @Test
    void anEmptyPartOfACrowdedDayIsForgotten() {
        Instant start = Instant.parse("2026-11-24T00:00:00Z");
        for (int i = 0; i < 400; i++) {
            remember(known(start.plusSeconds(i), i), NOW);
        }
        Known alone = known(start.plusSeconds(30_000), 1);
        remember(alone, NOW);
        long before = entries();
        history.place(SERIES, alone, NOW).forget();

        assertThat(entries()).isEqualTo(before - 1);
        assertThat(between(start, start.plusSeconds(40_000))).hasSize(400);
    }

    @Test
    void whatIsRenewedIsKeptAsIfItHadBeenAdded() {
        Known renewed = known(NOW, 70);
        Known other = known(NOW.minus(Duration.ofDays(3)), 71);
        remember(renewed, NOW);
        remember(other, NOW);
        Instant later = NOW.plus(Duration.ofDays(30));
        history.renew(SERIES, Micros.of(NOW.minusSeconds(90_000)), Micros.of(NOW.plusSeconds(90_000)), later);
        history.sweep(later.plus(Duration.ofDays(30)), 10);

        assertThat(between(NOW.minus(Duration.ofDays(4)), NOW.plusSeconds(1))).containsExactly(renewed);
        assertThat(entries()).isEqualTo(1);
    }

    @Test
    void otherSeriesAndDevicesAreOtherReadings() {
        Known known = known(NOW, 70);
        remember(known, NOW);

        assertThat(history.place(History.series("isens", "S-1", "heart_rate", "x=y"), known, NOW)
                        .known())
                .isNull();
        assertThat(history.place(History.series("isens", "S-10", "heart_rate", ""), known, NOW)
                        .known())
                .isNull();
        assertThat(history.place(
                                SERIES,
                                new Known(known.time(), "watch-2", Known.NONE, Known.NONE, 70, Known.Status.FINAL, 0),
                                NOW)
                        .known())
                .isNull();
    }

    private static Known of(String device, Instant time) {
        return new Known(Micros.of(time), device, Known.NONE, Micros.of(time) + 1, 1, Known.Status.FINAL, 0);
    }

    private List<Known> reachingInto(Instant from, Instant to, String without) {
        List<Known> found = new ArrayList<>();
        history.reachingInto(
                SERIES,
                Micros.of(from),
                Micros.of(to),
                Micros.of(from.minus(Duration.ofDays(2))),
                Set.of(without),
                known -> !known.device().equals(without),
                found::add);
        return found;
    }

    @Test
    void theLastOfEachOtherDeviceIsFoundInDaysThatWereSplitToo() {
        Instant start = Instant.parse("2026-11-23T00:00:00Z");
        Known phone = of("phone", start.plusSeconds(1_800));
        Known ring = of("ring", start.minus(Duration.ofHours(20)));
        remember(of("phone", start.plusSeconds(900)), NOW);
        remember(ring, NOW);
        remember(of("old", start.minus(Duration.ofHours(47))), NOW);
        for (int minute = 0; minute < 1_440; minute++) {
            remember(of("watch", start.plusSeconds(60L * minute)), NOW);
        }
        // The day was split before the phone's later one came.
        remember(phone, NOW);
        Known inside = of("phone", start.plusSeconds(80_000));
        remember(inside, NOW);

        assertThat(reachingInto(start.plusSeconds(79_990), start.plusSeconds(80_010), "watch"))
                .containsExactlyInAnyOrder(inside, phone, ring);
        assertThat(reachingInto(start.plusSeconds(80_000), start.plusSeconds(80_000), "watch"))
                .containsExactlyInAnyOrder(phone, ring);
    }

    @Test
    void whereADayHasOneDeviceOnlyTheMarkOfTheDayIsRead() {
        Instant start = Instant.parse("2026-11-23T00:00:00Z");
        for (int minute = 0; minute < 1_440; minute++) {
            remember(of("watch", start.plusSeconds(60L * minute)), NOW);
        }
        List<String> hours = new ArrayList<>();
        try (var all = store.all()) {
            all.forEachRemaining(entry -> {
                if (!BlockCodec.isSplit(entry.value)) {
                    hours.add(entry.key);
                }
            });
        }
        // What is not there cannot be read.
        hours.forEach(key -> store.put(key, new byte[] {0}));

        assertThat(reachingInto(start.plusSeconds(80_000), start.plusSeconds(80_100), "watch"))
                .isEmpty();
    }

    @Test
    void daysThatAnOlderVersionHasSplitAreLookedInto() {
        Instant start = Instant.parse("2026-11-23T00:00:00Z");
        for (int i = 0; i < 400; i++) {
            remember(of("watch", start.plusSeconds(60L * i)), NOW);
        }
        Known phone = of("phone", start.plusSeconds(90));
        remember(phone, NOW);
        store.put(Span.DAY.key(SERIES, Micros.of(start)), new byte[] {3, 0, 0, 0, 7});

        assertThat(reachingInto(start.plusSeconds(80_000), start.plusSeconds(80_001), "watch"))
                .containsExactly(phone);
        remember(of("ring", start.plusSeconds(70_000)), NOW);
        assertThat(reachingInto(start.plusSeconds(80_000), start.plusSeconds(80_001), "watch"))
                .hasSize(2);
    }

    @Test
    void whatWasNotAddedToIsForgottenPartByPart() {
        for (int day = 0; day < 10; day++) {
            remember(known(NOW.minus(Duration.ofDays(day)), day), NOW.plus(Duration.ofDays(day)));
        }
        Instant later = NOW.plus(Duration.ofDays(40)).plusSeconds(60);
        for (int i = 0; i < 10; i++) {
            history.sweep(later, 3);
        }

        // Kept for 36 days: those that were added to on the days 0 to 4 are older.
        assertThat(entries()).isEqualTo(5);
    }

    @Test
    void theWayToALivingBlockIsNotForgotten() {
        Instant start = Instant.parse("2026-11-24T00:00:00Z");
        for (int i = 0; i < 400; i++) {
            remember(known(start.plusSeconds(i), i), NOW);
        }
        Known late = known(start.plusSeconds(1_000), 1);
        Instant muchLater = NOW.plus(Duration.ofDays(30));
        remember(late, muchLater);
        history.sweep(muchLater.plus(Duration.ofDays(20)), 1_000);

        assertThat(history.place(SERIES, late, NOW).known()).isEqualTo(late);
    }
}
