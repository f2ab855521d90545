package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GlucoseReadingsTest {

    @Test
    void growsPastItsCapacity() {
        GlucoseReadings readings = new GlucoseReadings(0);
        for (int i = 0; i < 1_000; i++) {
            readings.add(i, i / 2.0);
        }

        assertThat(readings.n()).isEqualTo(1_000);
        assertThat(readings.time(999)).isEqualTo(999);
        assertThat(readings.value(999)).isEqualTo(499.5);
        assertThat(readings.quantiles().at(0.5)).isEqualTo(249.75);
    }

    @Test
    void twoDevicesMayMeasureAtOnceButTimeNeverRunsBackwards() {
        GlucoseReadings readings = new GlucoseReadings(3);
        readings.add(10, 100);
        readings.add(10, 101);

        assertThatThrownBy(() -> readings.add(9, 100)).isInstanceOf(IllegalArgumentException.class);
    }
}
