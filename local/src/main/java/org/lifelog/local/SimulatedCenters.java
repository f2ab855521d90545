package org.lifelog.local;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lifelog.local.SimulatedSeries.Schedule;

/** The simulated devices of the eleven centers: a few subjects each, with what their center measures. */
final class SimulatedCenters {
    private static final int SUBJECTS = 3;
    private static final LocalTime MORNING = LocalTime.of(7, 10);
    private static final LocalTime EVENING = LocalTime.of(21, 5);
    private static final LocalTime VISIT = LocalTime.of(10, 20);
    private static final Duration QUARTER = Duration.ofMinutes(15);

    private final Map<String, List<SimulatedSeries>> byCenter = new LinkedHashMap<>();

    private SimulatedCenters() {
        for (int i = 1; i <= SUBJECTS; i++) {
            wonju(i);
            koreaUniversity(i);
            kangwon(i);
            hallym(i);
            isens(i);
            bagelLabs(i);
            huraypositive(i);
            goodoc(i);
            kweather(i);
            audiology(i);
            healthmax(i);
        }
    }

    /** The series of each center, by its code. */
    static Map<String, List<SimulatedSeries>> byCenter() {
        return new SimulatedCenters().byCenter;
    }

    private void wonju(int i) {
        Subject s = new Subject("wonju-yonsei", "P", i, "band");
        s.wristband(62 + 3 * i);
        s.every(
                QUARTER,
                "spo2",
                "%",
                0,
                time -> Math.min(100, s.signals.rhythm(97, 0.8, 14, 0.7).at(time)));
        s.every(QUARTER, "resp_rate", "/min", 0, s.signals.rhythm(15, 1.5, 15, 0.8));
        s.daily(1, "hr_resting", "/min", 0, s.signals.drift(60 + 2 * i, 3, 1), MORNING);
        s.bloodPressure(122 + 4 * i, 78 + 2 * i, MORNING, EVENING);
        s.daily(1, "body_temp", "Cel", 1, s.signals.drift(36.5, 0.1, 0.15), EVENING);
        s.sleep();
    }

    private void koreaUniversity(int i) {
        Subject s = new Subject("korea-univ", "K", i, "lab");
        s.bloodPressure(128 + 3 * i, 80 + i, VISIT);
        s.daily(1, "heart_rate", "/min", 0, s.signals.drift(72, 4, 3), VISIT);
        s.daily(7, "glucose_lab", "mg/dL", 0, s.signals.drift(104 + 6 * i, 6, 5), VISIT);
        s.daily(28, "hba1c", "%", 1, s.signals.drift(5.8 + 0.3 * i, 0.2, 0.1), VISIT);
        s.daily(14, "cholesterol_total", "mg/dL", 0, s.signals.drift(190 + 5 * i, 10, 6), VISIT);
        s.daily(14, "cholesterol_hdl", "mg/dL", 0, s.signals.drift(52, 3, 3), VISIT);
        s.daily(14, "cholesterol_ldl", "mg/dL", 0, s.signals.drift(118, 8, 5), VISIT);
        s.daily(14, "triglycerides", "mg/dL", 0, s.signals.drift(140, 20, 12), VISIT);
        s.daily(14, "creatinine", "umol/L", 0, s.signals.drift(78, 5, 3), VISIT);
    }

    private void kangwon(int i) {
        Subject s = new Subject("kangwon-univ", "W", i, "monitor");
        s.every(Duration.ofMinutes(5), "heart_rate", "/min", 0, s.signals.heartRate(66 + i));
        s.every(
                QUARTER,
                "spo2",
                "1",
                3,
                time -> Math.min(1, s.signals.rhythm(0.955, 0.008, 14, 0.007).at(time)));
        s.every(QUARTER, "resp_rate", "/min", 0, s.signals.rhythm(17, 1.5, 15, 1));
        s.daily(1, "body_temp", "[degF]", 1, s.signals.drift(97.9, 0.3, 0.2), MORNING, EVENING);
        s.bloodPressure(134, 82, MORNING, EVENING);
        s.daily(1, "weight", "kg", 1, s.signals.drift(63 + 5 * i, 0.8, 0.3), MORNING);
    }

    private void hallym(int i) {
        Subject s = new Subject("hallym-chuncheon", "H", i, "watch");
        s.wristband(58 + 4 * i);
        s.daily(1, "hrv_sdnn", "ms", 0, s.signals.drift(48 + 3 * i, 6, 5), MORNING);
        s.bloodPressure(126, 79, MORNING);
        s.sleep();
    }

