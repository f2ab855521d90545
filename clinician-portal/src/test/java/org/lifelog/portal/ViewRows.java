package org.lifelog.portal;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lifelog.contract.Attributes;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Metric;

/** Writes a subject who holds every metric of the catalogue, with values that look like a person's and can be told by hand. */
final class ViewRows {
    static final String CENTER = "wonju-yonsei";
    static final int DAYS = 28;
    static final int[] FREQUENCIES = {250, 500, 1_000, 2_000, 3_000, 4_000, 6_000, 8_000};
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    /** The last day. */
    static final LocalDate LAST = LocalDate.of(2026, 11, 28);

    private final TestRows rows;
    private final String subject;
    private final int device;

    private ViewRows(TestRows rows, String subject) {
        this.rows = rows;
        this.subject = subject;
        this.device = rows.device(CENTER, "all-in-one");
    }

    /** Writes all metrics of the catalogue under a subject. */
    static void write(TestRows rows, String subject) {
        ViewRows view = new ViewRows(rows, subject);
        view.pressures();
        view.nights();
        view.hearing();
        view.every("heart_rate", Duration.ofMinutes(15), 58, 41);
        view.every("spo2", Duration.ofMinutes(15), 88, 12);
        view.every("resp_rate", Duration.ofMinutes(15), 12, 7);
        view.every("glucose_cgm", Duration.ofMinutes(15), 62, 151);
        for (String code : List.of("pm2_5", "pm10", "co2", "tvoc", "noise", "room_temp", "humidity")) {
            double low = Map.of("co2", 420.0, "noise", 35.0, "room_temp", 19.0, "humidity", 35.0)
                    .getOrDefault(code, 4.0);
            view.every(code, Duration.ofMinutes(30), low, code.equals("co2") ? 900 : code.equals("room_temp") ? 7 : 83);
        }
        view.others();
        rows.aggregate();
    }

    static Instant at(int day, int hour, int minute) {
        return LAST.minusDays(DAYS - 1L - day)
                .atTime(LocalTime.of(hour, minute))
                .atZone(SEOUL)
                .toInstant();
    }

    /** Systolic pressure of a morning. */
    static double morningSystolic(int day) {
        return 138 + day % 7;
    }

    /** Minutes after 23:00 at which a night's sleep begins. */
    static int bedtime(int night) {
        return night * 13 % 50;
    }

    /** Threshold of an ear in dB HL. */
    static double threshold(String ear, int frequency, int test) {
        double loss = 10 + 12 * Math.max(0, Math.log(frequency / 1_000.0) / Math.log(2)) + 5 * test;
        return 5 * Math.rint((ear.equals("left") ? loss + 10 : loss) / 5);
    }

    private long series(String metric, String attributes) {
        String unit = Catalogue.load().metric(metric).orElseThrow().unit();
        return rows.series(CENTER, subject, metric, attributes, unit);
    }

    private void every(String metric, Duration step, double low, int period) {
        int n = (int) (Duration.ofDays(DAYS - 1).dividedBy(step));
        rows.readings(series(metric, ""), device, at(0, 8, 0), n, (int) step.toSeconds(), low, period);
    }

    private void pressures() {
        long systolic = series("bp_systolic", "posture=sitting");
        long diastolic = series("bp_diastolic", "posture=sitting");
        for (int day = 0; day < DAYS; day++) {
            rows.reading(systolic, device, at(day, 7, 5), morningSystolic(day), 0);
            rows.reading(diastolic, device, at(day, 7, 5), 86 + day % 5, 0);
            rows.reading(systolic, device, at(day, 21, 30), 124 + day % 6, 0);
            rows.reading(diastolic, device, at(day, 21, 30), 76 + day % 4, 0);
            if (day % 5 == 0) {
                rows.reading(systolic, device, at(day, 13, 10), 131, 0);
                rows.reading(diastolic, device, at(day, 13, 10), 82, 0);
            }
        }
    }

    private void nights() {
        Map<String, Long> parts = new TreeMap<>();
        List.of("asleep", "awake", "light", "deep", "rem", "period")
                .forEach(part -> parts.put(part, series("sleep_night", "part=" + part)));
        Map<String, Long> stages = new TreeMap<>();
        List.of("awake", "light", "deep", "rem").forEach(stage -> stages.put(stage, series("sleep", "stage=" + stage)));
        String[] course = {
            "light", "deep", "light", "rem", "light", "deep", "awake", "light", "rem", "light", "deep", "rem"
        };
        int[] minutes = {40, 50, 30, 20, 50, 40, 10, 50, 30, 40, 20, 40};
        for (int night = 1; night < DAYS; night++) {
            Instant start = at(night - 1, 23, 0).plus(Duration.ofMinutes(bedtime(night)));
            Instant time = start;
            Map<String, Integer> sums = new TreeMap<>();
            for (int i = 0; i < course.length; i++) {
                rows.reading(stages.get(course[i]), device, time, minutes[i], 0);
                time = time.plus(Duration.ofMinutes(minutes[i]));
                sums.merge(course[i], minutes[i], Integer::sum);
                sums.merge("period", minutes[i], Integer::sum);
                sums.merge("asleep", course[i].equals("awake") ? 0 : minutes[i], Integer::sum);
            }
            Instant waking = time;
            sums.forEach((part, sum) -> rows.reading(parts.get(part), device, waking, sum, 0));
        }
        rows.query("UPDATE reading r SET end_time = r.time + r.value * interval '1 minute' FROM series s"
                + " WHERE s.series_id = r.series_id AND s.metric = 'sleep' RETURNING 1");
    }

    private void hearing() {
        for (String ear : List.of("left", "right")) {
            for (int frequency : FREQUENCIES) {
                long series = series("audiogram", "ear=" + ear + ";frequency=" + frequency);
                for (int test = 0; test < 3; test++) {
                    rows.reading(series, device, at(12 * test, 10, 20), threshold(ear, frequency, test), 0);
                }
            }
        }
    }

    /** One value a day, or each part of a day, of whatever has none yet. */
    private void others() {
        List<String> held = rows.query("SELECT DISTINCT metric FROM series WHERE subject = ?", subject).stream()
                .map(row -> (String) row.get(0))
                .toList();
        for (Metric metric : Catalogue.load().metrics()) {
            if (held.contains(metric.code())) {
                continue;
            }
            List<String> attributes = switch (metric.code()) {
                case "girth" -> List.of("site=neck", "site=chest", "side=left;site=arm");
                case "glucose_smbg" -> List.of("meal=fasting", "meal=after");
                default -> List.of(Attributes.NONE);
            };
            double low = Math.max(metric.usual().min(), 1);
            double step = (metric.usual().max() - low) / 40;
            for (String one : attributes) {
                long series = series(metric.code(), one);
                for (int day = 0; day < DAYS; day++) {
                    double value = low + step * (8 + day % 6 + attributes.indexOf(one));
                    rows.reading(series, device, at(day, 7, 5).plusSeconds(60L * attributes.indexOf(one)), value, 0);
                }
            }
        }
    }
}
