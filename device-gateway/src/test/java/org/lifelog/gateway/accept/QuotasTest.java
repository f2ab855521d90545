package org.lifelog.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoded;

class QuotasTest {
    private static final Instant NOW = Instant.parse("2026-11-24T00:00:00Z");
    private static final Instant YESTERDAY = NOW.minus(Duration.ofDays(1));

    private final AtomicLong nanos = new AtomicLong();
    private final Quotas quotas =
            new Quotas(List.of("isens", "kweather"), new Quotas.Limits(100, Map.of("kweather", 5)), nanos::get);

    @Test
    void aBurstOfTenSecondsIsTakenAndThenTheQuotaOfASecond() {
        assertThat(send("isens", 1_000, NOW)).isEmpty();
        assertThat(send("isens", 1, NOW).orElseThrow().retryAfter()).isEqualTo(Duration.ofMillis(10));
        pass(Duration.ofSeconds(1));
        assertThat(send("isens", 100, NOW)).isEmpty();
        assertThat(send("isens", 1, NOW)).isPresent();
    }

    @Test
    void aCenterHasAQuotaOfItsOwnAndNoOthersAreTouched() {
        assertThat(send("kweather", 50, NOW)).isEmpty();
        assertThat(send("kweather", 1, NOW).orElseThrow().failure()).isEqualTo(Failure.QUOTA_EXCEEDED);
        assertThat(send("isens", 1, NOW)).isEmpty();
    }

    @Test
    void aMessageMayOverdrawAndThenTheDebtIsWaitedFor() {
        assertThat(send("isens", 1_500, NOW)).isEmpty();
        assertThat(send("isens", 1, NOW).orElseThrow().retryAfter()).isEqualTo(Duration.ofMillis(5_010));
        pass(Duration.ofMillis(5_010));
        assertThat(send("isens", 1, NOW)).isEmpty();
    }

    @Test
    void backfillDoesNotTakeFromTheLiveReadings() {
        assertThat(send("isens", 6_000, YESTERDAY)).isEmpty();
        assertThat(send("isens", 1, YESTERDAY)).isPresent();
        assertThat(send("isens", 900, NOW)).isEmpty();
    }

    @Test
    void whatIsParsedInVainIsChargedToTheBudgetThatLetItIn() {
        assertThat(send("isens", 1_000, NOW)).isEmpty();
        // The backfill budget of 6,000 lets these in to be looked at.
        for (int i = 0; i < 6; i++) {
            assertThat(send("isens", 1_000, NOW)).isPresent();
        }
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> quotas.admit("isens"));
        assertThat(refusal.failure()).isEqualTo(Failure.QUOTA_EXCEEDED);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMillis(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"isens", "isens=", "isens=0", "isens=-1", "isens=1.5", "isens=1;goodoc=2", "isens=1,,"})
    void quotasOfAnotherFormAreRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Quotas.Limits.parse(text));
    }

    @Test
    void quotasOfCentersAreRead() {
        assertThat(Quotas.Limits.parse("isens=50, kweather=7")).isEqualTo(Map.of("isens", 50, "kweather", 7));
        assertThat(Quotas.Limits.parse("")).isEmpty();
    }

    private Optional<Refusal> send(String center, int readings, Instant time) {
        List<Reading> list = new ArrayList<>();
        for (int i = 0; i < readings; i++) {
            Reading reading = new Reading();
            reading.setTime(time);
            list.add(reading);
        }
        try {
            quotas.admit(center);
            quotas.charge(center, new Decoded(list, List.of()), NOW);
            return Optional.empty();
        } catch (Refusal e) {
            return Optional.of(e);
        }
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
