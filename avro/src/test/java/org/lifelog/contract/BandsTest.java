package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BandsTest {
    /** The consensus of 2019: below 54, below 70, 70 to 180, above 180, above 250. */
    private final Bands glucose = Bands.parse("[54 [70 180] 250]");

    @Test
    void edgesMakeOneBandMore() {
        assertThat(glucose.count()).isEqualTo(5);
        assertThat(glucose.edges())
                .containsExactly(
                        new Bands.Edge(54, true),
                        new Bands.Edge(70, true),
                        new Bands.Edge(180, false),
                        new Bands.Edge(250, false));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 0", "53.99999999999999, 0",
        "54, 1", "69.99999999999999, 1",
        "70, 2", "180, 2",
        "180.00000000000003, 3", "250, 3",
        "250.00000000000003, 4", "1e300, 4"
    })
    void anEdgeLiesOnTheSideOfItsBracket(double value, int band) {
        assertThat(glucose.band(value)).isEqualTo(band);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void withoutEdgesThereIsNothingToCount(String text) {
        assertThat(Bands.parse(text)).isSameAs(Bands.NONE);
        assertThat(Bands.NONE.count()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "54, needs one bracket",
        "[54], needs one bracket",
        "[54 70, needs one bracket",
        "[70 [54, is not above the one before it",
        "[54 54], is not above the one before it"
    })
    void edgesThatSayNothingAreRefused(String text, String problem) {
        assertThatIllegalArgumentException().isThrownBy(() -> Bands.parse(text)).withMessageContaining(problem);
    }

    @Test
    void anEdgeThatIsNoNumberIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bands.parse("[low"));
    }
}
