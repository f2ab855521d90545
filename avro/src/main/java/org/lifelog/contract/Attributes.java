package org.lifelog.contract;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The canonical text of a reading's attributes: {@code key=value} pairs in the order of their keys, joined by semicolons. */
public final class Attributes {
    /** No attributes. */
    public static final String NONE = "";

    /** Key that says of a running count whether it goes on and on or begins anew each day. */
    public static final String COUNTER = "counter";

    private Attributes() {}

    /** The canonical text of these attributes. */
    public static String canonical(Map<String, String> attributes) {
        if (attributes.isEmpty()) {
            return NONE;
        }
        return new TreeMap<>(attributes)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(";"));
    }

    /**
     * The attributes that a canonical text stands for, in the order of their keys.
     *
     * @throws IllegalArgumentException where a part is not {@code key=value}
     */
    public static Map<String, String> parse(String canonical) {
        Map<String, String> attributes = new TreeMap<>();
        if (!canonical.isEmpty()) {
            for (String pair : canonical.split(";", -1)) {
                int at = pair.indexOf('=');
                if (at < 1) {
                    throw new IllegalArgumentException("Attributes are key=value pairs joined by semicolons.");
                }
                attributes.put(pair.substring(0, at), pair.substring(at + 1));
            }
        }
        return attributes;
    }
}
