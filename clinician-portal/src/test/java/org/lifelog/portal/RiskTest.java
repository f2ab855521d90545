package org.lifelog.portal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RiskTest {
    @Test
    void timeBelowLimitsOfAMonitor() {
        Risk risk = Risk.of(Map.of("glucose_cgm", current(glucose(14, 2_000, 21, 60, 1_500))));

        assertThat(risk.flags())
                .containsExactly(new RiskFlag("below54", 1.05, 1, "%"), new RiskFlag("below70", 4.05, 4, "%"));
        assertThat(risk.score()).isEqualTo(1.05 + 1 + 0.05 / 4, within(1e-9));
    }

    @Test
    void atTheLimitsOfTheConsensusNothingIsPast() {
        assertThat(Risk.of(Map.of("glucose_cgm", current(glucose(14, 2_000, 20, 60, 1_500)))))
                .isEqualTo(Risk.NONE);
    }

    @Test
    void aDropNeedsEnoughDaysOnBothSides() {
        Risk.Days before = glucose(10, 1_000, 0, 0, 800);

        assertThat(codes(periods(glucose(10, 1_000, 0, 0, 700), before))).containsExactly("rangeDrop");
        assertThat(codes(periods(glucose(10, 1_000, 0, 0, 701), before))).isEmpty();
        assertThat(codes(periods(glucose(9, 1_000, 0, 0, 500), before))).isEmpty();
        assertThat(codes(periods(glucose(14, 1_000, 0, 0, 500), glucose(9, 1_000, 0, 0, 900))))
                .isEmpty();
        assertThat(codes(new Risk.Periods(Optional.empty(), Optional.of(before))))
                .isEmpty();
    }

    @Test
    void oneLowReadingOfAMeterIsEnough() {
        assertThat(Risk.of(Map.of("glucose_smbg", current(glucose(1, 2, 1, 0, 1))))
                        .flags())
                .containsExactly(new RiskFlag("meterBelow54", 1, 1, "1"));
    }

    @Test
    void pressureNeedsThreeDaysForItsMeanAndOneReadingForACrisis() {
        Risk high = Risk.of(
                Map.of("bp_systolic", current(values(3, 4, 540, 150)), "bp_diastolic", current(values(3, 4, 340, 99))));
        Risk once = Risk.of(Map.of(
                "bp_systolic", current(values(2, 2, 350, 181)), "bp_diastolic", current(values(2, 2, 200, 120))));

        assertThat(high.flags())
                .containsExactly(
                        new RiskFlag("systolicHigh", 135, 135, "mm[Hg]"),
                        new RiskFlag("diastolicHigh", 85, 85, "mm[Hg]"));
        assertThat(high.score()).isEqualTo(2);
        assertThat(once.flags()).containsExactly(new RiskFlag("systolicCrisis", 181, 180, "mm[Hg]"));
    }

    @Test
    void lowSaturationAndDustyAir() {
        Risk.Days days = new Risk.Days(14, 100, 9_300, 99, 91, 36, 0, List.of(0L, 0L, 0L));

        assertThat(Risk.of(Map.of("spo2", current(days))).flags())
                .containsExactly(new RiskFlag("saturationLow", 91, 91, "%"));
        assertThat(Risk.of(Map.of("pm2_5", current(days))).flags())
                .containsExactly(new RiskFlag("dustHigh", 36, 35, "ug/m3"));
    }

    @Test
    void noFigureWeighsMoreThanFive() {
        assertThat(Risk.of(Map.of("glucose_smbg", current(glucose(1, 900, 900, 0, 0))))
                        .score())
                .isEqualTo(5);
    }

    private static List<String> codes(Risk.Periods monitor) {
        return Risk.of(Map.of("glucose_cgm", monitor)).flags().stream()
                .map(RiskFlag::code)
                .toList();
    }

    private static Risk.Periods current(Risk.Days days) {
        return new Risk.Periods(Optional.of(days), Optional.empty());
    }

    private static Risk.Periods periods(Risk.Days current, Risk.Days previous) {
        return new Risk.Periods(Optional.of(current), Optional.of(previous));
    }

    private static Risk.Days glucose(int days, long n, long below54, long below70, long inRange) {
        return new Risk.Days(days, n, 120.0 * n, 200, 100, 140, n, List.of(below54, below70, inRange));
    }

    private static Risk.Days values(int days, long n, double sum, double max) {
        return new Risk.Days(days, n, sum, max, sum / n, sum / n, 0, List.of(0L, 0L, 0L));
    }
}
