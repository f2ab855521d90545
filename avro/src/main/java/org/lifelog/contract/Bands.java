package org.lifelog.contract;

import java.util.ArrayList;
import java.util.List;

/**
 * Edges that split a metric's values into bands for counting. An edge belongs to the band above it ({@code [54}) or
 * below it ({@code 180]}).
 */
public final class Bands {
    /** A metric without bands. */
    public static final Bands NONE = new Bands(List.of());

    /**
     * One edge.
     *
     * @param value in the metric's canonical unit
     * @param inUpper whether a value equal to the edge counts in the upper band
     */
    public record Edge(double value, boolean inUpper) {}

    private final List<Edge> edges;

    private Bands(List<Edge> edges) {
        this.edges = List.copyOf(edges);
    }

    /**
     * Parses edges such as {@code [54 [70 180] 250]}.
     *
     * @throws IllegalArgumentException where an edge has no bracket or two, is not a number, or is not above the one before
     */
    public static Bands parse(String text) {
        if (text.isBlank()) {
            return NONE;
        }
        List<Edge> edges = new ArrayList<>();
        for (String token : text.trim().split("\\s+")) {
            boolean upper = token.startsWith("[");
            boolean lower = token.endsWith("]");
            if (upper == lower) {
                throw new IllegalArgumentException("edge '" + token
                        + "' needs one bracket: '[54' counts it in the upper band, '180]' in the lower");
            }
            double value = Double.parseDouble(upper ? token.substring(1) : token.substring(0, token.length() - 1));
            if (!edges.isEmpty() && !(value > edges.get(edges.size() - 1).value())) {
                throw new IllegalArgumentException("edge '" + token + "' is not above the one before it");
            }
            edges.add(new Edge(value, upper));
        }
        return new Bands(edges);
    }

    /** The edges, ascending. */
    public List<Edge> edges() {
        return edges;
    }

    /** Number of bands: one more than there are edges, or 0 for a metric without bands. */
    public int count() {
        return edges.isEmpty() ? 0 : edges.size() + 1;
    }

    /** The band of a value, from 0 for the lowest. */
    public int band(double value) {
        int band = 0;
        while (band < edges.size()
                && (value > edges.get(band).value()
                        || (edges.get(band).inUpper()
                                && value == edges.get(band).value()))) {
            band++;
        }
        return band;
    }
}
