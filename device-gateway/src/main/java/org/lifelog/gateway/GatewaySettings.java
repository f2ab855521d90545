package org.lifelog.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.lifelog.runtime.Setting;

/** The settings of the gateway. */
public final class GatewaySettings {
    static final Setting<String> KAFKA =
            Setting.text("kafka.bootstrap.servers", "Addresses of Kafka brokers as host:port, separated by commas.");
    static final Setting<String> REGISTRY =
            Setting.text("schema.registry.url", "Addresses of the schema registry, separated by commas.");
    static final Setting<String> REGISTRY_USER_INFO = Setting.secret(
            "basic.auth.user.info", "", "Credential for the schema registry as user:password; empty for none.");
    static final Setting<Optional<Path>> CATALOGUE = Setting.path(
            "lifelog.catalogue", "Folder with metrics.csv and units.csv that replaces the built-in catalogue.");
    static final Setting<Optional<Path>> CENTERS =
            Setting.path("lifelog.centers", "YAML file that replaces the built-in list of centers.");
    static final Setting<Path> CREDENTIALS = Setting.of(
            "gateway.credentials",
            "path",
            "gateway-credentials.json",
            "JSON file of the vendors' credentials: {\"username\": {\"center\": \"...\", \"hash\": \"...\"}}.",
            Path::of);
    static final Setting<String> HOST =
            Setting.text("gateway.host", "127.0.0.1", "Address on which HTTP and MQTT are served; 0.0.0.0 for all.");
    static final Setting<Integer> HTTP_PORT = Setting.port("gateway.http.port", 8080, "Port of HTTP.");
    static final Setting<Integer> MQTT_PORT = Setting.port("gateway.mqtt.port", 1883, "Port of MQTT.");
    static final Setting<Integer> WORKERS = Setting.number(
            "gateway.workers", 4, 1, 256, "Number of threads that decode messages and hand them to Kafka.");
    static final Setting<Integer> MEMORY_MIB = Setting.number(
            "gateway.memory.mib",
            64,
            1,
            65_536,
            "Most memory for message bodies that are not yet in Kafka, in MiB; beyond it the answer is 503.");
    static final Setting<Duration> DELIVERY_TIMEOUT = Setting.duration(
            "gateway.delivery.timeout",
            Duration.ofSeconds(5),
            "How long Kafka may take to confirm a reading before the answer is 503.");

    /** All of them. */
    public static final List<Setting<?>> ALL = List.of(
            KAFKA,
            REGISTRY,
            REGISTRY_USER_INFO,
            CATALOGUE,
            CENTERS,
            CREDENTIALS,
            HOST,
            HTTP_PORT,
            MQTT_PORT,
            WORKERS,
            MEMORY_MIB,
            DELIVERY_TIMEOUT);

    private GatewaySettings() {}
}