    private void isens(int i) {
        Subject s = new Subject("isens", "S", i, "cgm");
        Signals.Signal glucose = s.signals.glucose(96 + 7 * i, 34 + 16 * i);
        // Every ten days a new sensor, which says nothing while it warms up.
        s.every(
                Duration.ofMinutes(5),
                "glucose_cgm",
                "mg/dL",
                0,
                time -> warmingUp(time, i) ? Double.NaN : glucose.at(time));
        Subject meter = new Subject("isens", "S", i, "caresens");
        meter.add(
                "glucose_smbg",
                "mmol/L",
                Map.of("meal", "fasting"),
                Schedule.at(1, MORNING),
                Duration.ZERO,
                1,
                time -> glucose.at(time) / 18.01559);
        meter.add(
                "glucose_smbg",
                "mmol/L",
                Map.of("meal", "after"),
                Schedule.at(1, LocalTime.of(20, 35)),
                Duration.ZERO,
                1,
                time -> glucose.at(time) / 18.01559);
        meter.daily(
                3,
                "ketone_blood",
                "mmol/L",
                1,
                time -> Math.abs(s.signals.drift(0.2, 0.1, 0.08).at(time)),
                MORNING);
    }

    private static boolean warmingUp(ZonedDateTime time, int i) {
        return (time.toLocalDate().toEpochDay() + 3 * i) % 10 == 0 && time.getHour() >= 9 && time.getHour() < 11;
    }

    private void bagelLabs(int i) {
        Subject s = new Subject("bagel-labs", "B", i, "tape");
        s.daily(2, "waist", "cm", 1, s.signals.drift(78 + 5 * i, 0.8, 0.3), MORNING);
        s.daily(2, "hip", "cm", 1, s.signals.drift(94 + 3 * i, 0.5, 0.3), MORNING);
        for (String site : List.of("neck", "chest", "arm", "thigh", "calf")) {
            double size = Map.of("neck", 36.0, "chest", 95.0, "arm", 30.0, "thigh", 54.0, "calf", 37.0)
                    .get(site);
            s.add(
                    "girth",
                    "mm",
                    Map.of("site", site),
                    Schedule.at(2, MORNING),
                    Duration.ZERO,
                    0,
                    time -> 10 * s.signals.drift(size + i, 0.3, 0.2).at(time));
        }
        s.daily(1, "weight", "[lb_av]", 1, s.signals.drift(150 + 8 * i, 1.5, 0.6), MORNING);
        s.daily(28, "height", "[in_i]", 1, time -> 65 + i, MORNING);
    }

    private void huraypositive(int i) {
        Subject s = new Subject("huraypositive", "R", i, "app");
        s.daily(1, "glucose_smbg", "mg/dL", 0, s.signals.glucose(105 + 6 * i, 45), MORNING, LocalTime.of(13, 55));
        s.bloodPressure(130 + 3 * i, 84, MORNING, EVENING);
        s.daily(1, "weight", "kg", 1, s.signals.drift(70 + 4 * i, 1.2, 0.3), MORNING);
        s.add("steps", "{steps}", Map.of(), Schedule.every(QUARTER), QUARTER, 0, s.signals.steps());
        s.add(
                "exercise",
                "min",
                Map.of(),
                Schedule.at(2, LocalTime.of(18, 0)),
                Duration.ofMinutes(40),
                0,
                time -> 25 + 5 * i);
    }

    private void goodoc(int i) {
        Subject s = new Subject("goodoc", "G", i, "phone");
        s.daily(2, "body_temp", "Cel", 1, s.signals.drift(36.6, 0.1, 0.2), EVENING);
        s.daily(7, "weight", "kg", 1, s.signals.drift(58 + 6 * i, 0.8, 0.4), MORNING);
        s.add("steps", "{steps}", Map.of(), Schedule.every(QUARTER), QUARTER, 0, s.signals.steps());
    }

    private void kweather(int i) {
        Subject s = new Subject("kweather", "site", i, "air");
        Duration period = Duration.ofMinutes(10);
        s.every(period, "pm2_5", "ug/m3", 1, s.signals.traffic(14 + 3 * i, 16));
        s.every(period, "pm10", "ug/m3", 0, s.signals.traffic(28 + 5 * i, 30));
        s.every(
                period,
                "co2",
                "[ppm]",
                0,
                time -> 420 + s.signals.traffic(180, 320).at(time));
        s.every(
                period,
                "tvoc",
                "mg/m3",
                3,
                time -> s.signals.traffic(0.12, 0.15).at(time));
        s.every(period, "noise", "dB[SPL]", 1, s.signals.rhythm(46 + 3 * i, 9, 14, 3));
        s.every(period, "room_temp", "Cel", 1, s.signals.rhythm(22.5, 1.5, 16, 0.2));
        s.every(period, "humidity", "%", 0, s.signals.rhythm(42, -6, 16, 1));
    }

