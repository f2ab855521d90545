package org.lifelog.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.net.BindException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Center;
import org.lifelog.contract.Centers;
import org.lifelog.gateway.accept.Acceptor;
import org.lifelog.gateway.accept.Breaker;
import org.lifelog.gateway.accept.KafkaProbe;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.accept.Quotas;
import org.lifelog.gateway.accept.ReadingProducer;
import org.lifelog.gateway.access.Authenticator;
import org.lifelog.gateway.access.Credentials;
import org.lifelog.gateway.access.FileWatch;
import org.lifelog.gateway.access.TlsFiles;
import org.lifelog.gateway.access.Tokens;
import org.lifelog.gateway.device.DeviceRegistry;
import org.lifelog.gateway.format.ReadingDecoder;
import org.lifelog.gateway.format.fhir.FhirFormat;
import org.lifelog.gateway.format.nightscout.NightscoutFormat;
import org.lifelog.gateway.format.openmhealth.OpenMHealthFormat;
import org.lifelog.gateway.http.DeviceCalls;
import org.lifelog.gateway.http.FormatCalls;
import org.lifelog.gateway.http.HttpCalls;
import org.lifelog.gateway.http.HttpFront;
import org.lifelog.gateway.http.ReadingCalls;
import org.lifelog.gateway.http.RejectionCalls;
import org.lifelog.gateway.http.VendorCheck;
import org.lifelog.gateway.mqtt.Accepting;
import org.lifelog.gateway.mqtt.Authenticating;
import org.lifelog.gateway.mqtt.Limits;
import org.lifelog.gateway.mqtt.MqttFront;
import org.lifelog.gateway.mqtt.MqttSessions;
import org.lifelog.gateway.rejection.Rejections;
import org.lifelog.registry.KafkaAvroSerializer;
import org.lifelog.runtime.Management;
import org.lifelog.runtime.PortInUseException;
import org.lifelog.runtime.Service;
import org.lifelog.runtime.Setting;
import org.lifelog.runtime.Settings;

/** The device gateway: its entry point. */
public final class Gateway {
    private static final int PASSWORD_THREADS = 2;
    private static final long START_SECONDS = 30;

