package org.lifelog.streams;

import java.time.Instant;
import java.util.List;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.registry.TrustedClasses;

/** Readings for tests: a CGM value of one subject, to be changed where a test needs something else. */
final class Readings {
    static final Instant RECEIVED = Instant.parse("2026-11-24T12:00:00Z");

    static {
        TrustedClasses.trust();
    }

    private Readings() {}

    static Reading.Builder glucose(String time, double value) {
        return Reading.newBuilder()
                .setCenter("isens")
                .setSubject("S-1")
                .setDevice("cgm-1")
                .setVendor("isens-vendor")
                .setMetric("glucose_cgm")
                .setValue(value)
                .setUnit("mg/dL")
                .setLimit(Limit.NONE)
                .setTime(Instant.parse(time))
                .setReceivedAt(RECEIVED)
                .setFlags(List.of());
    }

    static Reading.Builder of(String center, String metric, String unit, String time, double value) {
        return glucose(time, value).setCenter(center).setMetric(metric).setUnit(unit);
    }
}
