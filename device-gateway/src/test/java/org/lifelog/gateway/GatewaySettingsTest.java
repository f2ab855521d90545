package org.lifelog.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lifelog.runtime.Setting;
import org.lifelog.runtime.SettingException;
import org.lifelog.runtime.Settings;

class GatewaySettingsTest {
    private static final Map<String, String> LEAST = Map.of(
            "LIFELOG_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "LIFELOG_SCHEMA_REGISTRY_URL", "http://registry:8081");

    @Test
    void kafkaAndTheRegistryAreAllThatMustBeGiven() {
        Settings settings = Settings.load(GatewaySettings.ALL, List.of(), LEAST);
        assertThat(settings.get(GatewaySettings.KAFKA)).isEqualTo("kafka:9092");
        assertThat(settings.get(GatewaySettings.REGISTRY)).isEqualTo("http://registry:8081");
        assertThat(settings.get(GatewaySettings.HOST)).isEqualTo("127.0.0.1");
        assertThat(settings.get(GatewaySettings.HTTP_PORT)).isEqualTo(8080);
        assertThat(settings.get(GatewaySettings.MQTT_PORT)).isEqualTo(1883);
        assertThat(settings.get(GatewaySettings.CREDENTIALS)).isEqualTo(Path.of("gateway-credentials.json"));
        assertThat(settings.get(GatewaySettings.CATALOGUE)).isEmpty();
        assertThat(settings.get(GatewaySettings.CENTERS)).isEmpty();
        assertThat(settings.get(GatewaySettings.DELIVERY_TIMEOUT)).isEqualTo(Duration.ofMillis(2_500));
    }

    @Test
    void withoutThemItSaysSo() {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> Settings.load(GatewaySettings.ALL, List.of(), Map.of()))
                .withMessageContaining("kafka.bootstrap.servers must be given")
                .withMessageContaining("schema.registry.url must be given");
    }

    @Test
    void namesAreDifferent() {
        assertThat(GatewaySettings.ALL).extracting(Setting::name).doesNotHaveDuplicates();
        assertThat(Settings.reference(GatewaySettings.ALL)).contains("LIFELOG_GATEWAY_HTTP_PORT", "Type: secret.");
    }
}
