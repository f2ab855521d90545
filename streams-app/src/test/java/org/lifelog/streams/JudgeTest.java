package org.lifelog.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.contract.Reason;

class JudgeTest {
    private final Catalogue catalogue = Catalogue.load();
    private final Judge judge = new Judge(
            catalogue, Centers.load(catalogue), Duration.ofMinutes(15), Instant.parse("2005-01-01T00:00:00Z"));

    private Reading valid(Reading.Builder sent) {
        Judgement judgement = judge.judge(sent.build());
        assertThat(judgement).isInstanceOf(Judgement.Valid.class);
        return ((Judgement.Valid) judgement).reading();
    }

    private Reason reason(Reading.Builder sent) {
        Judgement judgement = judge.judge(sent.build());
        assertThat(judgement).isInstanceOf(Judgement.Quarantined.class);
        return ((Judgement.Quarantined) judgement).reason();
    }

    @Test
    void usualValueIsValidWithoutFlags() {
        Reading valid = valid(Readings.glucose("2026-11-24T11:55:00Z", 112));

        assertThat(valid.getValue()).isEqualTo(112);
        assertThat(valid.getUnit()).isEqualTo("mg/dL");
        assertThat(valid.getFlags()).isEmpty();
        assertThat(valid.getSentValue()).isNull();
        assertThat(valid.getSentUnit()).isNull();
    }

    @Test
    void valueIsConvertedOnceAndKeptAsSent() {
        Reading valid = valid(Readings.of("isens", "glucose_smbg", "mmol/L", "2026-11-24T11:55:00Z", 6.9));

        assertThat(valid.getValue()).isEqualTo(6.9 * 18.01559);
        assertThat(valid.getUnit()).isEqualTo("mg/dL");
        assertThat(valid.getSentValue()).isEqualTo(6.9);
        assertThat(valid.getSentUnit()).isEqualTo("mmol/L");
    }

    @Test
    void milligramsLabelledMillimolesAreImpossibleAndNotGuessed() {
        assertThat(reason(Readings.of("isens", "glucose_smbg", "mmol/L", "2026-11-24T11:55:00Z", 186)))
                .isEqualTo(Reason.IMPOSSIBLE_VALUE);
    }

    @ParameterizedTest
    @CsvSource({
        "glucose_cgm, mg/dL, 0",
        "glucose_cgm, mg/dL, 1000.5",
        "heart_rate, /min, 0",
        "heart_rate, /min, 301",
        "spo2, %, 29.9",
        "body_fat_pct, %, 0.18",
        "heart_rate, /min, NaN",
        "hrv_sdnn, ms, 0"
    })
    void valueBeyondHardLimitIsQuarantined(String metric, String unit, double value) {
        assertThat(reason(Readings.of("isens", metric, unit, "2026-11-24T11:55:00Z", value)))
                .isEqualTo(Reason.IMPOSSIBLE_VALUE);
    }

    @ParameterizedTest
    @CsvSource({"heart_rate, /min, 20", "heart_rate, /min, 300", "spo2, %, 100", "audiogram, dB, -10"})
    void valueAtHardLimitIsValid(String metric, String unit, double value) {
        assertThat(valid(Readings.of("isens", metric, unit, "2026-11-24T11:55:00Z", value))
                        .getValue())
                .isEqualTo(value);
    }

    @Test
    void unusualValueIsFlagged() {
        assertThat(valid(Readings.glucose("2026-11-24T11:55:00Z", 251)).getFlags())
                .containsExactly("outside-usual-range");
        assertThat(valid(Readings.glucose("2026-11-24T11:55:00Z", 250)).getFlags())
                .isEmpty();
    }

    @Test
    void lowIsStoredAsTheLimitOfTheDevice() {
        Reading valid =
                valid(Readings.glucose("2026-11-24T11:55:00Z", Double.NaN).setLimit(Limit.LOW));

        assertThat(valid.getValue()).isEqualTo(40);
        assertThat(valid.getLimit()).isEqualTo(Limit.LOW);
        assertThat(valid.getFlags()).containsExactly("below-range", "outside-usual-range");
        assertThat(valid.getSentValue()).isNull();
    }

    @Test
    void highIsStoredAsTheLimitOfTheDevice() {
        Reading valid =
                valid(Readings.glucose("2026-11-24T11:55:00Z", Double.NaN).setLimit(Limit.HIGH));

        assertThat(valid.getValue()).isEqualTo(400);
        assertThat(valid.getFlags()).containsExactly("above-range", "outside-usual-range");
    }

    @Test
    void sentinelPastTheLimitIsCensoredAndKeptAsSent() {
        Reading low = valid(Readings.glucose("2026-11-24T11:55:00Z", 39));
        Reading high = valid(Readings.glucose("2026-11-24T11:55:00Z", 401));

        assertThat(low.getValue()).isEqualTo(40);
        assertThat(low.getSentValue()).isEqualTo(39);
        assertThat(low.getLimit()).isEqualTo(Limit.LOW);
        assertThat(high.getValue()).isEqualTo(400);
        assertThat(high.getSentValue()).isEqualTo(401);
        assertThat(high.getFlags()).contains("above-range");
    }

