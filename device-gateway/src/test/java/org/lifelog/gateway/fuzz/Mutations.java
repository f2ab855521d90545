package org.lifelog.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Changes bytes at random, and the same ones for the same random numbers. */
final class Mutations {
    private static final int MOST_CHANGES = 3;
    private static final int LONGEST_PIECE = 40;
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final List<String> NUMBERS = List.of(
            "0",
            "-0",
            "-1",
            "255",
            "256",
            "65535",
            "65536",
            "2147483647",
            "2147483648",
            "-2147483649",
            "9223372036854775807",
            "9223372036854775808",
            "1e308",
            "1e309",
            "-1e-400",
            "4.9e-324",
            "0.1e1000000000",
            "999999999999999999999999999999999999999",
            "+999999999",
            "-999999999",
            "+1000000000",
            "292278994",
            "00",
            "NaN");
    private static final List<String> PIECES = List.of(
            "null",
            "true",
            "{}",
            "[]",
            "[[[[[[[[[[[[[",
            "{\"a\":{\"a\":{\"a\":",
            "\"\"",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\u00ff\u00fe",
            "\u00c0\u0080",
            "\u00ed\u00a0\u0080",
            "\u00ef\u00bb\u00bf",
            "%00",
            "%",
            "%zz",
            "%2F",
            "..",
            "/../",
            "//",
            "?",
            "&",
            "=",
            "#",
            "+",
            "~",
            "\r\n",
            "\n",
            "\r\n\r\n",
            ": ",
            ";",
            "\"",
            "'",
            "\\",
            "T24:00:00Z",
            "+18:00",
            "-00:00",
            "-999999999-01-01T00:00:00+18:00",
            "+999999999-12-31T23:59:59.999999999-18:00",
            "1677-09-21T00:12:43Z");

    private static final Pattern VALUE = Pattern.compile("(?<=: ?)(\"[^\"]*\"|[0-9.]+|null)");
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "-1",
            "1e300",
            "12345678901234567890",
            "[]",
            "[null]",
            "[[]]",
            "{}",
            "{\"a\": 1}",
            "\"\"",
            "\" \"",
            "\"~\"",
            "\"a/b\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + "x".repeat(300) + "\"",
            "\"NaN\"",
            "\"LOW\"",
            "\"%\"",
            "\"9999-12-31T23:59:59Z\"",
            "\"0000-01-01T00:00:00Z\"",
            "\"2026-02-30T00:00:00Z\"",
            "\"2026-11-24T24:00:00Z\"",
            "\"2026-11-24T23:59:60Z\"",
            "\"2026-11-24T00:00:00.1234567890Z\"",
            "\"+292278994-08-17T07:12:55.808Z\"",
            "\"+294247-01-10T04:00:54.775808Z\"",
            "\"-290308-12-21T19:59:05.224191Z\"",
            "\"+999999999-12-31T23:59:59.999999999-18:00\"",
            "\"-999999999-01-01T00:00:00+18:00\"");

    private final Random random;

    Mutations(Random random) {
        this.random = random;
    }

    /** One to three changes: of a number, a value of JSON, a byte or a part, or with a part of another one. */
    byte[] of(byte[] bytes, byte[] other) {
        byte[] changed = bytes;
        for (int changes = random.nextInt(MOST_CHANGES); changes >= 0; changes--) {
            changed = once(changed, other);
        }
        return changed;
    }

    /** The same for text of one byte per character. */
    String of(String text, String other) {
        return new String(of(text.getBytes(ISO_8859_1), other.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    private byte[] once(byte[] bytes, byte[] other) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_PIECE));
        return switch (random.nextInt(11)) {
            case 0 -> flipped(bytes);
            case 1 -> replaced(bytes, at, at, randomBytes());
            case 2 -> replaced(bytes, at, end, new byte[0]);
            case 3 -> replaced(bytes, at, at, Arrays.copyOfRange(bytes, at, end));
            case 4 -> spliced(bytes, at, other);
            case 5 -> Arrays.copyOf(bytes, at);
            case 6 -> replaced(bytes, at, at, piece());
            case 7 -> replaced(bytes, at, end, piece());
            case 8 -> other(NUMBER, NUMBERS, bytes);
            default -> other(VALUE, VALUES, bytes);
        };
    }

    private byte[] flipped(byte[] bytes) {
        byte[] changed = bytes.clone();
        if (changed.length > 0) {
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return changed;
    }

    private byte[] randomBytes() {
        byte[] bytes = new byte[1 + random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] piece() {
        return PIECES.get(random.nextInt(PIECES.size())).getBytes(ISO_8859_1);
    }

    private byte[] spliced(byte[] bytes, int at, byte[] other) {
        int from = random.nextInt(other.length + 1);
        return replaced(bytes, at, bytes.length, Arrays.copyOfRange(other, from, other.length));
    }

    /** Something else instead of one match. */
    private byte[] other(Pattern pattern, List<String> others, byte[] bytes) {
        List<MatchResult> found =
                pattern.matcher(new String(bytes, ISO_8859_1)).results().toList();
        if (found.isEmpty()) {
            return flipped(bytes);
        }
        MatchResult one = found.get(random.nextInt(found.size()));
        byte[] piece = others.get(random.nextInt(others.size())).getBytes(ISO_8859_1);
        return replaced(bytes, one.start(), one.end(), piece);
    }

    private static byte[] replaced(byte[] bytes, int from, int to, byte[] piece) {
        byte[] changed = Arrays.copyOf(bytes, bytes.length - (to - from) + piece.length);
        System.arraycopy(piece, 0, changed, from, piece.length);
        System.arraycopy(bytes, to, changed, from + piece.length, bytes.length - to);
        return changed;
    }
}
