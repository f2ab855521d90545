package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Problem;
import org.lifelog.gateway.failure.Refusal;

class ItemsTest {
    private final Items items =
            new Items(Catalogue.load(), FormatFixture.origin(), "ab cd ef".getBytes(StandardCharsets.UTF_8));

    @Test
    void anItemIsTakenOrRefusedAsAWhole() {
        assertThat(items.add(0, 2, () -> List.of(form(121), form(122))))
                .isInstanceOfSatisfying(
                        Items.Taken.class, taken -> assertThat(taken.readings()).hasSize(2));
        assertThat(items.add(3, 5, () -> List.of(form(123), form(124).unit("kg"))))
                .isInstanceOfSatisfying(Items.Refused.class, refused -> {
                    assertThat(refused.problem().index()).isOne();
                    assertThat(refused.problem().code()).isEqualTo(Problem.Code.UNIT_NOT_ALLOWED);
                });
        assertThat(items.add(6, 8, List::of)).isEqualTo(new Items.Taken(List.of()));
        Decoded decoded = items.decoded();
        assertThat(decoded.readings()).extracting(reading -> reading.getValue()).containsExactly(121.0, 122.0);
        assertThat(decoded.refused())
                .singleElement()
                .satisfies(refused -> assertThat(refused.raw()).asString().isEqualTo("cd"));
    }

    @Test
    void theMessageOfARefusalIsItsDetail() {
        items.add(0, 2, () -> {
            throw new ItemRefusal(Problem.Code.DATA_ABSENT, "There is no value.");
        });
        assertThat(items.decoded().refused())
                .extracting(Decoded.Refused::problem)
                .containsExactly(new Problem(0, Problem.Code.DATA_ABSENT, "There is no value."));
    }

    @Test
    void thereAreTenThousandAtMostAndOneAtLeast() {
        assertRefused(items::decoded, Failure.EMPTY_BATCH);
        for (int i = 0; i < Items.MOST; i++) {
            items.add(0, 2, List::of);
        }
        assertRefused(items::checkCount, Failure.TOO_LARGE);
        assertRefused(() -> items.add(0, 2, List::of), Failure.TOO_LARGE);
    }

    private static void assertRefused(Runnable call, Failure failure) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(call::run)
                .satisfies(refusal -> assertThat(refusal.failure()).isEqualTo(failure));
    }

    private static ReadingForm form(double systolic) {
        return new ReadingForm()
                .subject("S-1")
                .device("cuff-1")
                .metric("bp_systolic")
                .value(systolic)
                .unit("mm[Hg]")
                .time("2026-11-24T07:00:00Z");
    }
}
