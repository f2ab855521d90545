package org.lifelog.gateway.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> PIECES = List.of(
            "null",
            "{}",
            "[]",
            "\"\"",
            "-1",
            "0",
            "1e300",
            "true",
            "[[]]",
            "[null]",
            "[{}]",
            "{\"a\": 1}",
            "\"\\u0000\"",
            "\"#x\"",
            "\"9999-99-99\"",
            "12345678901234567890",
            "{\"extension\": []}");

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
            String seed = seeds.get(i % seeds.size());
            byte[] body = random.nextInt(4) == 0
                    ? mutate(seed.getBytes(StandardCharsets.UTF_8), random)
                    : changed(seed, random).getBytes(StandardCharsets.UTF_8);
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

    /** Changes some bytes, cuts the end off, or takes a part out. */
    private static byte[] mutate(byte[] body, Random random) {
        int at = random.nextInt(body.length);
        switch (random.nextInt(3)) {
            case 0 -> {
                for (int changes = random.nextInt(3); changes >= 0; changes--) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt();
                }
                return body;
            }
            case 1 -> {
                return Arrays.copyOf(body, at);
            }
            default -> {
                int end = Math.min(body.length, at + 1 + random.nextInt(30));
                byte[] rest = Arrays.copyOf(body, at + body.length - end);
                System.arraycopy(body, end, rest, at, body.length - end);
                return rest;
            }
        }
    }

    /** Another JSON value: some of its values are replaced by odd ones or by each other, or are left out. */
    private static String changed(String json, Random random) {
        try {
            JsonNode root = MAPPER.readTree(json);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                List<JsonNode> containers = new ArrayList<>();
                collect(root, containers);
                if (containers.isEmpty()) {
                    break;
                }
                JsonNode other = containers.get(random.nextInt(containers.size()));
                JsonNode piece = random.nextInt(8) == 0
                        ? other.deepCopy()
                        : MAPPER.readTree(PIECES.get(random.nextInt(PIECES.size())));
                change(containers.get(random.nextInt(containers.size())), piece, random);
            }
            return root.toString();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode() && !node.isEmpty()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static void change(JsonNode container, JsonNode piece, Random random) {
        int at = random.nextInt(container.size());
        boolean remove = random.nextInt(4) == 0;
        if (container instanceof ArrayNode array) {
            JsonNode changed = remove ? array.remove(at) : array.set(at, piece);
            assertThat(changed).isNotNull();
        } else if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            JsonNode changed = remove ? object.remove(names.get(at)) : object.replace(names.get(at), piece);
            assertThat(changed).isNotNull();
        }
    }
}
