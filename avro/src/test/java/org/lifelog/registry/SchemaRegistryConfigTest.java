package org.lifelog.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class SchemaRegistryConfigTest {
    @Test
    void keysAndDefaultsAreThoseOfConfluent() {
        SchemaRegistryConfig config = new SchemaRegistryConfig(
                Map.of("schema.registry.url", "http://a:8081, http://b:8081", "bootstrap.servers", "ignored"));
        assertThat(config.urls()).containsExactly("http://a:8081", "http://b:8081");
        assertThat(config.getBoolean("auto.register.schemas")).isTrue();
        assertThat(config.getBoolean("use.latest.version")).isFalse();
        assertThat(config.getBoolean("specific.avro.reader")).isFalse();
        assertThat(config.userInfo()).isEmpty();
    }

    @Test
    void theCredentialIsNotPrinted() {
        SchemaRegistryConfig config = new SchemaRegistryConfig(Map.of(
                "schema.registry.url", "http://a:8081",
                "basic.auth.credentials.source", "USER_INFO",
                "basic.auth.user.info", "reader:secret"));
        assertThat(config.userInfo()).isEqualTo("reader:secret");
        assertThat(config.values().toString()).doesNotContain("secret");
    }

    @Test
    void anAddressMustBeGiven() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new SchemaRegistryConfig(Map.of()))
                .withMessageContaining("schema.registry.url");
    }

    @Test
    void anUnknownSourceIsRefused() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> new SchemaRegistryConfig(Map.of(
                        "schema.registry.url", "http://a:8081", "basic.auth.credentials.source", "SASL_INHERIT")))
                .withMessageContaining("basic.auth.credentials.source");
    }
}
