package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.format.Decoding;

class ExchangesTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";
    private static final byte[] GOOD = Decoding.GOOD.getBytes(UTF_8);
    private static RunningGateway gateway;
    private static ReadingsTopic topic;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
        topic = new ReadingsTopic(Infrastructure.kafka());
    }

    @AfterAll
    static void stop() {
        topic.close();
        gateway.close();
    }

    @BeforeEach
    void skipWhatOthersSent() {
        topic.skip();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aMessageWithQosTwoIsProcessedOnceUntilItIsReleased(int version) throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            for (int i = 0; i < 3; i++) {
                client.publish(2, 7, TOPIC, RawMqtt.NOTHING, GOOD);
                assertAnswer(client, RawMqtt.PUBREC, 7, 0);
            }
            client.release(7);
            assertAnswer(client, RawMqtt.PUBCOMP, 7, 0);
            topic.take(1);
            client.publish(2, 7, TOPIC, RawMqtt.NOTHING, GOOD);
            assertAnswer(client, RawMqtt.PUBREC, 7, 0);
            topic.take(1);
        }
    }

    @Test
    void anUnknownIdentifierIsReleasedAllTheSame() throws Exception {
        try (RawMqtt five = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt three = RawMqtt.accepted(gateway.ports.mqtt(), 4)) {
            five.release(9);
            assertAnswer(five, RawMqtt.PUBCOMP, 9, 0x92);
            three.release(9);
            assertAnswer(three, RawMqtt.PUBCOMP, 9, 0);
        }
    }

    /** An exchange that PUBREC refuses has ended, so the identifier is free and counts no more. */
    @Test
    void aRefusedMessageWithQosTwoNeedsNoRelease() throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            client.publish(2, 7, TOPIC, RawMqtt.NOTHING, "{".getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBREC, 7, 0x99);
            client.publish(2, 7, TOPIC, RawMqtt.NOTHING, GOOD);
            assertAnswer(client, RawMqtt.PUBREC, 7, 0);
            topic.take(2);
        }
    }

    @Test
    void identifiersAreKeptInTheSession() throws Exception {
        try (RawMqtt client = session("two")) {
            assertThat(client.read().body()[0]).isZero();
            client.publish(2, 7, TOPIC, RawMqtt.NOTHING, GOOD);
            assertAnswer(client, RawMqtt.PUBREC, 7, 0);
        }
        try (RawMqtt client = session("two")) {
            assertThat(client.read().body()[0]).as("session present").isEqualTo((byte) 1);
            client.publish(2, 7, TOPIC, RawMqtt.NOTHING, GOOD);
            assertAnswer(client, RawMqtt.PUBREC, 7, 0);
            client.release(7);
            assertAnswer(client, RawMqtt.PUBCOMP, 7, 0);
        }
        topic.take(1);
    }

    private static RawMqtt session(String clientId) throws Exception {
        RawMqtt client = new RawMqtt(gateway.ports.mqtt());
        byte[] expiry = {0x11, 0, 0, 0, 60};
        client.connect(5, clientId, false, 60, expiry, RunningGateway.ISENS, RunningGateway.PASSWORD);
        return client;
    }

    @Test
    void moreThanReceiveMaximumEndsTheConnection() throws Exception {
        Promise<Receipt> never = Promise.promise();
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.accepting(never.future()), OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, 5)) {
            for (int id = 1; id <= 6; id++) {
                client.publish(1 + id % 2, id, TOPIC, RawMqtt.NOTHING, GOOD);
            }
            assertDisconnected(client, 0x93);
        }
    }

    @Test
    void unreleasedMessagesCountForReceiveMaximum() throws Exception {
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.WILLING, OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, 5)) {
            for (int round = 0; round < 3; round++) {
                for (int id = 1; id <= 5; id++) {
                    client.publish(2, id, TOPIC, RawMqtt.NOTHING, GOOD);
                    assertAnswer(client, RawMqtt.PUBREC, id, 0);
                }
                for (int id = 1; round < 2 && id <= 5; id++) {
                    client.release(id);
                    assertAnswer(client, RawMqtt.PUBCOMP, id, 0);
                }
            }
            client.publish(2, 6, TOPIC, RawMqtt.NOTHING, GOOD);
            assertDisconnected(client, 0x93);
        }
    }

    /** Over 3.1.1 no maximum can be announced, so reading stops, and all is acknowledged once it can be. */
    @Test
    void versionThreeIsReadMoreSlowly() throws Exception {
        Promise<Receipt> later = Promise.promise();
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.accepting(later.future()), OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, 4)) {
            for (int id = 1; id <= 50; id++) {
                client.publish(1, id, TOPIC, RawMqtt.NOTHING, GOOD);
            }
            later.complete(new Receipt(1, List.of()));
            for (int id = 1; id <= 50; id++) {
                assertAnswer(client, RawMqtt.PUBACK, id, 0);
            }
        }
    }

    @Test
    void anAliasStandsForItsTopic() throws Exception {
        byte[] alias = {0x23, 0, 16};
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            client.publish(1, 1, TOPIC, alias, GOOD);
            client.publish(1, 2, "", alias, GOOD);
            client.publish(1, 3, TOPIC.replace("meter-1", "meter-2"), alias, noDevice());
            client.publish(1, 4, "", alias, noDevice());
            for (int id = 1; id <= 4; id++) {
                assertAnswer(client, RawMqtt.PUBACK, id, 0);
            }
        }
        assertThat(topic.takeReadings(4))
                .extracting(Reading::getDevice)
                .containsExactlyInAnyOrder("meter-1", "meter-1", "meter-2", "meter-2");
    }

    private static byte[] noDevice() {
        return Decoding.GOOD.replace("\"device\": \"meter-1\", ", "").getBytes(UTF_8);
    }

    @Test
    void anAliasIsWithinTheMaximumAndSet() throws Exception {
        try (RawMqtt beyond = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt zero = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt unknown = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt none = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            beyond.publish(1, 1, TOPIC, new byte[] {0x23, 0, 17}, GOOD);
            assertDisconnected(beyond, 0x94);
            zero.publish(1, 1, TOPIC, new byte[] {0x23, 0, 0}, GOOD);
            assertDisconnected(zero, 0x94);
            unknown.publish(1, 1, "", new byte[] {0x23, 0, 3}, GOOD);
            assertDisconnected(unknown, 0x82);
            none.publish(1, 1, "", RawMqtt.NOTHING, GOOD);
            assertDisconnected(none, 0x82);
        }
        topic.assertNothingMore();
    }

    private static void assertAnswer(RawMqtt client, int type, int id, int reason) throws Exception {
        RawMqtt.Packet answer = client.read();
        assertThat(answer.type()).isEqualTo(type);
        assertThat(answer.messageId()).isEqualTo(id);
        assertThat(answer.reason()).isEqualTo(reason);
    }

    private static void assertDisconnected(RawMqtt client, int reason) throws Exception {
        RawMqtt.Packet last = client.read();
        assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
        assertThat(last.disconnectReason()).isEqualTo(reason);
        assertThat(client.closed()).isTrue();
    }
}
