package org.lifelog.local;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A file of readings: CSV with a header, JSON as the readings call takes it, or NDJSON. */
final class ReadingFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Which columns of a CSV hold what, and what holds for all of its rows.
     *
     * @param columns field of a reading to name of a column
     * @param constants field of a reading to its value in every row
     * @param zone zone of times without an offset
     */
    record Layout(Map<String, String> columns, Map<String, String> constants, Optional<ZoneId> zone) {}

    /** Columns that are taken for a field where the caller names none, the first one that is there. */
    private static final Map<String, List<String>> USUAL_COLUMNS = new LinkedHashMap<>(Map.of(
            "time", List.of("time", "time_utc", "timestamp", "datetime", "date"),
            "value", List.of("value", "gl", "glucose"),
            "subject", List.of("subject", "patient", "id"),
            "device", List.of("device"),
            "metric", List.of("metric"),
            "unit", List.of("unit"),
            "sequence", List.of("sequence"),
            "end", List.of("end")));

    private static final List<String> NEEDED = List.of("time", "value", "subject", "device", "metric", "unit");

    private ReadingFile() {}

    /**
     * Reads a file.
     *
     * @throws UserException where it cannot be read or a row is not in order, with the line and what to do
     */
    static List<Outgoing> read(Path file, Layout layout) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        try {
            if (name.endsWith(".csv")) {
                return readCsv(file, layout);
            }
            if (name.endsWith(".json") || name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
                return readJson(file, layout);
            }
        } catch (JacksonException e) {
            throw new UserException(
                    file + " cannot be parsed near line "
                            + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()) + ": "
                            + e.getOriginalMessage(),
                    e);
        } catch (IOException e) {
            throw new UserException("Cannot read " + file + ": " + e, e);
        }
        throw new UsageException(file + " ends neither in .csv nor in .json, .ndjson or .jsonl.");
    }

    private static List<Outgoing> readJson(Path file, Layout layout) throws IOException {
        List<Outgoing> readings = new ArrayList<>();
        try (MappingIterator<JsonNode> values = JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
            while (values.hasNextValue()) {
                JsonNode value = values.nextValue();
                long line = values.getCurrentLocation().getLineNr();
                for (JsonNode item : items(value)) {
                    if (!(item instanceof ObjectNode reading)) {
                        throw new UserException(file + ":" + line + ": a reading is an object.");
                    }
                    layout.constants().forEach((field, constant) -> {
                        if (!reading.has(field)) {
                            reading.put(field, constant);
                        }
                    });
                    readings.add(new Outgoing(line, reading));
                }
            }
        }
        return readings;
    }

    /** A message as the readings call takes it, an array of readings, or a reading by itself. */
    private static Iterable<JsonNode> items(JsonNode value) {
        if (value.has("readings")) {
            return value.path("readings");
        }
        return value.isArray() ? value : List.of(value);
    }

    private static List<Outgoing> readCsv(Path file, Layout layout) throws IOException {
        List<Outgoing> readings = new ArrayList<>();
        try (MappingIterator<Map<String, String>> rows = new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvParser.Feature.TRIM_SPACES)
                .with(CsvParser.Feature.SKIP_EMPTY_LINES)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(Files.newBufferedReader(file))) {
            Map<String, String> columns = null;
            long line = 1;
            while (rows.hasNextValue()) {
                Map<String, String> row = rows.nextValue();
                line++;
                if (columns == null) {
                    columns = columns(file, row, layout);
                }
                try {
                    readings.add(new Outgoing(line, reading(row, columns, layout)));
                } catch (IllegalArgumentException e) {
                    throw new UserException(file + ":" + line + ": " + e.getMessage(), e);
                }
            }
        }
        return readings;
    }

    private static Map<String, String> columns(Path file, Map<String, String> row, Layout layout) {
        Map<String, String> columns = new LinkedHashMap<>();
        USUAL_COLUMNS.forEach((field, usual) -> {
            String given = layout.columns().get(field);
            if (given != null && !row.containsKey(given)) {
                throw new UserException(file + " has no column " + given + "; it has " + row.keySet() + ".");
            }
            if (given != null) {
                columns.put(field, given);
            } else if (!layout.constants().containsKey(field)) {
                usual.stream().filter(row::containsKey).findFirst().ifPresent(name -> columns.put(field, name));
            }
        });
        List<String> missing = NEEDED.stream()
                .filter(field ->
                        !columns.containsKey(field) && !layout.constants().containsKey(field))
                .toList();
        if (!missing.isEmpty()) {
            throw new UserException(file + " has the columns " + row.keySet() + ". Say where " + missing
                    + " come from: --" + missing.get(0) + "-column NAME, or --" + missing.get(0)
                    + " VALUE where it is the same in every row.");
        }
        return columns;
    }

    private static ObjectNode reading(Map<String, String> row, Map<String, String> columns, Layout layout) {
        ObjectNode reading = JSON.createObjectNode();
        layout.constants().forEach(reading::put);
        columns.forEach((field, column) -> {
            String cell = row.getOrDefault(column, "");
            switch (field) {
                case "value" -> putValue(reading, cell);
                case "sequence" -> putSequence(reading, cell);
                case "time", "end" -> {
                    if (!cell.isEmpty()) {
                        reading.put(field, time(cell, layout.zone()));
                    }
                }
                // Codes have no spaces; "Subject 1" of a spreadsheet becomes "Subject-1".
                case "subject", "device" -> reading.put(field, cell.trim().replaceAll("\\s+", "-"));
                default -> reading.put(field, cell);
            }
        });
        return reading;
    }

    private static void putValue(ObjectNode reading, String cell) {
        if (cell.equals("LOW") || cell.equals("HIGH")) {
            reading.put("value", cell);
        } else {
            try {
                reading.put("value", Double.parseDouble(cell));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("the value is neither a number nor LOW nor HIGH", e);
            }
        }
    }

    private static void putSequence(ObjectNode reading, String cell) {
        if (!cell.isEmpty()) {
            try {
                reading.put("sequence", Long.parseLong(cell));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("the sequence is not a whole number", e);
            }
        }
    }

    private static String time(String cell, Optional<ZoneId> zone) {
        String text = cell.replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) ", "$1T");
        try {
            return OffsetDateTime.parse(text).toString();
        } catch (DateTimeException e) {
            try {
                LocalDateTime local = LocalDateTime.parse(text);
                return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        local.atZone(zone.orElseThrow(() -> new IllegalArgumentException(
                                "the time has no offset from UTC; give the zone of the file with --zone"))));
            } catch (DateTimeException notLocal) {
                throw new IllegalArgumentException("the time is not in ISO 8601", notLocal);
            }
        }
    }
}