    private void audiology(int i) {
        Subject s = new Subject("audiology", "A", i, "audiometer");
        int[] frequencies = {250, 500, 1000, 2000, 3000, 4000, 6000, 8000};
        for (String ear : List.of("left", "right")) {
            for (int frequency : frequencies) {
                double loss = 5 + 4 * i + 12 * Math.max(0, Math.log(frequency / 1000.0)) + (ear.equals("left") ? 5 : 0);
                s.add(
                        "audiogram",
                        "dB",
                        Map.of("ear", ear, "frequency", Integer.toString(frequency)),
                        Schedule.at(14, VISIT),
                        Duration.ZERO,
                        0,
                        time -> 5 * Math.rint((loss + 2 * s.signals.gaussian(time.toEpochSecond() + frequency)) / 5));
            }
        }
        s.every(Duration.ofMinutes(30), "noise", "dB[SPL]", 1, s.signals.rhythm(52 + 2 * i, 12, 14, 5));
    }

    private void healthmax(int i) {
        Subject s = new Subject("healthmax", "M", i, "kiosk");
        double height = 160 + 5 * i;
        Signals.Signal weight = s.signals.drift(60 + 6 * i, 1, 0.3);
        s.bloodPressure(124 + 2 * i, 79, VISIT);
        s.daily(2, "heart_rate", "/min", 0, s.signals.drift(74, 3, 4), VISIT);
        s.daily(2, "weight", "kg", 1, weight, VISIT);
        s.daily(2, "height", "cm", 1, time -> height, VISIT);
        s.daily(2, "bmi", "kg/m2", 1, time -> weight.at(time) / (height * height) * 10_000, VISIT);
        s.daily(2, "body_fat_pct", "%", 1, s.signals.drift(22 + 2 * i, 0.8, 0.4), VISIT);
        s.daily(2, "muscle_mass", "kg", 1, s.signals.drift(26 + 2 * i, 0.4, 0.2), VISIT);
    }

    /** One subject with one device. */
    private final class Subject {
        private final String center;
        private final String code;
        private final String device;
        private final Signals signals;

        Subject(String center, String prefix, int number, String device) {
            this.center = center;
            this.code = String.format(Locale.ROOT, "%s-%04d", prefix, number);
            this.device = String.format(Locale.ROOT, "%s-%02d", device, number);
            this.signals = new Signals(center.hashCode() * 31L + number);
        }

        void add(
                String metric,
                String unit,
                Map<String, String> attributes,
                Schedule schedule,
                Duration interval,
                int decimals,
                Signals.Signal signal) {
            byCenter.computeIfAbsent(center, c -> new ArrayList<>())
                    .add(new SimulatedSeries(
                            code, device, metric, unit, attributes, schedule, interval, decimals, signal));
        }

        void every(Duration period, String metric, String unit, int decimals, Signals.Signal signal) {
            add(metric, unit, Map.of(), Schedule.every(period), Duration.ZERO, decimals, signal);
        }

        void daily(int days, String metric, String unit, int decimals, Signals.Signal signal, LocalTime... times) {
            add(metric, unit, Map.of(), Schedule.at(days, times), Duration.ZERO, decimals, signal);
        }

        void bloodPressure(double systolic, double diastolic, LocalTime... times) {
            Map<String, String> sitting = Map.of("posture", "sitting");
            add(
                    "bp_systolic",
                    "mm[Hg]",
                    sitting,
                    Schedule.at(1, times),
                    Duration.ZERO,
                    0,
                    signals.drift(systolic, 5, 4));
            add(
                    "bp_diastolic",
                    "mm[Hg]",
                    sitting,
                    Schedule.at(1, times),
                    Duration.ZERO,
                    0,
                    signals.drift(diastolic, 3, 3));
        }

        void wristband(double restingRate) {
            every(Duration.ofMinutes(5), "heart_rate", "/min", 0, signals.heartRate(restingRate));
            add("steps", "{steps}", Map.of(), Schedule.every(QUARTER), QUARTER, 0, signals.steps());
        }

        /** Five cycles of 90 minutes from midnight on: light, deep, light, REM. */
        void sleep() {
            String[] stages = {"light", "deep", "light", "rem"};
            int[] minutes = {30, 25, 20, 15};
            LocalTime start = LocalTime.MIDNIGHT;
            for (int cycle = 0; cycle < 5; cycle++) {
                for (int stage = 0; stage < stages.length; stage++) {
                    int length = minutes[stage];
                    add(
                            "sleep",
                            "min",
                            Map.of("stage", stages[stage]),
                            Schedule.at(1, start),
                            Duration.ofMinutes(length),
                            0,
                            time -> length);
                    start = start.plusMinutes(length);
                }
            }
        }
    }
}
