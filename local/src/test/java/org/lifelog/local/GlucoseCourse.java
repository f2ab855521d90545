package org.lifelog.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A course of CGM values for tests: every five minutes, with gaps, without anything random. */
final class GlucoseCourse {
    private static final ObjectMapper JSON = new ObjectMapper();

    private GlucoseCourse() {}

    /** One value of the course. */
    record Point(Instant time, double value) {}

    /** So many values from a start on, within 44 and 212 mg/dL, so that none is censored; every 97th is left out. */
    static List<Point> points(Instant start, int count) {
        List<Point> points = new ArrayList<>();
        for (int i = 0; points.size() < count; i++) {
            if (i % 97 != 96) {
                double value = Math.rint(10 * (128 + 62 * Math.sin(i / 23.0) + 22 * Math.sin(i / 7.0))) / 10;
                points.add(new Point(start.plusSeconds(300L * i), value));
            }
        }
        return points;
    }

    static List<Outgoing> readings(String subject, String device, List<Point> points) {
        List<Outgoing> readings = new ArrayList<>();
        for (Point point : points) {
            readings.add(new Outgoing(
                    0,
                    JSON.createObjectNode()
                            .put("subject", subject)
                            .put("device", device)
                            .put("metric", "glucose_cgm")
                            .put("value", point.value())
                            .put("unit", "mg/dL")
                            .put("time", point.time().toString())));
        }
        return readings;
    }
}
