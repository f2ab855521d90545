package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeInRangeTest {

    @Test
    void percentOfReadings() {
        assertThat(new TimeInRange.Counts(1, 3, 2, 3, 1).percentOf(8))
                .isEqualTo(new TimeInRange(12.5, 37.5, 25, 37.5, 12.5));
    }
}
