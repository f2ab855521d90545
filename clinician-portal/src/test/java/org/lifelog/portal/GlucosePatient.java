package org.lifelog.portal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Two subjects for tests of the page: {@code watched} with four weeks of a continuous monitor, a meter, a band and a
 * watch, and {@code short} with five days of a monitor. Nothing is random.
 */
record GlucosePatient(List<Double> values) {
    /** Midnight in Seoul. */
    static final Instant START = Instant.parse("2026-11-01T15:00:00Z");

    static final int STEPS_A_DAY = 40 * 150;

    private static final int DAYS = 28;
    private static final int PER_DAY = 288;

    /** One stored reading. */
    private record Row(Instant time, Instant end, double value) {}

    static GlucosePatient store(TestRows rows) {
        List<Double> values = new ArrayList<>();
        List<Row> monitor = new ArrayList<>();
        for (int i = 0; i < DAYS * PER_DAY; i++) {
            values.add(glucose(i));
            monitor.add(new Row(START.plusSeconds(300L * i), null, glucose(i)));
        }
        put(rows, "watched", "glucose_cgm", "", "mg/dL", monitor);
        put(rows, "short", "glucose_cgm", "", "mg/dL", monitor.subList(0, 5 * PER_DAY + 1));
        List<Row> fasting = new ArrayList<>();
        List<Row> after = new ArrayList<>();
        List<Row> heart = new ArrayList<>();
        List<Row> steps = new ArrayList<>();
        List<Row> light = new ArrayList<>();
        List<Row> deep = new ArrayList<>();
        List<Row> awake = new ArrayList<>();
        for (int day = 0; day < DAYS; day++) {
            Instant midnight = START.plusSeconds(86_400L * day);
            fasting.add(new Row(midnight.plusSeconds(7 * 3_600), null, 98));
            after.add(new Row(midnight.plusSeconds(13 * 3_600 + 1_800), null, 171));
            for (int i = 0; i < PER_DAY; i++) {
                double rate = Math.rint((i < 84 ? 58 : 76) + 9 * Math.sin(i / 5.0) + 4 * Math.sin(i * day / 11.0));
                heart.add(new Row(midnight.plusSeconds(300L * i), null, rate));
            }
            // A quarter of an hour each, from 8 to 18 h.
            for (int i = 0; i < 40; i++) {
                steps.add(interval(midnight, 480 + 15 * i, 15, 40 + 220.0 * (i % 2)));
            }
            // From 23:30 of the day before to 7:00 there are 30 + 420 minutes, of which 30 are awake.
            light.add(interval(midnight, -30, 120, 120));
            deep.add(interval(midnight, 90, 90, 90));
            awake.add(interval(midnight, 180, 30, 30));
            light.add(interval(midnight, 210, 240, 240));
        }
        put(rows, "watched", "glucose_smbg", "meal=fasting", "mg/dL", fasting);
        put(rows, "watched", "glucose_smbg", "meal=after", "mg/dL", after);
        put(rows, "watched", "heart_rate", "", "/min", heart);
        put(rows, "watched", "steps", "", "{steps}", steps);
        put(rows, "watched", "sleep", "stage=light", "min", light);
        put(rows, "watched", "sleep", "stage=deep", "min", deep);
        put(rows, "watched", "sleep", "stage=awake", "min", awake);
        return new GlucosePatient(values);
    }

    /** Three meals a day that differ from day to day, better in the later two weeks. */
    private static double glucose(int i) {
        double hour = i % PER_DAY / 12.0;
        int day = i / PER_DAY;
        double meals = 0;
        for (double meal : new double[] {7.5, 12.5, 19}) {
            double since = hour - meal;
            double size = (day < 14 ? 98 : 72) + 26 * Math.sin(day * 1.7 + meal);
            meals += since > 0 ? size * since * Math.exp(1 - since) : 0;
        }
        double night = hour < 5 ? -26 * Math.sin(Math.PI * hour / 5) * (1 + 0.5 * Math.sin(day * 2.1)) : 0;
        return Math.rint(10 * (98 + meals + night + 9 * Math.sin(i / 9.0) + 5 * Math.sin(i / 2.3))) / 10;
    }

    private static Row interval(Instant midnight, int fromMinute, int minutes, double value) {
        Instant from = midnight.plusSeconds(60L * fromMinute);
        return new Row(from, from.plusSeconds(60L * minutes), value);
    }

    private static void put(
            TestRows rows, String subject, String metric, String attributes, String unit, List<Row> all) {
        long series = rows.series("isens", subject, metric, attributes, unit);
        int device = rows.device("isens", metric + "-device");
        try (Connection connection = rows.source().getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO reading (series_id, time, end_time, device_id, value, received_at)"
                                + " VALUES (?, ?, ?, ?, ?, now())")) {
            for (Row row : all) {
                insert.setLong(1, series);
                insert.setObject(2, OffsetDateTime.ofInstant(row.time(), ZoneOffset.UTC));
                insert.setObject(3, row.end() == null ? null : OffsetDateTime.ofInstant(row.end(), ZoneOffset.UTC));
                insert.setInt(4, device);
                insert.setDouble(5, row.value());
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the report covers: 14 days up to the last reading, both ends inside. */
    List<Double> lastFortnight() {
        return values.subList(values.size() - 14 * PER_DAY - 1, values.size());
    }

    List<Double> fortnightBefore() {
        return values.subList(0, values.size() - 14 * PER_DAY - 1);
    }

    /** The readings of one half hour of the day in what the report covers. */
    List<Double> atHalfHour(int bin) {
        List<Double> own = new ArrayList<>();
        for (int i = values.size() - 14 * PER_DAY - 1; i < values.size(); i++) {
            if (i % PER_DAY / 6 == bin) {
                own.add(values.get(i));
            }
        }
        return own;
    }
}
