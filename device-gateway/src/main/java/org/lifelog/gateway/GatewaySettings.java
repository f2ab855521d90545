package org.lifelog.gateway;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lifelog.gateway.accept.Quotas;
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
            "JSON file of the vendors' credentials: {\"username\": {\"center\": \"...\", \"hash\": \"...\"}}; \"centers\": [...]"
                    + " for several, \"certificate\": \"CN=...\" for a client certificate, \"nightscout\" for the hash of an"
                    + " api-secret.",
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
            Duration.ofMillis(2_500),
            "How long Kafka may take to confirm a reading before the answer is 503.");
    static final Setting<Integer> CONNECTIONS = Setting.number(
            "gateway.connections",
            100_000,
            1,
            10_000_000,
            "Most connections at a time, of HTTP and of MQTT each; more are closed at once.");
    static final Setting<Integer> QUOTA = Setting.number(
            "gateway.quota",
            10_000,
            1,
            100_000_000,
            "Readings a second that a center may send, with a burst of ten seconds; readings older than an hour have a"
                    + " budget of the same rate to themselves, with a burst of a minute.");
    static final Setting<Map<String, Integer>> QUOTA_OF_CENTERS = Setting.of(
            "gateway.quota.centers",
            "center=number, separated by commas",
            "",
            "Quotas of single centers, such as isens=50000,kweather=500.",
            Quotas.Limits::parse);
    static final Setting<Optional<Path>> TLS_CERTIFICATE =
            Setting.path("gateway.tls.certificate", "Certificate with its chain in PEM format; with it there is TLS.");
    static final Setting<Optional<Path>> TLS_KEY =
            Setting.path("gateway.tls.key", "Private key of the certificate in PEM format.");
    static final Setting<Optional<Path>> TLS_CLIENT_CA = Setting.path(
            "gateway.tls.client.ca", "Certificates in PEM format of who may sign the certificates of clients.");
    static final Setting<Integer> HTTPS_PORT =
            Setting.port("gateway.https.port", 8443, "Port of HTTP with TLS, where there is a certificate.");
    static final Setting<Integer> MQTTS_PORT =
            Setting.port("gateway.mqtts.port", 8883, "Port of MQTT with TLS, where there is a certificate.");
    static final Setting<Boolean> PLAIN = Setting.flag(
            "gateway.plain", true, "Whether the ports without TLS are open; passwords go over them in the clear.");
    static final Setting<Duration> RELOAD_INTERVAL = Setting.duration(
            "gateway.reload.interval",
            Duration.ofSeconds(10),
            "How often the gateway looks whether the files of credentials and certificates have changed.");
    static final Setting<String> JWT_KEYS = Setting.text(
            "gateway.jwt.keys", "", "Address of the JWK Set of who issues tokens; empty where no tokens are taken.");
    static final Setting<String> JWT_ISSUER =
            Setting.text("gateway.jwt.issuer", "", "What claim iss of a token must be.");
    static final Setting<String> JWT_AUDIENCE =
            Setting.text("gateway.jwt.audience", "lifelog", "What claim aud of a token must have.");
    static final Setting<String> JWT_CENTERS = Setting.text(
            "gateway.jwt.centers.claim",
            "centers",
            "Claim of a token with the codes of its centers, as an array or with spaces between them.");

    static final Setting<Integer> MQTT_RECEIVE_MAXIMUM = Setting.number(
            "gateway.mqtt.receive.maximum",
            100,
            1,
            65_535,
            "Most messages of one MQTT connection that are not acknowledged yet; MQTT 5 clients are told.");
    static final Setting<Integer> MQTT_TOPIC_ALIAS_MAXIMUM = Setting.number(
            "gateway.mqtt.topic.alias.maximum", 16, 0, 1_024, "Highest topic alias of an MQTT 5 connection.");
    static final Setting<Duration> MQTT_SESSION_EXPIRY = Setting.duration(
            "gateway.mqtt.session.expiry",
            Duration.ofDays(7),
            "Longest that an MQTT session outlives its connection; MQTT 5 clients are told where they want longer.");
    static final Setting<Integer> MQTT_SESSIONS = Setting.number(
            "gateway.mqtt.sessions",
            200_000,
            1,
            10_000_000,
            "Most MQTT sessions of all replicas together; each takes some 500 bytes in every replica.");
    static final Setting<Integer> MQTT_SESSIONS_OF_CREDENTIAL = Setting.number(
            "gateway.mqtt.sessions.of.credential",
            50_000,
            1,
            10_000_000,
            "Most MQTT sessions of one credential, of all replicas together; a client that would make one more is turned"
                    + " away.");
    static final Setting<Duration> MQTT_KEEP_ALIVE = Setting.duration(
            "gateway.mqtt.keep.alive",
            Duration.ofMinutes(20),
            "Longest keep-alive of an MQTT connection; it ends after one and a half of it without a byte.");

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
            DELIVERY_TIMEOUT,
            CONNECTIONS,
            QUOTA,
            QUOTA_OF_CENTERS,
            PLAIN,
            TLS_CERTIFICATE,
            TLS_KEY,
            TLS_CLIENT_CA,
            HTTPS_PORT,
            MQTTS_PORT,
            RELOAD_INTERVAL,
            JWT_KEYS,
            JWT_ISSUER,
            JWT_AUDIENCE,
            JWT_CENTERS,
            MQTT_RECEIVE_MAXIMUM,
            MQTT_TOPIC_ALIAS_MAXIMUM,
            MQTT_SESSION_EXPIRY,
            MQTT_SESSIONS,
            MQTT_SESSIONS_OF_CREDENTIAL,
            MQTT_KEEP_ALIVE);

    private GatewaySettings() {}
}
