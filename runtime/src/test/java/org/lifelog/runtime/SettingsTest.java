package org.lifelog.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Setting<String> KAFKA = Setting.text("kafka.bootstrap.servers", "Brokers.");
    private static final Setting<Integer> PORT = Setting.port("http.port", 8080, "Port.");
    private static final Setting<Duration> PATIENCE = Setting.duration("patience", Duration.ofSeconds(5), "Patience.");
    private static final Setting<String> PASSWORD = Setting.secret("password", "", "Password.");
    private static final List<Setting<?>> ALL = List.of(KAFKA, PORT, PATIENCE, PASSWORD);

    @TempDir
    private Path folder;

    @Test
    void aFileWinsOverDefaultsAndTheEnvironmentOverTheFile() throws IOException {
        Path file = file("""
                kafka.bootstrap.servers = file:9092
                http.port = 8081
                """);
        Settings settings = Settings.load(ALL, List.of(file), Map.of("LIFELOG_HTTP_PORT", " 8082 "));
        assertThat(settings.get(KAFKA)).isEqualTo("file:9092");
        assertThat(settings.get(PORT)).isEqualTo(8082);
        assertThat(settings.get(PATIENCE)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void theLaterOfTwoFilesWins() throws IOException {
        Path first = file("kafka.bootstrap.servers=first:9092\nhttp.port=1");
        Path second = Files.writeString(folder.resolve("second.properties"), "http.port=2");
        Settings settings = Settings.load(ALL, List.of(first, second), Map.of());
        assertThat(settings.get(KAFKA)).isEqualTo("first:9092");
        assertThat(settings.get(PORT)).isEqualTo(2);
    }

    @Test
    void allProblemsAreListedAtOnce() throws IOException {
        Path file = file("http.port=many\npatience=PT-1S\nhtp.port=1\nzone=UTC");
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Settings.load(ALL, List.of(file), Map.of()))
                .withMessage("""
                        The configuration cannot be used:
                          kafka.bootstrap.servers must be given (environment: LIFELOG_KAFKA_BOOTSTRAP_SERVERS)
                          http.port 'many' is not a whole number from 0 to 65535
                          patience 'PT-1S' is negative
                          htp.port is not a setting of this service; --settings lists them
                          zone is not a setting of this service; --settings lists them""");
    }

    @Test
    void aSecretIsNotPrinted() {
        Setting<String> broken = Setting.secret("password", "", "Password.");
        Setting<Integer> number = Setting.number("count", 1, 0, 9, "");
        assertThat(Settings.reference(List.of(broken))).contains("Type: secret. Default: none.");
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Settings.load(
                        List.of(broken, number),
                        List.of(),
                        Map.of("LIFELOG_PASSWORD", "hunter2", "LIFELOG_COUNT", "x")))
                .withMessageContaining("count 'x'")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Settings.load(ALL, List.of(folder.resolve("none.properties")), Map.of()))
                .withMessageContaining("none.properties cannot be read (NoSuchFileException)");
    }

    @Test
    void settingsOfKafkaPassThroughToTheirClient() throws IOException {
        Settings settings = Settings.load(ALL, List.of(file("""
                        kafka.bootstrap.servers=broker:9092
                        kafka.security.protocol=SSL
                        kafka.producer.linger.ms=7
                        kafka.consumer.fetch.min.bytes=9
                        kafka.producer.security.protocol=PLAINTEXT
                        """)), Map.of());
        assertThat(settings.kafka("producer"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("linger.ms", "7", "security.protocol", "PLAINTEXT"));
        assertThat(settings.kafka("consumer"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("fetch.min.bytes", "9", "security.protocol", "SSL"));
        assertThat(settings.kafka("admin")).containsExactlyInAnyOrderEntriesOf(Map.of("security.protocol", "SSL"));
    }

    @Test
    void aSettingOfAnotherServiceIsNotThere() {
        Settings settings =
                Settings.load(List.of(PORT), List.of(), Map.of("LIFELOG_UNRELATED", "variables are not checked"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.get(PATIENCE))
                .withMessage("patience is not a setting of this service");
    }

    @Test
    void theReferenceListsAllSettings() {
        assertThat(Settings.reference(ALL))
                .contains("kafka.bootstrap.servers\n", "http.port\n", "patience\n", "Default: PT5S.", "password\n");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("service.properties"), text);
    }
}
