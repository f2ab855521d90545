package org.lifelog.gateway.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.lifelog.contract.Catalogue;
import org.lifelog.gateway.access.Sender;

/** Readings in JSON and their decoding, for tests. */
public final class Decoding {
    public static final Instant RECEIVED = Instant.parse("2026-11-24T00:00:00.123456Z");

    /** A reading that is in order. */
    public static final String GOOD = """
            {"subject": "S-0042", "device": "meter-1", "metric": "glucose_smbg", "value": 6.4, "unit": "mmol/L", \
            "time": "2026-11-24T07:31:05+09:00", "sequence": 311, "attributes": {"meal": "fasting"}}""";

    private static final ReadingDecoder DECODER = new ReadingDecoder(Catalogue.load());

    private Decoding() {}

    public static Decoded decode(String json) {
        return decode(json.getBytes(StandardCharsets.UTF_8), false, Optional.empty());
    }

    public static Decoded decodeLines(String json) {
        return decode(json.getBytes(StandardCharsets.UTF_8), true, Optional.empty());
    }

    public static Decoded decode(byte[] body, boolean lines, Optional<String> device) {
        Format format = lines ? DECODER.lines() : DECODER.json();
        return format.decode(
                body,
                // Clocks give nanoseconds, the contract has microseconds.
                new Origin(new Sender("isens", "isens-vendor"), device, Optional.empty(), RECEIVED.plusNanos(789)));
    }

    public static String batch(String... readings) {
        return "{\"readings\": [" + String.join(", ", readings) + "]}";
    }
}
