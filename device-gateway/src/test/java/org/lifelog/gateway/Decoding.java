package org.lifelog.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.lifelog.contract.Catalogue;

/** Readings in JSON and their decoding, for tests. */
final class Decoding {
    static final Instant RECEIVED = Instant.parse("2026-11-24T00:00:00.123456Z");

    /** A reading that is in order. */
    static final String GOOD = """
            {"subject": "S-0042", "device": "meter-1", "metric": "glucose_smbg", "value": 6.4, "unit": "mmol/L", \
            "time": "2026-11-24T07:31:05+09:00", "sequence": 311, "attributes": {"meal": "fasting"}}""";

    private static final ReadingDecoder DECODER = new ReadingDecoder(Catalogue.load());

    private Decoding() {}

    static Decoded decode(String json) {
        return decode(json.getBytes(StandardCharsets.UTF_8), false, Optional.empty());
    }

    static Decoded decodeLines(String json) {
        return decode(json.getBytes(StandardCharsets.UTF_8), true, Optional.empty());
    }

    static Decoded decode(byte[] body, boolean lines, Optional<String> device) {
        return DECODER.decode(
                body,
                lines,
                // Clocks give nanoseconds, the contract has microseconds.
                new ReadingDecoder.Origin(new Credential("isens-vendor", "isens"), device, RECEIVED.plusNanos(789)));
    }

    static String batch(String... readings) {
        return "{\"readings\": [" + String.join(", ", readings) + "]}";
    }
}
