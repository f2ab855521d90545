package org.lifelog.contract;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The metrics and the units in which they may be sent, read from {@code metrics.csv} and {@code units.csv}. Immutable. */
public final class Catalogue {
    private static final String METRICS = "metrics.csv";
    private static final String UNITS = "units.csv";
    /** Ends the key of an attribute that must be given. */
    private static final String REQUIRED = "!";

    private final Map<String, Metric> metrics;
    private final Map<String, Map<String, Conversion>> conversions;

    private Catalogue(Map<String, Metric> metrics, Map<String, Map<String, Conversion>> conversions) {
        this.metrics = metrics;
        this.conversions = conversions;
    }

    /** The catalogue that comes with the service. */
    public static Catalogue load() {
        return read(Catalogue.class.getResourceAsStream(METRICS), Catalogue.class.getResourceAsStream(UNITS));
    }

    /**
     * A catalogue from a folder that holds {@code metrics.csv} and {@code units.csv}.
     *
     * @throws CatalogueException where it contradicts itself
     * @throws UncheckedIOException where it cannot be read
     */
    public static Catalogue load(Path folder) {
        try {
            return read(Files.newInputStream(folder.resolve(METRICS)), Files.newInputStream(folder.resolve(UNITS)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the catalogue in " + folder, e);
        }
    }

    private static Catalogue read(InputStream metricsFile, InputStream unitsFile) {
        List<String> problems = new ArrayList<>();
        Map<String, Metric> metrics = new LinkedHashMap<>();
        forEachRow(METRICS, metricsFile, problems, row -> {
            Metric metric = metric(row, problems);
            if (metrics.putIfAbsent(metric.code(), metric) != null) {
                problems.add(row.at("metric " + metric.code() + " is there twice"));
            }
        });
        metrics.values().forEach(metric -> {
            checkPairs(metric, metrics, problems);
            metric.madeOf()
                    .filter(source -> !sent(metrics.get(source)))
                    .ifPresent(source -> problems.add(
                            METRICS + ": " + metric.code() + " is made of " + source + ", which nobody can send"));
        });
        Map<String, Map<String, Conversion>> conversions = new LinkedHashMap<>();
        metrics.values().forEach(metric -> {
            Map<String, Conversion> own = new LinkedHashMap<>();
            own.put(metric.unit(), Conversion.NONE);
            conversions.put(metric.code(), own);
        });
        forEachRow(UNITS, unitsFile, problems, row -> addConversion(row, metrics, conversions, problems));
        if (metrics.isEmpty()) {
            problems.add(METRICS + ": no metrics");
        }
        if (!problems.isEmpty()) {
            throw new CatalogueException("The metric catalogue", problems);
        }
        return new Catalogue(metrics, conversions);
    }

    private static Metric metric(Row row, List<String> problems) {
        String code = row.required("code");
        Map<String, String> attributes = Attributes.parse(row.get("attributes"));
        Metric metric = new Metric(
                code,
                row.required("name"),
                row.required("name_ko"),
                text(row, "loinc"),
                row.required("unit"),
                Metric.Kind.of(row.required("kind")),
                range(row, "hard_min", "hard_max"),
                range(row, "usual_min", "usual_max"),
                number(row, "device_low"),
                number(row, "device_high"),
                Bands.parse(row.get("bands")),
                allowedValues(attributes),
                requiredKeys(attributes),
                row.get("typical_period"),
                new Metric.Plausibility(
                        number(row, "step"),
                        number(row, "rate_per_minute"),
                        duration(row, "frozen_after"),
                        text(row, "below"),
                        text(row, "above")),
                text(row, "made_of"));
        if (!code.matches("[a-z][a-z0-9_]*")) {
            problems.add(row.at("metric code '" + code + "' is not lower case with underscores"));
        }
        if (metric.loinc().filter(loinc -> !loinc.matches("\\d{1,7}-\\d")).isPresent()) {
            problems.add(row.at("'" + metric.loinc().get() + "' is not a LOINC code"));
        }
        checkLimits(row, metric, problems);
        return metric;
    }

    private static void checkLimits(Row row, Metric metric, List<String> problems) {
        Metric.Range hard = metric.hard();
        if (!(hard.min() < hard.max())) {
            problems.add(row.at("hard_min is not below hard_max"));
        }
        if (!(metric.usual().min() < metric.usual().max())) {
            problems.add(row.at("usual_min is not below usual_max"));
        }
        if (metric.usual().min() < hard.min() || metric.usual().max() > hard.max()) {
            problems.add(row.at("the usual range goes beyond the hard one"));
        }
        metric.deviceLow().ifPresent(low -> {
            if (!hard.contains(low)) {
                problems.add(row.at("device_low lies outside the hard limits"));
            }
        });
        metric.deviceHigh().ifPresent(high -> {
            if (!hard.contains(high) || high <= metric.deviceLow().orElse(hard.min())) {
                problems.add(row.at("device_high lies outside the hard limits or not above device_low"));
            }
        });
        metric.bands().edges().forEach(edge -> {
            if (!hard.contains(edge.value())) {
                problems.add(row.at("band edge " + edge.value() + " lies outside the hard limits"));
            }
        });
    }

    /** What is below another metric is named there as what that one is above, in the same unit and the other way round. */
    private static void checkPairs(Metric metric, Map<String, Metric> metrics, List<String> problems) {
        metric.plausibility()
                .below()
                .filter(larger -> !paired(
                        metric, metrics.get(larger), m -> m.plausibility().above()))
                .ifPresent(larger -> problems.add(METRICS + ": " + metric.code() + " is below " + larger
                        + ", which is not above it in the same unit"));
        metric.plausibility()
                .above()
                .filter(smaller -> !paired(
                        metric, metrics.get(smaller), m -> m.plausibility().below()))
                .ifPresent(smaller -> problems.add(METRICS + ": " + metric.code() + " is above " + smaller
                        + ", which is not below it in the same unit"));
    }

    private static boolean sent(Metric metric) {
        return metric != null && metric.madeOf().isEmpty();
    }

    private static boolean paired(Metric metric, Metric other, Function<Metric, Optional<String>> back) {
        return other != null
                && other.unit().equals(metric.unit())
                && back.apply(other).filter(metric.code()::equals).isPresent();
    }

    private static void addConversion(
            Row row,
            Map<String, Metric> metrics,
            Map<String, Map<String, Conversion>> conversions,
            List<String> problems) {
        Metric metric = metrics.get(row.required("metric"));
        if (metric == null) {
            problems.add(row.at("metric " + row.get("metric") + " is not in " + METRICS));
            return;
        }
        if (!metric.unit().equals(row.required("to"))) {
            problems.add(
                    row.at("converts to " + row.get("to") + ", but " + metric.code() + " is kept in " + metric.unit()));
        }
        double factor = number(row, "factor").orElse(0);
        double offset = number(row, "offset").orElse(0);
        if (factor == 0) {
            problems.add(row.at("factor is missing or 0"));
        }
        Conversion conversion = new Conversion(factor, offset);
        if (conversions.get(metric.code()).putIfAbsent(row.required("from"), conversion) != null) {
            problems.add(row.at("unit " + row.get("from") + " of " + metric.code() + " is there twice"));
        }
    }

    private static Metric.Range range(Row row, String min, String max) {
        String lower = row.required(min);
        boolean excluded = lower.startsWith(">");
        return new Metric.Range(finite(excluded ? lower.substring(1) : lower), excluded, finite(row.required(max)));
    }

    private static OptionalDouble number(Row row, String column) {
        String text = row.get(column);
        return text.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(finite(text));
    }

    private static Optional<String> text(Row row, String column) {
        return Optional.of(row.get(column)).filter(text -> !text.isEmpty());
    }

    private static Optional<Duration> duration(Row row, String column) {
        try {
            return text(row, column).map(Duration::parse);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("column " + column + " is not a duration such as PT1H", e);
        }
    }

    private static double finite(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("'" + text + "' is not a finite number");
        }
        return value;
    }

    private static Map<String, List<String>> allowedValues(Map<String, String> attributes) {
        Map<String, List<String>> allowed = new LinkedHashMap<>();
        attributes.forEach((key, values) -> allowed.put(key.replace(REQUIRED, ""), List.of(values.split("\\|"))));
        return allowed;
    }

    private static Set<String> requiredKeys(Map<String, String> attributes) {
        return attributes.keySet().stream()
                .filter(key -> key.endsWith(REQUIRED))
                .map(key -> key.replace(REQUIRED, ""))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** All metrics, in the order of the catalogue. */
    public Collection<Metric> metrics() {
        return metrics.values();
    }

    /** The metric with a code. */
    public Optional<Metric> metric(String code) {
        return Optional.ofNullable(metrics.get(code));
    }

    /** How a value of a metric is brought from a unit to the canonical one; nothing where the unit is not allowed. */
    public Optional<Conversion> conversion(String metric, String unit) {
        return Optional.ofNullable(conversions.getOrDefault(metric, Map.of()).get(unit));
    }

    /** The UCUM codes in which a metric may be sent, the canonical one first. */
    public Collection<String> units(String metric) {
        return conversions.getOrDefault(metric, Map.of()).keySet();
    }

    private record Row(String file, int line, Map<String, String> cells) {
        String get(String column) {
            return cells.getOrDefault(column, "").trim();
        }

        String required(String column) {
            String cell = get(column);
            if (cell.isEmpty()) {
                throw new IllegalArgumentException("column " + column + " is empty");
            }
            return cell;
        }

        String at(String problem) {
            return file + ":" + line + ": " + problem;
        }
    }

    private interface RowReader {
        void read(Row row);
    }

    private static void forEachRow(String file, InputStream in, List<String> problems, RowReader reader) {
        try (in;
                MappingIterator<Map<String, String>> rows = new CsvMapper()
                        .readerForMapOf(String.class)
                        .with(CsvSchema.emptySchema().withHeader())
                        .readValues(in)) {
            int line = 1;
            while (rows.hasNextValue()) {
                Row row = new Row(file, ++line, rows.nextValue());
                try {
                    reader.read(row);
                } catch (IllegalArgumentException e) {
                    problems.add(row.at(e.getMessage()));
                }
            }
        } catch (IOException e) {
            throw new CatalogueException("The metric catalogue", List.of(file + ": " + e.getMessage()));
        }
    }
}
