package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.streams.history.Known;
import org.lifelog.streams.history.Micros;

class SleepSessionsTest {
    private static final List<String> STAGES = List.of("awake", "light", "deep", "rem", "asleep");
    private static final long HOUR = 3_600 * Micros.PER_SECOND;
    /** The clock of Berlin goes back in the night before. */
    private static final long START = Micros.of(Instant.parse("2026-10-25T12:00:00Z"));

    private final SleepSessions sessions = new SleepSessions(ZoneId.of("Europe/Berlin"));

    private static SleepStage stage(String name, long start, long end) {
        Known known = new Known(start, "watch-1", Known.NONE, end, 60, Known.Status.FINAL, 0);
        return SleepStage.of(known, name, STAGES).orElseThrow();
    }

    @Test
    void sleepIsFoundFromItsBeginningToItsEnd() {
        List<SleepStage> stages = List.of(
                stage("awake", START, START + HOUR),
                stage("light", START + HOUR, START + 2 * HOUR),
                stage("rem", START + 2 * HOUR, START + 3 * HOUR));
        SleepSessions.Found found = sessions.around(START + 2 * HOUR, START + 3 * HOUR, stages);

        assertThat(found.sessions()).singleElement().satisfies(session -> {
            assertThat(session.start()).isEqualTo(START + HOUR);
            assertThat(session.end()).isEqualTo(START + 3 * HOUR);
            assertThat(session.minutes(SleepSession.SLEEP)).isEqualTo(120);
            assertThat(session.device()).isEqualTo("watch-1");
        });
        assertThat(found.after()).isEqualTo(START + HOUR);
        assertThat(found.until()).isEqualTo(START + 3 * HOUR);
    }

    /** What a stage changes lies in what is found around it, of the stages that lie near enough to it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aStageChangesNothingElse(long seed) {
        Random random = new Random(seed);
        int overlong = 0;
        for (int trial = 0; trial < 1_500; trial++) {
            List<SleepStage> before = randomStages(random);
            SleepStage changed = randomStage(random);
            List<SleepStage> after = new ArrayList<>(before);
            after.add(changed);
            List<SleepStage> near = after.stream()
                    .filter(stage -> stage.start() >= changed.start() - SleepSessions.CONTEXT - SleepStage.LONGEST
                            && stage.start() < changed.end() + SleepSessions.CONTEXT)
                    .toList();
            SleepSessions.Found found = sessions.around(changed.start(), changed.end(), near);

            List<SleepSession> all = all(after);
            assertThat(found.sessions()).isEqualTo(within(found, all));
            all.removeAll(found.sessions());
            List<SleepSession> allBefore = all(before);
            allBefore.removeAll(within(found, allBefore));
            assertThat(all).isEqualTo(allBefore);
            overlong += found.after() < changed.start() - SleepSessions.LONGEST / 2 ? 1 : 0;
        }
        assertThat(overlong).isGreaterThan(100);
    }

    private List<SleepSession> all(List<SleepStage> stages) {
        return new ArrayList<>(
                sessions.around(START, START + 400 * HOUR, stages).sessions());
    }

    private static List<SleepSession> within(SleepSessions.Found found, List<SleepSession> sessions) {
        return sessions.stream()
                .filter(session -> session.end() > found.after() && session.end() <= found.until())
                .toList();
    }

    /** Sleep that goes on for a day or more, with holes here and there. */
    private static List<SleepStage> randomStages(Random random) {
        List<SleepStage> stages = new ArrayList<>();
        long holes = 2 + random.nextInt(40);
        long time = START + 20 * HOUR;
        while (time < START + 200 * HOUR) {
            boolean awake = random.nextInt(4) == 0;
            long length = quarters(random, awake ? 16 : 24);
            stages.add(stage(awake ? "awake" : STAGES.get(1 + random.nextInt(4)), time, time + length));
            time += length + (random.nextInt((int) holes) == 0 ? quarters(random, 12) : 0);
        }
        return stages;
    }

    private static SleepStage randomStage(Random random) {
        long start = START + 80 * HOUR + quarters(random, 160);
        Known known = new Known(
                start,
                random.nextBoolean() ? "phone-1" : "z",
                Known.NONE,
                start + quarters(random, 40),
                60,
                Known.Status.FINAL,
                random.nextInt(2));
        return SleepStage.of(known, random.nextInt(3) == 0 ? "awake" : "asleep", STAGES)
                .orElseThrow();
    }

    private static long quarters(Random random, int most) {
        return (1 + random.nextInt(most)) * HOUR / 4;
    }
}
