package org.lifelog.sink;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Limit;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;
import org.lifelog.registry.TrustedClasses;

/** Records for tests: a valid CGM reading and an hourly aggregate of one subject. */
final class SinkRecords {
    static final Instant RECEIVED = Instant.parse("2026-11-24T12:00:00.123456Z");

    static {
        TrustedClasses.trust();
    }

    private SinkRecords() {}

    static Reading.Builder reading(String subject, String time, double value) {
        return Reading.newBuilder()
                .setCenter("isens")
                .setSubject(subject)
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

    static Aggregate.Builder hour(String subject, String start, long n, double sum, long version) {
        Instant time = Instant.parse(start);
        return Aggregate.newBuilder()
                .setCenter("isens")
                .setSubject(subject)
                .setMetric("glucose_cgm")
                .setUnit("mg/dL")
                .setWindow(WindowSize.HOUR)
                .setTime(time)
                .setEnd(time.plus(Duration.ofHours(1)))
                .setN(n)
                .setSum(sum)
                .setMean(sum / n)
                .setMin(50)
                .setMax(200)
                .setFirst(60)
                .setLast(70)
                .setSd(n > 1 ? 1.5 : null)
                .setBands(List.of(1L, 0L, n - 1, 0L, 0L))
                .setVersion(version);
    }
}
