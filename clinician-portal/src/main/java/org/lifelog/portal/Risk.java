package org.lifelog.portal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The risk of a subject: which rules its figures break, and how far.
 *
 * @param flags in the order of the rules
 * @param score sum of the weights of what is past its limit, see {@link RiskRule#weight}; 0 without flags
 */
record Risk(List<RiskFlag> flags, double score) {
    static final Risk NONE = new Risk(List.of(), 0);

    /** A pressure is a person's pressure, and not a moment's, from so many days on. */
    private static final int PRESSURE_DAYS = 3;
    /** Of a period of 14 days, 70 percent. */
    private static final int RANGE_DAYS = 10;

    /**
     * The stored windows of some days of one metric, put together.
     *
     * @param days number of days that have readings
     * @param n readings
     * @param sum of the values
     * @param max highest value
     * @param lowestMean lowest of the means of the days
     * @param highestMean highest of the means of the days
     * @param counted readings that are counted in bands
     * @param bands how many of them lie in the three lowest bands of the catalogue, lowest first
     */
    record Days(
            int days,
            long n,
            double sum,
            double max,
            double lowestMean,
            double highestMean,
            long counted,
            List<Long> bands) {

        double mean() {
            return sum / n;
        }

        /** Percent of the counted readings. */
        double percent(long of) {
            return 100.0 * of / counted;
        }
    }

    /** Of one metric: the days that count, and those before for comparison. */
    record Periods(Optional<Days> current, Optional<Days> previous) {}

    /** The risk by the figures of the metrics, by their codes. */
    static Risk of(Map<String, Periods> figures) {
        List<RiskFlag> flags = new ArrayList<>();
        double[] score = {0};
        Judge judge = (rule, value) -> rule.judge(value).ifPresent(flag -> {
            flags.add(flag);
            score[0] += rule.weight(value);
        });
        monitor(figures.get("glucose_cgm"), judge);
        current(figures, "glucose_smbg")
                .ifPresent(
                        days -> judge.judge(RiskRule.METER_BELOW54, days.bands().get(0)));
        current(figures, "bp_systolic").ifPresent(days -> {
            judge.judge(RiskRule.SYSTOLIC_CRISIS, days.max());
            if (days.days() >= PRESSURE_DAYS) {
                judge.judge(RiskRule.SYSTOLIC_HIGH, days.mean());
            }
        });
        current(figures, "bp_diastolic").ifPresent(days -> {
            judge.judge(RiskRule.DIASTOLIC_CRISIS, days.max());
            if (days.days() >= PRESSURE_DAYS) {
                judge.judge(RiskRule.DIASTOLIC_HIGH, days.mean());
            }
        });
        current(figures, "spo2").ifPresent(days -> judge.judge(RiskRule.SATURATION_LOW, days.lowestMean()));
        current(figures, "pm2_5").ifPresent(days -> judge.judge(RiskRule.DUST_HIGH, days.highestMean()));
        return flags.isEmpty() ? NONE : new Risk(List.copyOf(flags), score[0]);
    }

    /** The metrics that are looked at. */
    static List<String> metrics() {
        return List.of("glucose_cgm", "glucose_smbg", "bp_systolic", "bp_diastolic", "spo2", "pm2_5");
    }

    private interface Judge {
        void judge(RiskRule rule, double value);
    }

    private static Optional<Days> current(Map<String, Periods> figures, String metric) {
        return Optional.ofNullable(figures.get(metric)).flatMap(Periods::current);
    }

    private static void monitor(Periods periods, Judge judge) {
        if (periods == null
                || periods.current().filter(days -> days.counted() > 0).isEmpty()) {
            return;
        }
        Days now = periods.current().get();
        long below54 = now.bands().get(0);
        judge.judge(RiskRule.BELOW54, now.percent(below54));
        judge.judge(RiskRule.BELOW70, now.percent(below54 + now.bands().get(1)));
        periods.previous()
                .filter(before -> before.days() >= RANGE_DAYS && now.days() >= RANGE_DAYS && before.counted() > 0)
                .ifPresent(before -> judge.judge(RiskRule.RANGE_DROP, inRange(before) - inRange(now)));
    }

    private static double inRange(Days days) {
        return days.percent(days.bands().get(2));
    }
}
