package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    private static final Setting<Integer> PORT = Setting.port("gateway.http.port", 8080, "Port of HTTP.");

    @Test
    void aSettingKnowsItsNamesDefaultAndParser() {
        assertThat(PORT.name()).isEqualTo("gateway.http.port");
        assertThat(PORT.variable()).isEqualTo("LIFELOG_GATEWAY_HTTP_PORT");
        assertThat(PORT.defaultText()).contains("8080");
        assertThat(PORT.parse("1883")).isEqualTo(1883);
    }

    @ParameterizedTest
    @CsvSource({
        "lifelog.centers, LIFELOG_CENTERS",
        "kafka.bootstrap.servers, LIFELOG_KAFKA_BOOTSTRAP_SERVERS",
        "some-thing.else, LIFELOG_SOME_THING_ELSE"
    })
    void theVariableBeginsWithTheServiceOnce(String name, String variable) {
        assertThat(Setting.text(name, "").variable()).isEqualTo(variable);
    }

    @Test
    void valuesHaveTheTypeOfTheSetting() {
        assertThat(Setting.text("a", "").parse("text")).isEqualTo("text");
        assertThat(Setting.secret("a", "", "").parse("hidden")).isEqualTo("hidden");
        assertThat(Setting.path("a", "").parse("/etc/x")).contains(Path.of("/etc/x"));
        assertThat(Setting.path("a", "").parse("")).isEmpty();
        assertThat(Setting.flag("a", false, "").parse("TRUE")).isTrue();
        assertThat(Setting.flag("a", true, "").parse("false")).isFalse();
        assertThat(Setting.duration("a", Duration.ZERO, "").parse("PT1M30S")).isEqualTo(Duration.ofSeconds(90));
        assertThat(Setting.address("a", "").parse("http://h:1")).isEqualTo(URI.create("http://h:1"));
        assertThat(Setting.of("a", "length", "x", "", String::length).parse("four"))
                .isEqualTo(4);
    }

    @Test
    void bothBoundsOfANumberAreInside() {
        Setting<Integer> workers = Setting.number("workers", 4, 1, 256, "");
        assertThat(workers.parse("1")).isEqualTo(1);
        assertThat(workers.parse("256")).isEqualTo(256);
        assertThatThrownBy(() -> workers.parse("0")).hasMessage("is not from 1 to 256");
        assertThatThrownBy(() -> workers.parse("257")).hasMessage("is not from 1 to 256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "1.5", "", "99999999999"})
    void whatIsNoWholeNumberIsRefused(String text) {
        assertThatThrownBy(() -> PORT.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("is not a whole number from 0 to 65535");
    }

    @Test
    void aFlagIsTrueOrFalse() {
        assertThatThrownBy(() -> Setting.flag("a", false, "").parse("yes")).hasMessage("is neither true nor false");
    }

    @Test
    void aDurationIsNotNegative() {
        assertThatThrownBy(() -> Setting.duration("a", Duration.ZERO, "").parse("PT-1S"))
                .hasMessage("is negative");
    }

    @Test
    void theReferenceSaysItAll() {
        assertThat(PORT.reference()).isEqualTo("""
                        gateway.http.port
                            Port of HTTP.
                            Type: whole number from 0 to 65535. Default: 8080. Environment: LIFELOG_GATEWAY_HTTP_PORT.
                        """);
        assertThat(Setting.text("name", "A name.").reference()).contains("Must be given.");
        assertThat(Setting.path("file", "A file.").reference()).contains("Default: none.");
    }
}
