package org.lifelog.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configured centers, read from {@code centers.yaml}. Immutable. */
public final class Centers {
    private static final String FILE = "centers.yaml";

    private record Entry(
            String code,
            String name,
            @JsonProperty("name_ko") String nameKo,
            String zone,
            @JsonProperty("subject_kind") String subjectKind,
            List<String> metrics,
            @JsonProperty("unknown_devices") String unknownDevices,
            @JsonProperty("future_tolerance") String futureTolerance,
            @JsonProperty("earliest_time") String earliest,
            Map<String, String> retention) {}

    private record Document(List<Entry> centers) {}

    private final Map<String, Center> centers;

    private Centers(Map<String, Center> centers) {
        this.centers = centers;
    }

    /** The eleven centers that come with the service. */
    public static Centers load(Catalogue catalogue) {
        return read(FILE, Centers.class.getResourceAsStream(FILE), catalogue);
    }

    /**
     * The centers of a file.
     *
     * @throws CatalogueException where it contradicts itself or the catalogue
     * @throws UncheckedIOException where it cannot be read
     */
    public static Centers load(Path file, Catalogue catalogue) {
        try {
            return read(file.toString(), Files.newInputStream(file), catalogue);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the centers in " + file, e);
        }
    }

    private static Centers read(String file, InputStream in, Catalogue catalogue) {
        List<String> problems = new ArrayList<>();
        Map<String, Center> centers = new LinkedHashMap<>();
        try (in) {
            Document document = new ObjectMapper(new YAMLFactory()).readValue(in, Document.class);
            List<Entry> entries = document == null || document.centers() == null ? List.of() : document.centers();
            for (int i = 0; i < entries.size(); i++) {
                String at = file + ": center " + (i + 1) + ": ";
                center(entries.get(i), catalogue, at, problems).ifPresent(center -> {
                    if (centers.putIfAbsent(center.code(), center) != null) {
                        problems.add(at + center.code() + " is there twice");
                    }
                });
            }
        } catch (IOException e) {
            problems.add(file + ": " + e.getMessage());
        }
        if (centers.isEmpty() && problems.isEmpty()) {
            problems.add(file + ": no centers");
        }
        if (!problems.isEmpty()) {
            throw new CatalogueException("The list of centers", problems);
        }
        return new Centers(centers);
    }

    private static Optional<Center> center(Entry entry, Catalogue catalogue, String at, List<String> problems) {
        int before = problems.size();
        // Lower case, digits and hyphens: the code becomes part of topic names, roles, URLs and MQTT topics.
        if (entry.code() == null || !entry.code().matches("[a-z][a-z0-9-]{0,39}")) {
            problems.add(at + "code is missing, or is not lower case letters, digits and hyphens");
        }
        if (entry.name() == null || entry.nameKo() == null) {
            problems.add(at + "name or name_ko is missing");
        }
        ZoneId zone = null;
        try {
            zone = ZoneId.of(entry.zone() == null ? "" : entry.zone());
        } catch (DateTimeException e) {
            problems.add(at + "zone is not a time zone such as Asia/Seoul");
        }
        if (entry.metrics() == null || entry.metrics().isEmpty()) {
            problems.add(at + "no metrics");
        } else {
            entry.metrics().stream()
                    .filter(metric -> catalogue.metric(metric).isEmpty())
                    .forEach(metric -> problems.add(at + "metric " + metric + " is not in the catalogue"));
        }
        Optional<UnknownDevices> unknownDevices = Optional.empty();
        try {
            unknownDevices = Optional.ofNullable(entry.unknownDevices()).map(UnknownDevices::of);
        } catch (IllegalArgumentException e) {
            problems.add(at + "unknown_devices " + e.getMessage());
        }
        Optional<Duration> futureTolerance = Optional.empty();
        try {
            futureTolerance = Optional.ofNullable(entry.futureTolerance()).map(Duration::parse);
        } catch (DateTimeParseException e) {
            problems.add(at + "future_tolerance is not a duration such as PT15M");
        }
        Optional<Instant> earliest = Optional.empty();
        try {
            earliest = Optional.ofNullable(entry.earliest()).map(Instant::parse);
        } catch (DateTimeParseException e) {
            problems.add(at + "earliest_time is not an instant such as 2005-01-01T00:00:00Z");
        }
        List<String> retentionProblems = new ArrayList<>();
        Retention retention =
                entry.retention() == null ? Retention.FOR_EVER : Retention.of(entry.retention(), retentionProblems);
        retentionProblems.forEach(problem -> problems.add(at + problem));
        if (problems.size() > before) {
            return Optional.empty();
        }
        return Optional.of(new Center(
                entry.code(),
                entry.name(),
                entry.nameKo(),
                zone,
                "site".equals(entry.subjectKind()),
                new LinkedHashSet<>(entry.metrics()),
                unknownDevices,
                futureTolerance,
                earliest,
                retention));
    }

    /** All centers, in the order of the file. */
    public Collection<Center> all() {
        return centers.values();
    }

    /** The center with a code. */
    public Optional<Center> center(String code) {
        return Optional.ofNullable(centers.get(code));
    }
}
