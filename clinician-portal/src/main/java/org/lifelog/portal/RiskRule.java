package org.lifelog.portal;

import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * The limits past which a figure of the last {@value WorklistSnapshotQuery#DAYS} days puts a subject to the top of the
 * worklist. They tell whom to look at first, and are no diagnosis. The sources:
 *
 * <ul>
 *   <li>Consensus: International Consensus on Time in Range, Battelino et al., Diabetes Care 2019;42:1593.
 *   <li>ESH: 2023 guidelines of the European Society of Hypertension, blood pressure measured at home.
 *   <li>AHA: 2017 ACC/AHA guideline on high blood pressure, hypertensive crisis.
 *   <li>NEWS2: Royal College of Physicians, National Early Warning Score 2, 2017, red score.
 *   <li>Air: environmental standard of the Republic of Korea for PM2.5, mean of 24 hours.
 * </ul>
 */
enum RiskRule {
    /** Readings of a continuous monitor below 54 mg/dL, percent; consensus: less than 1 %. */
    BELOW54("below54", "%", 1, 1, value -> value > 1),
    /** Readings of a continuous monitor below 70 mg/dL, percent; consensus: less than 4 %. */
    BELOW70("below70", "%", 4, 4, value -> value > 4),
    /**
     * Readings of a meter below 54 mg/dL, which is a level that needs action at once (consensus, level 2): a single one is
     * enough, because what lies between the readings of a meter is not known.
     */
    METER_BELOW54("meterBelow54", "1", 1, 1, value -> value >= 1),
    /**
     * By how many points the time in range of a continuous monitor has gone down against the days before, both with readings
     * on 70 % of the days. The consensus calls 5 points a difference that matters; twice that keeps chance out.
     */
    RANGE_DROP("rangeDrop", "%", 10, 10, value -> value >= 10),
    /** Mean of the systolic pressures, if measured on three days or more; ESH: 135 mmHg. */
    SYSTOLIC_HIGH("systolicHigh", "mm[Hg]", 135, 10, value -> value >= 135),
    /** Mean of the diastolic pressures, if measured on three days or more; ESH: 85 mmHg. */
    DIASTOLIC_HIGH("diastolicHigh", "mm[Hg]", 85, 5, value -> value >= 85),
    /** Highest systolic pressure; AHA: above 180 mmHg. */
    SYSTOLIC_CRISIS("systolicCrisis", "mm[Hg]", 180, 10, value -> value > 180),
    /** Highest diastolic pressure; AHA: above 120 mmHg. */
    DIASTOLIC_CRISIS("diastolicCrisis", "mm[Hg]", 120, 10, value -> value > 120),
    /** Lowest mean of a day of the oxygen saturation; NEWS2: 91 % or less. */
    SATURATION_LOW("saturationLow", "%", 91, 2, value -> value <= 91),
    /** Highest mean of a day of fine dust at a place; air: above 35 µg/m³. */
    DUST_HIGH("dustHigh", "ug/m3", 35, 35, value -> value > 35);

    private static final double MOST = 5;

    private final String code;
    private final String unit;
    private final double limit;
    private final double step;
    private final DoublePredicate past;

    RiskRule(String code, String unit, double limit, double step, DoublePredicate past) {
        this.code = code;
        this.unit = unit;
        this.limit = limit;
        this.step = step;
        this.past = past;
    }

    /** The flag, where a figure is past the limit. */
    Optional<RiskFlag> judge(double value) {
        return past.test(value) ? Optional.of(new RiskFlag(code, value, limit, unit)) : Optional.empty();
    }

    /** How much a figure that is past the limit weighs: 1 at the limit, 1 more for each step beyond it, at most 5. */
    double weight(double value) {
        return Math.min(MOST, 1 + Math.abs(value - limit) / step);
    }
}
