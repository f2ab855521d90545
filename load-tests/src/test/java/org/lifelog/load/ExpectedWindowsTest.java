package org.lifelog.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.lifelog.avro.Aggregate;
import org.lifelog.avro.Reading;
import org.lifelog.avro.WindowSize;

class ExpectedWindowsTest {
    @Test
    void aWindowThatIsMissingOrOfAnotherSumDiffers() {
        ExpectedWindows windows = new ExpectedWindows("isens");
        windows.add(reading("2026-11-20T00:00:10Z"));
        windows.add(reading("2026-11-20T00:00:20Z"));
        windows.add(reading("2026-11-20T00:01:20Z"));

        assertThat(windows.size()).isEqualTo(4); // two minutes, an hour, a day
        windows.found(aggregate(2, 201));
        assertThat(windows.differing()).isEqualTo(4);
        windows.found(aggregate(2, 200));
        assertThat(windows.differing()).isEqualTo(3);
    }

    private static Reading reading(String time) {
        return Reading.newBuilder()
                .setCenter("isens")
                .setSubject("S-1")
                .setDevice("D-1")
                .setVendor("v")
                .setMetric("glucose_cgm")
                .setValue(100)
                .setUnit("mg/dL")
                .setTime(Instant.parse(time))
                .setReceivedAt(Instant.parse(time))
                .build();
    }

    private static Aggregate aggregate(long n, double sum) {
        return Aggregate.newBuilder()
                .setCenter("isens")
                .setSubject("S-1")
                .setMetric("glucose_cgm")
                .setUnit("mg/dL")
                .setWindow(WindowSize.MINUTE)
                .setTime(Instant.parse("2026-11-20T00:00:00Z"))
                .setEnd(Instant.parse("2026-11-20T00:01:00Z"))
                .setN(n)
                .setSum(sum)
                .setMean(100)
                .setMin(100)
                .setMax(100)
                .setFirst(100)
                .setLast(100)
                .setVersion(1)
                .build();
    }
}
