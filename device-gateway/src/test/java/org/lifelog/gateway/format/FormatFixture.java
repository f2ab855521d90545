package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.lifelog.avro.Reading;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;

/** What the tests of vendor formats share. */
public final class FormatFixture {
    private FormatFixture() {}

    public static Origin origin() {
        return origin(Optional.empty(), Optional.empty());
    }

    public static Origin origin(Optional<String> device, Optional<String> subject) {
        return new Origin(new Sender("isens", "isens-vendor"), device, subject, Decoding.RECEIVED);
    }

    public static Decoded decode(Format format, String body, Origin origin) {
        return format.decode(body.getBytes(StandardCharsets.UTF_8), origin);
    }

    /** Readings in short, such as {@code S-1 meter-1 glucose_smbg[meal=after] 6.3 mmol/L 2026-11-24T00:00:00Z}. */
    public static List<String> readings(Decoded decoded) {
        return decoded.readings().stream().map(FormatFixture::text).toList();
    }

    /** Problems in short, such as {@code 1 unit-not-allowed}. */
    public static List<String> problems(Decoded decoded) {
        return decoded.refused().stream()
                .map(refused -> refused.problem().index() + " "
                        + refused.problem().code().text())
                .toList();
    }

    private static String text(Reading reading) {
        String attributes = reading.getAttributes().isEmpty() ? "" : "[" + reading.getAttributes() + "]";
        String value =
                Double.isNaN(reading.getValue()) ? reading.getLimit().toString() : Double.toString(reading.getValue());
        String end = reading.getEnd() == null ? "" : "/" + reading.getEnd();
        return String.join(
                " ",
                reading.getSubject(),
                reading.getDevice(),
                reading.getMetric() + attributes,
                value,
                reading.getUnit(),
                reading.getTime() + end);
    }

    /** Whatever comes in, it is decoded or refused, and never another exception that nobody answers. */
    public static void assertDecodedOrRefused(Format format, List<String> seeds, int mutations) {
        Random random = new Random(42);
        for (int i = 0; i < mutations; i++) {
            byte[] body = mutate(seeds.get(i % seeds.size()).getBytes(StandardCharsets.UTF_8), random);
            try {
                Decoded decoded = format.decode(body, origin(Optional.of("d-1"), Optional.empty()));
                decoded.refused().forEach(refused -> {
                    assertThat(refused.raw()).isNotEmpty();
                    assertThat(refused.problem().detail()).isNotEmpty();
                });
            } catch (Refusal refusal) {
                assertThat(refusal.failure()).isIn(Failure.MALFORMED, Failure.EMPTY_BATCH, Failure.TOO_LARGE);
            }
        }
    }

    /** Changes some bytes, takes a part out, or writes one piece of JSON over another. */
    private static byte[] mutate(byte[] body, Random random) {
        String[] pieces = {"null", "{}", "[]", "\"\"", "-1", "1e400", "true", "[[]]", "{\"a\":1}", "1e999999999"};
        String text = new String(body, StandardCharsets.UTF_8);
        int at = random.nextInt(text.length());
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt();
                }
                return body;
            }
            case 1 -> {
                return Arrays.copyOf(body, at);
            }
            case 2 -> {
                int colon = text.indexOf(':', at);
                int comma = text.indexOf(',', colon + 1);
                if (colon < 0 || comma < 0) {
                    return body;
                }
                String piece = pieces[random.nextInt(pieces.length)];
                return (text.substring(0, colon + 1) + piece + text.substring(comma)).getBytes(StandardCharsets.UTF_8);
            }
            default -> {
                int end = Math.min(text.length(), at + 1 + random.nextInt(30));
                return (text.substring(0, at) + text.substring(end)).getBytes(StandardCharsets.UTF_8);
            }
        }
    }
}