    @Test
    void limitOfMetricWithoutDeviceLimitsIsImpossible() {
        assertThat(reason(Readings.of("isens", "weight", "kg", "2026-11-24T11:55:00Z", Double.NaN)
                        .setLimit(Limit.HIGH)))
                .isEqualTo(Reason.IMPOSSIBLE_VALUE);
    }

    @Test
    void unknownCenterMetricAndUnitAreQuarantined() {
        assertThat(reason(Readings.glucose("2026-11-24T11:55:00Z", 100).setCenter("nowhere")))
                .isEqualTo(Reason.UNKNOWN_CENTER);
        assertThat(reason(Readings.glucose("2026-11-24T11:55:00Z", 100).setMetric("mood")))
                .isEqualTo(Reason.UNKNOWN_METRIC);
        assertThat(reason(Readings.of("wonju-yonsei", "sleep_nap", "min", "2026-11-24T11:55:00Z", 100)))
                .isEqualTo(Reason.UNKNOWN_METRIC);
        assertThat(reason(Readings.glucose("2026-11-24T11:55:00Z", 100).setUnit("g/L")))
                .isEqualTo(Reason.UNIT_NOT_ALLOWED);
    }

    @Test
    void timeBeyondTheToleranceIsFuture() {
        assertThat(valid(Readings.glucose("2026-11-24T12:15:00Z", 100)).getFlags())
                .containsExactly("clock-suspect");
        assertThat(valid(Readings.glucose("2026-11-24T12:01:00Z", 100)).getFlags())
                .isEmpty();
        assertThat(reason(Readings.glucose("2026-11-24T12:15:00.000001Z", 100))).isEqualTo(Reason.FUTURE_TIME);
        assertThat(reason(Readings.glucose("2161-01-01T00:00:00Z", 100))).isEqualTo(Reason.FUTURE_TIME);
    }

    @Test
    void clockThatWasResetIsAncient() {
        assertThat(reason(Readings.glucose("1970-01-01T00:00:10Z", 100))).isEqualTo(Reason.ANCIENT_TIME);
        assertThat(reason(Readings.glucose("2000-01-01T00:00:00Z", 100))).isEqualTo(Reason.ANCIENT_TIME);
    }

    @Test
    void aCenterMaySayWhichTimesItBelieves(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("centers.yaml"), """
                centers:
                - {code: isens, name: x, name_ko: x, zone: Asia/Seoul, metrics: [glucose_cgm], future_tolerance: PT1H,
                   earliest_time: '2026-01-01T00:00:00Z'}
                """);
        Judge own = new Judge(catalogue, Centers.load(file, catalogue), Duration.ZERO, Instant.EPOCH);

        assertThat(own.judge(Readings.glucose("2026-11-24T13:00:00Z", 100).build()))
                .isInstanceOf(Judgement.Valid.class);
        assertThat(own.judge(
                        Readings.glucose("2026-11-24T13:00:00.000001Z", 100).build()))
                .isInstanceOfSatisfying(
                        Judgement.Quarantined.class,
                        quarantined -> assertThat(quarantined.reason()).isEqualTo(Reason.FUTURE_TIME));
        assertThat(own.judge(Readings.glucose("2025-12-31T23:59:59Z", 100).build()))
                .isInstanceOfSatisfying(
                        Judgement.Quarantined.class,
                        quarantined -> assertThat(quarantined.reason()).isEqualTo(Reason.ANCIENT_TIME));
    }

    @Test
    void intervalThatDoesNotEndAfterItsStartIsReversed() {
        Reading.Builder steps = Readings.of("goodoc", "steps", "{steps}", "2026-11-24T11:00:00Z", 40);

        assertThat(valid(steps.setEnd(Instant.parse("2026-11-24T11:15:00Z"))).getValue())
                .isEqualTo(40);
        assertThat(reason(steps.setEnd(Instant.parse("2026-11-24T11:00:00Z")))).isEqualTo(Reason.INTERVAL_REVERSED);
        assertThat(reason(steps.setEnd(Instant.parse("2026-11-24T12:30:00Z")))).isEqualTo(Reason.FUTURE_TIME);
    }

    @Test
    void readingOfADayBeforeTheGraceIsLate() {
        // 35 days before the arrival is 20 October, 21:00 in Seoul: that day began before it.
        assertThat(valid(Readings.glucose("2026-10-20T14:59:59Z", 100)).getFlags())
                .containsExactly("late");
        assertThat(valid(Readings.glucose("2026-10-20T15:00:00Z", 100)).getFlags())
                .isEmpty();
    }

    @Test
    void detailNamesNoValue() {
        Judgement judgement =
                judge.judge(Readings.glucose("2026-11-24T11:55:00Z", 4_711.5).build());

        assertThat(((Judgement.Quarantined) judgement).detail())
                .contains("glucose_cgm", "1000.0 mg/dL")
                .doesNotContain("4711", "S-1");
    }
}
