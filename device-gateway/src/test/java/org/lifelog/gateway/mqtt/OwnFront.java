package org.lifelog.gateway.mqtt;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ServerSSLOptions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.lifelog.contract.Catalogue;
import org.lifelog.contract.Centers;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.accept.Lane;
import org.lifelog.gateway.accept.Memory;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.ReadingDecoder;
import org.lifelog.registry.KafkaAvroDeserializer;
import org.lifelog.registry.KafkaAvroSerializer;

/** A front on a free port with what stands behind it made to measure, for cases that the real parts do not come to. */
final class OwnFront implements AutoCloseable {
    static final Credential ISENS = new Credential(RunningGateway.ISENS, Set.of("isens"), Optional.empty());

    /** Short times, and few of everything. */
    static final Limits LIMITS = new Limits(
            100,
            5,
            4,
            Limits.MOST_PAYLOAD_BYTES,
            Duration.ofMinutes(10),
            Duration.ofMinutes(20),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofSeconds(2));

    /** Takes everything. */
    static final Accepting WILLING = accepting(Future.succeededFuture(new Receipt(1, List.of())));

    final int port;
    final MqttFront front;
    final MqttSessions sessions;
    final Memory memory;
    private final Vertx vertx = Vertx.vertx();
    private final KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", Infrastructure.kafka()), new StringSerializer(), new ByteArraySerializer());

    OwnFront(Limits limits, Accepting accepting, Authenticating authenticating) {
        this(limits, accepting, authenticating, Optional.empty());
    }

    OwnFront(Limits limits, Accepting accepting, Authenticating authenticating, Optional<ServerSSLOptions> tls) {
        RunningGateway.applyTopics(Infrastructure.kafka());
        Map<String, Object> registry =
                Map.of("schema.registry.url", Infrastructure.registryUrl(), "specific.avro.reader", true);
        KafkaAvroSerializer serializer = new KafkaAvroSerializer();
        serializer.configure(registry, false);
        KafkaAvroDeserializer deserializer = new KafkaAvroDeserializer();
        deserializer.configure(registry, false);
        sessions = new MqttSessions(
                Map.of("bootstrap.servers", Infrastructure.kafka()),
                producer,
                serializer,
                deserializer,
                new MqttSessions.Most(1_000, 1_000),
                Clock.systemUTC());
        Catalogue catalogue = Catalogue.load();
        MeterRegistry meters = new SimpleMeterRegistry();
        memory = new Memory(64 << 20, meters);
        front = new MqttFront(
                vertx,
                new MqttFront.Parts(
                        limits,
                        accepting,
                        authenticating,
                        new ReadingDecoder(catalogue).lines(),
                        Centers.load(catalogue),
                        memory,
                        sessions,
                        Clock.systemUTC()),
                meters);
        try {
            port = front.open("127.0.0.1", 0, tls).await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> sessions.check().ok());
    }

    static Accepting accepting(Future<Receipt> answer) {
        return new Accepting() {
            @Override
            public Future<Receipt> accept(Message message) {
                return answer;
            }

            @Override
            public Future<Void> quarantine(Sender sender, String device, byte[] body, Refusal refusal, Lane lane) {
                return Future.succeededFuture();
            }
        };
    }

    static Accepting refusing(Failure failure) {
        return accepting(Future.failedFuture(new Refusal(failure, "Not now.", Duration.ofMillis(100))));
    }

    /** Answers the same to everybody. */
    static Authenticating authenticating(Future<Credential> answer) {
        return new Authenticating() {
            @Override
            public Future<Credential> credential(
                    String address,
                    Optional<String> username,
                    Optional<String> password,
                    Optional<X509Certificate> certificate) {
                return answer;
            }

            @Override
            public boolean stillGood(Credential credential, Instant now) {
                return credential.expires().filter(end -> !now.isBefore(end)).isEmpty();
            }
        };
    }

    static Authenticating known() {
        return authenticating(Future.succeededFuture(ISENS));
    }

    @Override
    public void close() throws TimeoutException {
        front.close();
        sessions.close();
        producer.close();
        vertx.close().await(30, TimeUnit.SECONDS);
    }
}
