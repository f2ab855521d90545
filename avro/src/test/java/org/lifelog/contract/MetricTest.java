package org.lifelog.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricTest {
    private final Catalogue catalogue = Catalogue.load();
    private final Metric audiogram = catalogue.metric("audiogram").orElseThrow();
    private final Metric meter = catalogue.metric("glucose_smbg").orElseThrow();

    @Test
    void allowedAttributesAreNoProblem() {
        assertThat(audiogram.problemWith(Map.of("ear", "left", "frequency", "1000")))
                .isEmpty();
        assertThat(meter.problemWith(Map.of("meal", "fasting"))).isEmpty();
        assertThat(meter.problemWith(Map.of())).isEmpty();
    }

    @Test
    void aThresholdWithoutAnEarSaysNothing() {
        assertThat(audiogram.problemWith(Map.of("frequency", "1000")).orElseThrow())
                .startsWith("Metric audiogram needs the attributes ")
                .contains("ear", "frequency");
    }

    @Test
    void anAttributeOfAnotherMetricIsNamedByWhatThereIs() {
        assertThat(meter.problemWith(Map.of("posture", "sitting")))
                .contains("Metric glucose_smbg has the attributes [meal] only.");
        assertThat(catalogue.metric("weight").orElseThrow().problemWith(Map.of("posture", "sitting")))
                .contains("Metric weight has no attributes; leave them out.");
    }

    @Test
    void aValueIsAnsweredWithTheAllowedOnesAndNotEchoed() {
        assertThat(meter.problemWith(Map.of("meal", "secret")))
                .contains("Attribute meal of metric glucose_smbg is one of [fasting, before, after, bedtime].");
    }

    @Test
    void deviceLimitsMayBeOneSided() {
        assertThat(meter.hasDeviceLimits()).isTrue();
        Metric ketone = catalogue.metric("ketone_blood").orElseThrow();
        assertThat(ketone.deviceLow()).isEmpty();
        assertThat(ketone.hasDeviceLimits()).isTrue();
        assertThat(audiogram.hasDeviceLimits()).isFalse();
    }

    @Test
    void anExcludedLimitIsOutside() {
        Metric.Range range = new Metric.Range(0, true, 1000);
        assertThat(range.contains(0)).isFalse();
        assertThat(range.contains(Double.MIN_VALUE)).isTrue();
        assertThat(range.contains(1000)).isTrue();
        assertThat(range.contains(Math.nextUp(1000.0))).isFalse();
        assertThat(range.contains(Double.NaN)).isFalse();
        assertThat(new Metric.Range(0, false, 1000).contains(0)).isTrue();
    }
}
