package org.lifelog.load;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Bodies of messages that are made beforehand and sent over and over, so that making them costs nothing while it is
 * measured: glucose of some hundred subjects within the last half hour. The gateway knows no duplicates, streams do.
 */
final class SampleReadings {
    private static final int SUBJECTS = 500;
    private static final int MOST_READINGS = 20_000;
    private static final int RECENT_SECONDS = 1_800;

    private final List<byte[]> bodies;
    private final int readingsEach;
    private int at;

    private SampleReadings(List<byte[]> bodies, int readingsEach) {
        this.bodies = bodies;
        this.readingsEach = readingsEach;
    }

    /** Messages of one reading without a device, for MQTT. */
    static SampleReadings single() {
        Random random = new Random(1);
        Instant now = Instant.now();
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            bodies.add(reading(random, now, "").getBytes(StandardCharsets.UTF_8));
        }
        return new SampleReadings(bodies, 1);
    }

    /** Messages of several readings, each with its device, for HTTP. */
    static SampleReadings batches(int size) {
        Random random = new Random(2);
        Instant now = Instant.now();
        List<byte[]> bodies = new ArrayList<>();
        for (int i = 0; i < Math.max(1, MOST_READINGS / size); i++) {
            List<String> readings = new ArrayList<>();
            for (int n = 0; n < size; n++) {
                readings.add(reading(random, now, "\"device\": \"bench-" + random.nextInt(SUBJECTS) + "\", "));
            }
            bodies.add(("{\"readings\": [" + String.join(", ", readings) + "]}").getBytes(StandardCharsets.UTF_8));
        }
        return new SampleReadings(bodies, size);
    }

    private static String reading(Random random, Instant now, String device) {
        Instant time = now.minusMillis(random.nextInt(RECENT_SECONDS * 1_000)).truncatedTo(ChronoUnit.SECONDS);
        return "{\"subject\": \"bench-" + random.nextInt(SUBJECTS) + "\", " + device
                + "\"metric\": \"glucose_cgm\", \"value\": " + (60 + random.nextInt(200))
                + ", \"unit\": \"mg/dL\", \"time\": \"" + time + "\"}";
    }

    /** How many readings are in each. */
    int readingsEach() {
        return readingsEach;
    }

    /** The next one, over and over. */
    byte[] next() {
        at = at + 1 == bodies.size() ? 0 : at + 1;
        return bodies.get(at);
    }
}
