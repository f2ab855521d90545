package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.access.Credential;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoding;

class HandshakeTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void connackAnnouncesWhatThereIs() {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(gateway.ports.mqtt())
                .buildBlocking();
        Mqtt5ConnAck answer = client.connectWith()
                .keepAlive(0)
                .sessionExpiryInterval(0xFFFF_FFFFL)
                .simpleAuth()
                .username(RunningGateway.ISENS)
                .password(RunningGateway.PASSWORD.getBytes(UTF_8))
                .applySimpleAuth()
                .send();
        assertThat(answer.isSessionPresent()).isFalse();
        assertThat(answer.getAssignedClientIdentifier()).isPresent();
        assertThat(answer.getServerKeepAlive()).hasValue(1_200);
        assertThat(answer.getSessionExpiryInterval()).hasValue(604_800);
        assertThat(answer.getRestrictions().getReceiveMaximum()).isEqualTo(100);
        assertThat(answer.getRestrictions().getTopicAliasMaximum()).isEqualTo(16);
        assertThat(answer.getRestrictions().getMaximumPacketSize()).isEqualTo(8 << 20);
        assertThat(answer.getRestrictions().getMaximumQos().getCode()).isEqualTo(2);
        assertThat(answer.getRestrictions().isRetainAvailable()).isFalse();
        assertThat(answer.getRestrictions().isWildcardSubscriptionAvailable()).isFalse();
        assertThat(answer.getRestrictions().isSharedSubscriptionAvailable()).isFalse();
        assertThat(answer.getRestrictions().areSubscriptionIdentifiersAvailable())
                .isFalse();
        client.disconnect();
    }

    @Test
    void whatTheClientAsksForWithinTheLimitsIsNotAnnounced() throws Exception {
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(5, "a", true, 60, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertThat(client.read().body())
                    .as("CONNACK with Receive Maximum, Topic Alias Maximum, Maximum Packet Size and four times no")
                    .isEqualTo(new byte[] {
                        0,
                        0,
                        19,
                        0x21,
                        0,
                        100,
                        0x22,
                        0,
                        16,
                        0x25,
                        0,
                        0x27,
                        0,
                        (byte) 0x80,
                        0,
                        0,
                        0x28,
                        0,
                        0x29,
                        0,
                        0x2A,
                        0
                    })
                    .hasSize(22);
        }
    }

    private static final byte[] NOTHING = RawMqtt.NOTHING;

    @ParameterizedTest
    @CsvSource({"isens-vendor, wrong", "nobody, wrong"})
    void aWrongCredentialIsRefused(String username, String password) throws Exception {
        assertRefused(5, "a", true, NOTHING, username, password, 0x86);
        assertRefused(4, "a", true, NOTHING, username, password, 4);
    }

    @Test
    void aClientIdentifierHasBounds() throws Exception {
        assertRefused(5, "x".repeat(257), true, NOTHING, 0x85);
        assertRefused(4, "x".repeat(257), true, NOTHING, 2);
        assertRefused(4, "", false, NOTHING, 2);
        RawMqtt.accepted(gateway.ports.mqtt(), 4).close();
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(4, "x".repeat(256), true, 60, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertThat(client.read().body()).containsExactly(0, 0);
        }
    }

    @Test
    void extendedAuthenticationIsRefused() throws Exception {
        byte[] method = RawMqtt.bytes(out -> {
            out.write(0x15);
            RawMqtt.text(out, "SCRAM-SHA-1");
        });
        assertRefused(5, "a", true, method, 0x8C);
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            client.send(0xF0, out -> {});
            assertDisconnected(client, 0x8C);
        }
    }

    @Test
    void otherVersionsAreTurnedAway() throws Exception {
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.send(0x10, out -> {
                RawMqtt.text(out, "MQIsdp");
                out.write(3);
            });
            assertThat(client.read().body()).containsExactly(0, 1);
            assertThat(client.closed()).isTrue();
        }
        assertRefused(3, "a", true, NOTHING, 1);
        assertRefused(6, "a", true, NOTHING, 0x84);
    }

    @Test
    void aConnectThatIsNotInOrderIsAnswered() throws Exception {
        byte[] twice = {0x21, 0, 1, 0x21, 0, 1};
        assertRefused(5, "a", true, twice, 0x82);
        assertRefused(5, "a\0", true, NOTHING, 0x81);
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(4, "a\0", true, 60, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertThat(client.closed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aSecondConnectEndsIt(int version) throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            client.connect(version, "a", true, 60, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertEnded(client, version, 0x82);
        }
    }

    @Test
    void whatIsNotMqttIsClosed() throws Exception {
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.sendBytes("GET / HTTP/1.1\r\n\r\n".getBytes(UTF_8));
            assertThat(client.closed()).isTrue();
        }
    }

    /** Clients need not wait for CONNACK, and devices that wake up seldom do not. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void whatComesBeforeConnackIsTakenAfterIt(int version) throws Exception {
        try (ReadingsTopic topic = new ReadingsTopic(Infrastructure.kafka());
                RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(version, "", true, 60, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            client.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
            client.publish(1, 2, TOPIC, NOTHING, Decoding.GOOD.getBytes(UTF_8));
            assertThat(client.read().type()).isEqualTo(RawMqtt.CONNACK);
            assertThat(client.read().messageId()).isEqualTo(1);
            assertThat(client.read().messageId()).isEqualTo(2);
            topic.take(2);
        }
    }

    @Test
    void ofARefusedClientNothingIsTaken() throws Exception {
        try (ReadingsTopic topic = new ReadingsTopic(Infrastructure.kafka());
                RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(5, "a", true, 60, NOTHING, RunningGateway.ISENS, "wrong");
            client.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
            assertThat(client.read().body()[1] & 0xFF).isEqualTo(0x86);
            assertThat(client.closed()).isTrue();
            topic.assertNothingMore();
        }
    }

    @ParameterizedTest
    @CsvSource({"UNAVAILABLE, 0x88", "QUOTA_EXCEEDED, 0x9F", "FORBIDDEN, 0x87"})
    void whatFailsBeforeConnackHasItsCode(Failure failure, String code) throws Exception {
        Authenticating failing = OwnFront.authenticating(Future.failedFuture(new Refusal(failure, "No.")));
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.WILLING, failing)) {
            assertRefused(own.port, 5, "a", true, NOTHING, "u", "p", Integer.decode(code));
            assertRefused(own.port, 4, "a", true, NOTHING, "u", "p", failure == Failure.FORBIDDEN ? 5 : 3);
        }
    }

    @Test
    void authenticationEndsInTime() throws Exception {
        Authenticating slow =
                OwnFront.authenticating(Promise.<Credential>promise().future());
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.WILLING, slow)) {
            assertRefused(own.port, 5, "a", true, NOTHING, "u", "p", 0x88);
            assertRefused(own.port, 4, "a", true, NOTHING, "u", "p", 3);
        }
    }

    @Test
    void connectMustComeInTime() throws Exception {
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.WILLING, OwnFront.known());
                RawMqtt client = new RawMqtt(own.port)) {
            assertThat(client.closed()).isTrue();
        }
    }

    @Test
    void thereAreOnlySoManyConnections() throws Exception {
        Limits one = new Limits(1, 5, 4, Duration.ofMinutes(10), Duration.ofMinutes(20));
        try (OwnFront own = new OwnFront(one, OwnFront.WILLING, OwnFront.known());
                RawMqtt first = RawMqtt.accepted(own.port, 4)) {
            assertRefused(own.port, 5, "a", true, NOTHING, "u", "p", 0x9F);
            assertRefused(own.port, 4, "a", true, NOTHING, "u", "p", 3);
            first.send(0xC0, out -> {});
            assertThat(first.read().type()).isEqualTo(RawMqtt.PINGRESP);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void anExpiredCredentialEndsTheConnection(int version) throws Exception {
        Credential expires = new Credential(
                RunningGateway.ISENS, Set.of("isens"), Optional.of(Instant.now().plusMillis(300)));
        try (OwnFront own = new OwnFront(
                        OwnFront.LIMITS, OwnFront.WILLING, OwnFront.authenticating(Future.succeededFuture(expires)));
                RawMqtt client = RawMqtt.accepted(own.port, version)) {
            assertEnded(client, version, 0x87);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aSilentClientIsClosed(int version) throws Exception {
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(version, "", true, 1, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertThat(client.read().type()).isEqualTo(RawMqtt.CONNACK);
            assertEnded(client, version, 0x8D);
        }
    }

    private static void assertRefused(int version, String clientId, boolean clean, byte[] properties, int code)
            throws Exception {
        assertRefused(version, clientId, clean, properties, RunningGateway.ISENS, RunningGateway.PASSWORD, code);
    }

    private static void assertRefused(
            int version, String clientId, boolean clean, byte[] properties, String username, String password, int code)
            throws Exception {
        assertRefused(gateway.ports.mqtt(), version, clientId, clean, properties, username, password, code);
    }

    private static void assertRefused(
            int port,
            int version,
            String clientId,
            boolean clean,
            byte[] properties,
            String username,
            String password,
            int code)
            throws Exception {
        try (RawMqtt client = new RawMqtt(port)) {
            client.connect(version, clientId, clean, 60, properties, username, password);
            RawMqtt.Packet answer = client.read();
            assertThat(answer.type()).isEqualTo(RawMqtt.CONNACK);
            assertThat(answer.body()[0]).as("session present").isZero();
            assertThat(answer.body()[1] & 0xFF).isEqualTo(code);
            assertThat(client.closed()).isTrue();
        }
    }

    private static void assertEnded(RawMqtt client, int version, int reason) throws Exception {
        if (version == 5) {
            assertDisconnected(client, reason);
        } else {
            assertThat(client.closed()).isTrue();
        }
    }

    private static void assertDisconnected(RawMqtt client, int reason) throws Exception {
        RawMqtt.Packet last = client.read();
        assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
        assertThat(last.disconnectReason()).isEqualTo(reason);
        assertThat(client.closed()).isTrue();
    }
}
