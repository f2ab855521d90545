package org.lifelog.runtime;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The values of a service's settings, read once and checked as a whole. Sources, later ones winning: defaults, the
 * properties file, the environment. Settings of Kafka's clients pass through: {@code kafka.producer.linger.ms=5}.
 */
public final class Settings {
    /** What begins with it is handed to Kafka's clients as it is. */
    private static final String KAFKA = "kafka.";

    private final Map<Setting<?>, Object> values;
    private final Map<String, String> kafka;

    private Settings(Map<Setting<?>, Object> values, Map<String, String> kafka) {
        this.values = values;
        this.kafka = kafka;
    }

    /**
     * Reads the settings of a service from a properties file, where one is given, and the environment.
     *
     * @param known every setting that the service has
     * @throws SettingException with all problems at once: a name that is not known, a value that is missing or wrong
     */
    public static Settings load(Collection<Setting<?>> known, List<Path> files, Map<String, String> environment) {
        List<String> problems = new ArrayList<>();
        Map<String, String> texts = new HashMap<>();
        files.forEach(file -> read(file, texts, problems));
        Map<String, String> kafka = new HashMap<>();
        texts.entrySet().removeIf(entry -> {
            boolean pass = entry.getKey().startsWith(KAFKA)
                    && known.stream().noneMatch(setting -> setting.name().equals(entry.getKey()));
            if (pass) {
                kafka.put(entry.getKey().substring(KAFKA.length()), entry.getValue());
            }
            return pass;
        });
        for (Setting<?> setting : known) {
            String value = environment.get(setting.variable());
            if (value != null) {
                texts.put(setting.name(), value);
            }
        }
        Map<Setting<?>, Object> values = new HashMap<>();
        for (Setting<?> setting : known) {
            String text = texts.remove(setting.name());
            if (text == null) {
                text = setting.defaultText().orElse(null);
            }
            if (text == null) {
                problems.add(setting.name() + " must be given (environment: " + setting.variable() + ")");
                continue;
            }
            try {
                values.put(setting, setting.parse(text.trim()));
            } catch (RuntimeException e) {
                String shown = setting.secret() ? "" : " '" + text + "'";
                problems.add(setting.name() + shown + " " + e.getMessage());
            }
        }
        texts.keySet().stream()
                .sorted()
                .forEach(name -> problems.add(name + " is not a setting of this service; --settings lists them"));
        if (!problems.isEmpty()) {
            throw new SettingException(problems);
        }
        return new Settings(values, kafka);
    }

    private static void read(Path file, Map<String, String> texts, List<String> problems) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            problems.add("file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
    }

    /** The value of a setting of this service. */
    @SuppressWarnings("unchecked") // load() put in what the setting's own parser made
    public <T> T get(Setting<T> setting) {
        Object value = values.get(setting);
        if (value == null) {
            throw new IllegalArgumentException(setting.name() + " is not a setting of this service");
        }
        return (T) value;
    }

    /**
     * Settings for one of Kafka's clients: what the file gives under {@code kafka.} for all and under
     * {@code kafka.<client>.} for this one.
     *
     * @param client such as {@code producer}, {@code consumer}, {@code streams} or {@code admin}
     */
    public Map<String, Object> kafka(String client) {
        Map<String, Object> settings = new HashMap<>();
        kafka.forEach((name, value) -> {
            if (!name.matches("(producer|consumer|streams|admin)\\..*")) {
                settings.put(name, value);
            }
        });
        kafka.forEach((name, value) -> {
            if (name.startsWith(client + ".")) {
                settings.put(name.substring(client.length() + 1), value);
            }
        });
        return settings;
    }

    /** The reference of all settings, for people. */
    public static String reference(Collection<Setting<?>> known) {
        return known.stream().map(Setting::reference).collect(Collectors.joining("\n"));
    }
}
