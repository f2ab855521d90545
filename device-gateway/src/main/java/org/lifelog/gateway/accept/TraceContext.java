package org.lifelog.gateway.accept;

import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a message stands in a distributed trace, as in W3C Trace Context, level 1. The service makes no spans of its own;
 * it hands the trace on, so that a vendor's trace goes through to whoever reads the topics.
 *
 * @param traceparent {@code 00-<trace id>-<parent id>-<flags>}
 */
public record TraceContext(String traceparent) {
    /** Name of the header over HTTP, of the user property over MQTT 5, and of the header in Kafka. */
    public static final String HEADER = "traceparent";

    private static final Pattern VALID = Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2}).*");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_PARENT = "0".repeat(16);

    /** The sender's trace where it sent one in good form, else a new one that is not sampled. */
    public static TraceContext of(Optional<String> sent) {
        return sent.flatMap(TraceContext::parse).orElseGet(TraceContext::begin);
    }

    private static Optional<TraceContext> parse(String text) {
        Matcher parts = VALID.matcher(text);
        boolean good = parts.matches()
                && !parts.group(1).equals("ff")
                && !parts.group(2).equals(NO_TRACE)
                && !parts.group(3).equals(NO_PARENT)
                && (text.length() == 55 || (!parts.group(1).equals("00") && text.charAt(55) == '-'));
        return good
                ? Optional.of(new TraceContext("00-" + parts.group(2) + "-" + parts.group(3) + "-" + parts.group(4)))
                : Optional.empty();
    }

    private static TraceContext begin() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return new TraceContext("00-" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong() | 1)
                + "-" + hex.toHexDigits(random.nextLong() | 1) + "-00");
    }
}
