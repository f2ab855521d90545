package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.lifelog.contract.Catalogue;

class GlucoseFiguresTest {
    private static final Catalogue CATALOGUE = Catalogue.load();
    private static final Span DAY =
            new Span(Instant.parse("2026-11-01T00:00:00Z"), Instant.parse("2026-11-02T00:00:00Z"));

    @Test
    void figuresInTheUnitThatWasAskedFor() {
        GlucoseFigures figures = of("glucose_cgm", "mmol/L", 100, 140, 180);

        assertThat(figures.from()).isEqualTo(DAY.from());
        assertThat(figures.n()).isEqualTo(3);
        assertThat(figures.mean().getAsDouble()).isEqualTo(140 / 18.01559, within(1e-9));
        assertThat(figures.sd().getAsDouble()).isEqualTo(40 / 18.01559, within(1e-9));
        assertThat(figures.cv().getAsDouble()).isEqualTo(100 * 40 / 140.0, within(1e-9));
        assertThat(figures.timeInRange()).hasValue(new TimeInRange(0, 0, 100, 0, 0));
        assertThat(figures.sufficiency().enough()).isFalse();
    }

    @Test
    void nothingIsActiveOfSingleReadings() {
        assertThat(of("glucose_smbg", "mg/dL", 100, 140).activePercent()).isEmpty();
        assertThat(of("glucose_cgm", "mg/dL", 100, 140).activePercent()).hasValue(100);
    }

    private static GlucoseFigures of(String metric, String unit, double... values) {
        GlucoseReadings readings = new GlucoseReadings(values.length);
        for (int i = 0; i < values.length; i++) {
            readings.add(Micros.of(DAY.from().plusSeconds(300L * i)), values[i]);
        }
        return GlucoseFigures.of(
                CATALOGUE.metric(metric).orElseThrow(),
                CATALOGUE.conversion(metric, unit).orElseThrow(),
                DAY,
                GlucoseStatistics.of(readings, ZoneId.of("Asia/Seoul")));
    }
}