    private Gateway() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        Service.run(
                "device-gateway",
                GatewaySettings.ALL,
                arguments,
                (settings, service) -> start(settings, service.management(), service::closeAtEnd));
    }

    /** Takes parts as they are started, to close them at the end in the reverse order. */
    interface Parts {
        /** Hands over a part. */
        <T extends AutoCloseable> T closeAtEnd(T part);
    }

    /** The ports that were opened; 0 for those that were not. */
    public record Ports(int http, int https, int mqtt, int mqtts) {}

    /**
     * Starts all parts.
     *
     * @throws PortInUseException where the port of HTTP or MQTT is taken
     */
    static Ports start(Settings settings, Management management, Parts parts) {
        MeterRegistry meters = management.metrics();
        Catalogue catalogue =
                settings.get(GatewaySettings.CATALOGUE).map(Catalogue::load).orElseGet(Catalogue::load);
        Centers centers = settings.get(GatewaySettings.CENTERS)
                .map(file -> Centers.load(file, catalogue))
                .orElseGet(() -> Centers.load(catalogue));
        Path credentialsFile = settings.get(GatewaySettings.CREDENTIALS);
        Credentials credentials = new Credentials(credentialsFile, centers);
        Optional<TlsFiles> tls = TlsFiles.of(
                settings.get(GatewaySettings.TLS_CERTIFICATE),
                settings.get(GatewaySettings.TLS_KEY),
                settings.get(GatewaySettings.TLS_CLIENT_CA));

        KafkaClients kafka = new KafkaClients(settings);
        KafkaProducer<String, byte[]> producer = parts.closeAtEnd(kafka.producer());
        parts.closeAtEnd(new KafkaClientMetrics(producer)).bindTo(meters);
        Breaker breaker = new Breaker();
        KafkaAvroSerializer serializer = kafka.serializer();
        ReadingProducer readings = new ReadingProducer(producer, serializer, breaker);
        KafkaProbe probe = parts.closeAtEnd(new KafkaProbe(kafka.common("admin"), readings, breaker));
        management.health().add("kafka", probe::check);
        Vertx vertx = Vertx.builder()
                .with(new VertxOptions().setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(meters))
                .build();
        parts.closeAtEnd(() -> vertx.close().await(START_SECONDS, TimeUnit.SECONDS));

        DeviceRegistry devices = parts.closeAtEnd(new DeviceRegistry(
                kafka.common("consumer"), producer, serializer, kafka.deserializer(), Clock.systemUTC()));
        management.health().add("devices", devices::check);
        Rejections rejections = parts.closeAtEnd(new Rejections(kafka.common("consumer"), kafka.deserializer()));
        Memory memory = new Memory((long) settings.get(GatewaySettings.MEMORY_MIB) << 20, meters);
        Acceptor acceptor = new Acceptor(
                readings,
                vertx.createSharedWorkerExecutor("accept", settings.get(GatewaySettings.WORKERS)),
                memory,
                quotas(settings, centers),
                devices,
                meters,
                Clock.systemUTC());
        ReadingDecoder decoder = new ReadingDecoder(catalogue);
        Authenticator authenticator = new Authenticator(
                credentials,
                tokens(settings, centers),
                vertx.createSharedWorkerExecutor("passwords", PASSWORD_THREADS));
        FhirFormat fhir = new FhirFormat(catalogue);
        // Takes seconds, so the first sender should not wait for it.
        vertx.createSharedWorkerExecutor("fhir-warm-up", 1).executeBlocking(() -> {
            fhir.warmUp();
            return null;
        });
        HttpCalls calls = new HttpCalls(
                new VendorCheck(authenticator, centers),
                new ReadingCalls(acceptor, memory, decoder),
                new FormatCalls(
                        acceptor, memory, fhir, new OpenMHealthFormat(catalogue), new NightscoutFormat(catalogue)),
                new DeviceCalls(devices, memory, catalogue),
                new RejectionCalls(rejections));
        HttpFront http =
                parts.closeAtEnd(new HttpFront(vertx, calls, settings.get(GatewaySettings.CONNECTIONS), meters));
        MqttSessions sessions = parts.closeAtEnd(new MqttSessions(
                kafka.common("consumer"),
                producer,
                serializer,
                kafka.deserializer(),
                new MqttSessions.Most(
                        settings.get(GatewaySettings.MQTT_SESSIONS),
                        settings.get(GatewaySettings.MQTT_SESSIONS_OF_CREDENTIAL)),
                Clock.systemUTC()));
        management.health().add("mqtt-sessions", sessions::check);
        MqttFront.Parts mqttParts = new MqttFront.Parts(
                limits(settings),
                Accepting.by(acceptor),
                Authenticating.by(authenticator),
                decoder.lines(),
                centers,
                memory,
                sessions,
                Clock.systemUTC());
        MqttFront mqtt = parts.closeAtEnd(new MqttFront(vertx, mqttParts, meters));

        FileWatch files = parts.closeAtEnd(new FileWatch(settings.get(GatewaySettings.RELOAD_INTERVAL)));
        files.watch(
                "credentials",
                List.of(credentialsFile),
                () -> authenticator.use(authenticator.credentials().reread(credentialsFile, centers)));
        tls.ifPresent(pem -> files.watch(
                "certificates",
                pem.all(),
                () -> Future.all(http.useCertificates(pem.options()), mqtt.useCertificates(pem.options()))
                        .await(START_SECONDS, TimeUnit.SECONDS)));
        return open(settings, tls, http, mqtt);
    }

    private static Limits limits(Settings settings) {
        return new Limits(
                settings.get(GatewaySettings.CONNECTIONS),
                settings.get(GatewaySettings.MQTT_RECEIVE_MAXIMUM),
                settings.get(GatewaySettings.MQTT_TOPIC_ALIAS_MAXIMUM),
                settings.get(GatewaySettings.MQTT_SESSION_EXPIRY),
                settings.get(GatewaySettings.MQTT_KEEP_ALIVE));
    }

    private static Quotas quotas(Settings settings, Centers centers) {
        return new Quotas(
                centers.all().stream().map(Center::code).toList(),
                new Quotas.Limits(settings.get(GatewaySettings.QUOTA), settings.get(GatewaySettings.QUOTA_OF_CENTERS)),
                System::nanoTime);
    }

    private static Optional<Tokens> tokens(Settings settings, Centers centers) {
        String keys = settings.get(GatewaySettings.JWT_KEYS);
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        String issuer = settings.get(GatewaySettings.JWT_ISSUER);
        if (issuer.isEmpty()) {
            throw new IllegalArgumentException("gateway.jwt.keys needs gateway.jwt.issuer");
        }
        try {
            return Optional.of(new Tokens(
                    URI.create(keys).toURL(),
                    issuer,
                    settings.get(GatewaySettings.JWT_AUDIENCE),
                    settings.get(GatewaySettings.JWT_CENTERS),
                    centers));
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw new IllegalArgumentException("gateway.jwt.keys is not the address of a JWK Set", e);
        }
    }

    private static Ports open(Settings settings, Optional<TlsFiles> tls, HttpFront http, MqttFront mqtt) {
        String host = settings.get(GatewaySettings.HOST);
        boolean plain = settings.get(GatewaySettings.PLAIN);
        if (!plain && tls.isEmpty()) {
            throw new IllegalArgumentException("gateway.plain is false and there is no gateway.tls.certificate");
        }
        int httpPort = 0;
        int httpsPort = 0;
        int mqttPort = 0;
        int mqttsPort = 0;
        if (plain) {
            httpPort = opened(
                    http.open(host, settings.get(GatewaySettings.HTTP_PORT), Optional.empty()),
                    settings,
                    GatewaySettings.HTTP_PORT);
            mqttPort = opened(
                    mqtt.open(host, settings.get(GatewaySettings.MQTT_PORT), Optional.empty()),
                    settings,
                    GatewaySettings.MQTT_PORT);
        }
        if (tls.isPresent()) {
            Optional<ServerSSLOptions> options = tls.map(TlsFiles::options);
            httpsPort = opened(
                    http.open(host, settings.get(GatewaySettings.HTTPS_PORT), options),
                    settings,
                    GatewaySettings.HTTPS_PORT);
            mqttsPort = opened(
                    mqtt.open(host, settings.get(GatewaySettings.MQTTS_PORT), options),
                    settings,
                    GatewaySettings.MQTTS_PORT);
        }
        return new Ports(httpPort, httpsPort, mqttPort, mqttsPort);
    }

    private static <T> T opened(Future<T> opening, Settings settings, Setting<Integer> port) {
        try {
            return opening.await(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            if (e instanceof BindException || e.getCause() instanceof BindException) {
                throw new PortInUseException(
                        settings.get(GatewaySettings.HOST),
                        settings.get(port),
                        port.name() + " (" + port.variable() + ")");
            }
            throw new IllegalStateException("could not open " + port.name(), e);
        }
    }
}
