package org.lifelog.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The figures of a benchmark in their order, printed as a table and as one line of JSON. */
final class Figures {
    private final Map<String, Object> json = new LinkedHashMap<>();
    private final Map<String, String> table = new LinkedHashMap<>();

    /** Those of a benchmark by its name. */
    Figures(String benchmark) {
        json.put("bench", benchmark);
    }

    /**
     * Adds one.
     *
     * @param key its name in JSON
     * @param label what it is, with its unit, for people
     * @param decimals after the point
     */
    Figures add(String key, String label, double value, int decimals) {
        double scale = Math.pow(10, decimals);
        double rounded = Math.round(value * scale) / scale;
        json.put(key, decimals == 0 ? (Object) Math.round(value) : (Object) rounded);
        table.put(label, String.format(Locale.ROOT, "%,." + decimals + "f", rounded));
        return this;
    }

    /** A figure by its name in JSON. */
    double get(String key) {
        return ((Number) json.get(key)).doubleValue();
    }

    void print(PrintWriter out) {
        table.forEach((label, value) -> out.printf(Locale.ROOT, "%-58s %14s%n", label, value));
        try {
            out.println(new ObjectMapper().writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        out.flush();
    }
}
