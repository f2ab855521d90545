package org.lifelog.local;

import java.nio.file.Path;
import java.util.Optional;
import org.lifelog.contract.UnknownDevices;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where the parts of the service run on this machine; each by option or environment variable. */
final class PlatformOptions {
    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "${env:LIFELOG_DATA:-.lifelog}",
            description = "Folder for all state (LIFELOG_DATA). Default: ${DEFAULT-VALUE}")
    Path data;

    @Option(
            names = "--host",
            defaultValue = "${env:LIFELOG_HOST:-127.0.0.1}",
            description = "Address on which gateway and portal are served (LIFELOG_HOST). Default: ${DEFAULT-VALUE}")
    String host;

    @Option(
            names = "--http-port",
            defaultValue = "${env:LIFELOG_HTTP_PORT:-8080}",
            description = "Gateway, HTTP (LIFELOG_HTTP_PORT). Default: ${DEFAULT-VALUE}")
    int httpPort;

    @Option(
            names = "--mqtt-port",
            defaultValue = "${env:LIFELOG_MQTT_PORT:-1883}",
            description = "Gateway, MQTT (LIFELOG_MQTT_PORT). Default: ${DEFAULT-VALUE}")
    int mqttPort;

    @Option(
            names = "--portal-port",
            defaultValue = "${env:LIFELOG_PORTAL_PORT:-8090}",
            description = "Clinicians' page (LIFELOG_PORTAL_PORT). Default: ${DEFAULT-VALUE}")
    int portalPort;

    @Option(
            names = "--kafka-port",
            defaultValue = "${env:LIFELOG_KAFKA_PORT:-9092}",
            description = "Embedded Kafka (LIFELOG_KAFKA_PORT). Default: ${DEFAULT-VALUE}")
    int kafkaPort;

    @Option(
            names = "--registry-port",
            defaultValue = "${env:LIFELOG_REGISTRY_PORT:-8081}",
            description = "Embedded schema registry (LIFELOG_REGISTRY_PORT). Default: ${DEFAULT-VALUE}")
    int registryPort;

    @Option(
            names = "--database-port",
            defaultValue = "${env:LIFELOG_DATABASE_PORT:-5433}",
            description = "Embedded database (LIFELOG_DATABASE_PORT). Default: ${DEFAULT-VALUE}")
    int databasePort;

    @Option(
            names = "--management-port",
            defaultValue = "${env:LIFELOG_MANAGEMENT_BASE_PORT:-9100}",
            description = "Metrics and health of the gateway; streams, sink and portal take the next three"
                    + " (LIFELOG_MANAGEMENT_BASE_PORT). Default: ${DEFAULT-VALUE}")
    int managementPort;

    @Option(
            names = "--kafka",
            paramLabel = "HOST:PORT",
            description = "Use this Kafka instead of the embedded one (LIFELOG_KAFKA).",
            defaultValue = "${env:LIFELOG_KAFKA}")
    String kafka;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Use this schema registry instead of the embedded one (LIFELOG_REGISTRY).",
            defaultValue = "${env:LIFELOG_REGISTRY}")
    String registry;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            description =
                    "Use this database instead of the embedded one (LIFELOG_DATABASE); user and password may stand"
                            + " in the URL as ?user=...&password=...",
            defaultValue = "${env:LIFELOG_DATABASE}")
    String database;

    @Option(
            names = "--partitions",
            defaultValue = "${env:LIFELOG_PARTITIONS:-4}",
            description =
                    "Partitions of each topic; cannot be changed later (LIFELOG_PARTITIONS). Default: ${DEFAULT-VALUE}")
    int partitions;

    @Option(
            names = "--unknown-devices",
            paramLabel = "POLICY",
            converter = Policy.class,
            defaultValue = "${env:LIFELOG_UNKNOWN_DEVICES:-accept}",
            description = "What becomes of readings of devices that are not registered: accept, as for a trial, or"
                    + " quarantine (LIFELOG_UNKNOWN_DEVICES). Default: ${DEFAULT-VALUE}")
    UnknownDevices unknownDevices;

    /** Reads a policy by its code. */
    static final class Policy implements ITypeConverter<UnknownDevices> {
        @Override
        public UnknownDevices convert(String code) {
            try {
                return UnknownDevices.of(code);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + code + "' " + e.getMessage());
            }
        }
    }

    Optional<String> externalKafka() {
        return Optional.ofNullable(kafka);
    }

    Optional<String> externalRegistry() {
        return Optional.ofNullable(registry);
    }

    Optional<String> externalDatabase() {
        return Optional.ofNullable(database);
    }
}
