package org.lifelog.runtime;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One setting: its name, type, default, check and documentation in one place, so that the printed reference cannot lie.
 * It is read from the configuration file under its name and from the environment under {@link #variable()}, which wins.
 *
 * @param <T> type of the value
 */
public final class Setting<T> {
    private final String name;
    private final String type;
    private final Optional<String> defaultText;
    private final String documentation;
    private final boolean secret;
    private final Function<String, T> parser;

    private Setting(
            String name,
            String type,
            Optional<String> defaultText,
            String documentation,
            boolean secret,
            Function<String, T> parser) {
        this.name = name;
        this.type = type;
        this.defaultText = defaultText;
        this.documentation = documentation;
        this.secret = secret;
        this.parser = parser;
    }

    /** A text that must be given. */
    public static Setting<String> text(String name, String documentation) {
        return new Setting<>(name, "text", Optional.empty(), documentation, false, Function.identity());
    }

    /** A text. */
    public static Setting<String> text(String name, String defaultText, String documentation) {
        return new Setting<>(name, "text", Optional.of(defaultText), documentation, false, Function.identity());
    }

    /** A text that is never printed. */
    public static Setting<String> secret(String name, String defaultText, String documentation) {
        return new Setting<>(name, "secret", Optional.of(defaultText), documentation, true, Function.identity());
    }

    /** A file or folder; an empty text for none. */
    public static Setting<Optional<Path>> path(String name, String documentation) {
        return new Setting<>(
                name,
                "path",
                Optional.of(""),
                documentation,
                false,
                text -> Optional.of(text).filter(t -> !t.isEmpty()).map(Path::of));
    }

    /** Yes or no. */
    public static Setting<Boolean> flag(String name, boolean defaultValue, String documentation) {
        return new Setting<>(
                name,
                "true or false",
                Optional.of(Boolean.toString(defaultValue)),
                documentation,
                false,
                text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("is neither true nor false");
                });
    }

    /** A whole number between two bounds, both inside. */
    public static Setting<Integer> number(String name, int defaultValue, int min, int max, String documentation) {
        Predicate<Integer> inside = value -> value >= min && value <= max;
        return new Setting<>(
                name,
                "whole number from " + min + " to " + max,
                Optional.of(Integer.toString(defaultValue)),
                documentation,
                false,
                text -> Optional.of(Integer.valueOf(text))
                        .filter(inside)
                        .orElseThrow(() -> new IllegalArgumentException("is not from " + min + " to " + max)));
    }

    /** A TCP port; 0 takes a free one. */
    public static Setting<Integer> port(String name, int defaultValue, String documentation) {
        return number(name, defaultValue, 0, 65_535, documentation);
    }

    /** A length of time in ISO 8601, such as PT15M. */
    public static Setting<Duration> duration(String name, Duration defaultValue, String documentation) {
        return new Setting<>(
                name,
                "duration (ISO 8601)",
                Optional.of(defaultValue.toString()),
                documentation,
                false,
                text -> Optional.of(Duration.parse(text))
                        .filter(duration -> !duration.isNegative())
                        .orElseThrow(() -> new IllegalArgumentException("is negative")));
    }

    /** An address that must be given. */
    public static Setting<URI> address(String name, String documentation) {
        return new Setting<>(name, "address", Optional.empty(), documentation, false, URI::create);
    }

    /** Anything else: a text with a parser that throws {@link IllegalArgumentException} with what is wrong. */
    public static <T> Setting<T> of(
            String name, String type, String defaultText, String documentation, Function<String, T> parser) {
        return new Setting<>(name, type, Optional.of(defaultText), documentation, false, parser);
    }

    /** The name in the configuration file, such as {@code gateway.http.port}. */
    public String name() {
        return name;
    }

    /** The name in the environment, such as {@code LIFELOG_GATEWAY_HTTP_PORT}. */
    public String variable() {
        String upper = name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
        return upper.startsWith("LIFELOG_") ? upper : "LIFELOG_" + upper;
    }

    Optional<String> defaultText() {
        return defaultText;
    }

    boolean secret() {
        return secret;
    }

    /**
     * The value of a text.
     *
     * @throws RuntimeException with what is wrong, without the text itself, which may be a secret
     */
    T parse(String text) {
        try {
            return parser.apply(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("is not a " + type, e);
        }
    }

    /** The setting in the reference. */
    String reference() {
        return name + "\n    " + documentation + "\n    Type: " + type + ". "
                + defaultText
                        .map(text -> text.isEmpty() ? "Default: none." : "Default: " + text + ".")
                        .orElse("Must be given.")
                + " Environment: " + variable() + ".\n";
    }
}
