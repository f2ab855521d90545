package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.format.Decoding;

/** Each cell of the failure table for messages, over MQTT 3.1.1 and 5. Those of CONNACK are in HandshakeTest. */
class FailureOverMqttTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";
    private static final byte[] GOOD = Decoding.GOOD.getBytes(UTF_8);
    private static RunningGateway gateway;
    private static ReadingsTopic topic;

    @TempDir
    private Path folder;

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
    @CsvSource({
        "4, {, malformed, 0", "5, {, malformed, 0x99",
        "4, '', empty-batch, 0", "5, '', empty-batch, 0x99",
    })
    void whatCannotBeReadIsKeptAsItIs(int version, String payload, String code, String reason) throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            client.publish(1, TOPIC, payload.getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBACK, Integer.decode(reason));
            client.publish(2, 1, TOPIC, RawMqtt.NOTHING, payload.getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBREC, Integer.decode(reason));
        }
        topic.take(2).forEach(record -> {
            QuarantinedReading kept = (QuarantinedReading) record.value();
            assertThat(kept.getReasons()).containsExactly(code);
            assertThat(ReadingsTopic.raw(kept)).asString(UTF_8).isEqualTo(payload);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "centers/kweather/devices/meter-9/readings, forbidden, 0x87, meter-9",
        "centers/elsewhere/devices/meter-9/readings, not-found, 0x90, meter-9",
        "centers/isens/devices/meter-9/receipts, not-found, 0x90, device-7",
        "readings, not-found, 0x90, device-7"
    })
    void aTopicThatIsNotItsOwn(String foreign, String code, String reason, String device) throws Exception {
        try (RawMqtt three = RawMqtt.accepted(gateway.ports.mqtt(), 4)) {
            three.publish(1, foreign, GOOD);
            assertThat(three.closed()).isTrue();
        }
        topic.assertNothingMore();
        try (RawMqtt five = new RawMqtt(gateway.ports.mqtt())) {
            five.connect(5, "device-7", true, 60, RawMqtt.NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
            five.read();
            five.publish(1, foreign, GOOD);
            assertAnswer(five, RawMqtt.PUBACK, Integer.decode(reason));
            five.publish(2, TOPIC, GOOD);
            assertAnswer(five, RawMqtt.PUBACK, 0);
        }
        assertThat(topic.take(2))
                .filteredOn(record -> record.value() instanceof QuarantinedReading)
                .singleElement()
                .satisfies(record -> {
                    QuarantinedReading note = (QuarantinedReading) record.value();
                    assertThat(record.key()).isEqualTo("isens/~" + device);
                    assertThat(note.getCenter()).isEqualTo("isens");
                    assertThat(note.getReasons()).containsExactly(code);
                    assertThat(ReadingsTopic.raw(note)).isEmpty();
                });
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "5, 0x99"})
    void tooManyAndTooDeepIsNotedWithoutItsBody(int version, String reason) throws Exception {
        String[] items = new String[10_001];
        Arrays.fill(items, "{}");
        String deep = "{\"readings\": [{\"a\": " + "[".repeat(20) + "]".repeat(20) + "}]}";
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            client.publish(1, TOPIC, Decoding.batch(items).getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBACK, Integer.decode(reason));
            client.publish(1, TOPIC, deep.getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBACK, Integer.decode(reason));
        }
        topic.take(2).forEach(record -> {
            QuarantinedReading kept = (QuarantinedReading) record.value();
            assertThat(kept.getReasons()).containsExactly("too-large");
            assertThat(ReadingsTopic.raw(kept)).isEmpty();
        });
    }

    @Test
    void aPacketOverTheAnnouncedMaximumEndsVersionFive() throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            client.publish(1, TOPIC, new byte[8 << 20]);
            assertDisconnected(client, 0x95);
        }
        topic.assertNothingMore();
    }

    @Test
    void aPacketUpToTheAnnouncedMaximumIsTaken() throws Exception {
        byte[] large = Arrays.copyOf(GOOD, (8 << 20) - 100);
        Arrays.fill(large, GOOD.length, large.length, (byte) ' ');
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            client.publish(1, TOPIC, large);
            assertAnswer(client, RawMqtt.PUBACK, 0);
        }
        topic.take(1);
    }

    @Test
    void versionThreeIsClosedOnlyPastSixteenMebibytes() throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 4)) {
            client.publish(1, TOPIC, new byte[15 << 20]);
            assertAnswer(client, RawMqtt.PUBACK, 0);
            QuarantinedReading kept = topic.takeQuarantined();
            assertThat(kept.getReasons()).containsExactly("too-large");
            assertThat(ReadingsTopic.raw(kept)).isEmpty();
            assertThat(kept.getDetail()).isEqualTo("The message has 15728640 bytes; at most 8388608 are taken.");
            client.sendBytes(new byte[] {0x32, (byte) 0x81, (byte) 0x80, (byte) 0x80, 8});
            assertThat(client.closed()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "5, 0x99"})
    void whereEveryReadingIsRefusedTheReceiptSaysWhy(int version, String reason) throws Exception {
        String bad = Decoding.batch(Decoding.GOOD.replace("mmol/L", "mmol"));
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            client.subscribe(1, RawMqtt.NOTHING, "centers/isens/devices/meter-1/receipts");
            assertThat(client.read().type()).isEqualTo(RawMqtt.SUBACK);
            client.publish(2, TOPIC, bad.getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBACK, Integer.decode(reason));
            RawMqtt.Packet receipt = client.read();
            assertThat(receipt.type()).isEqualTo(RawMqtt.PUBLISH);
            assertThat(new String(receipt.body(), UTF_8))
                    .contains("\"accepted\":0", "\"refused\":1", "unit-not-allowed", "\"messageId\":2");
        }
        topic.take(1);
    }

    @ParameterizedTest
    @CsvSource({"4", "5"})
    void aBatchWithSomeRefusedItemsIsAcknowledged(int version) throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            client.publish(1, TOPIC, Decoding.batch(Decoding.GOOD, "3").getBytes(UTF_8));
            assertAnswer(client, RawMqtt.PUBACK, 0);
        }
        topic.take(2);
    }

    @Test
    void theReasonIsGivenInWordsWhereTheClientWantsThem() throws Exception {
        try (RawMqtt wordy = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt terse = new RawMqtt(gateway.ports.mqtt())) {
            wordy.publish(1, TOPIC, "{".getBytes(UTF_8));
            assertThat(new String(wordy.read().body(), UTF_8)).contains("This is not JSON");
            byte[] noProblemInformation = {0x17, 0};
            terse.connect(5, "", true, 60, noProblemInformation, RunningGateway.ISENS, RunningGateway.PASSWORD);
            terse.read();
            terse.publish(1, TOPIC, "{".getBytes(UTF_8));
            RawMqtt.Packet answer = terse.read();
            assertThat(answer.reason()).isEqualTo(0x99);
            assertThat(answer.body()).hasSizeLessThanOrEqualTo(4);
        }
        topic.take(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aQuotaIsWaitedForAndThenEndsTheConnection(int version) throws Exception {
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.refusing(Failure.QUOTA_EXCEEDED), OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, version)) {
            client.publish(1, TOPIC, GOOD);
            assertEnded(client, version, 0x97);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aGatewayThatIsFullEndsTheConnection(int version) throws Exception {
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.refusing(Failure.UNAVAILABLE), OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, version)) {
            client.publish(1, TOPIC, GOOD);
            assertEnded(client, version, 0x89);
        }
    }

    /** The client sends again what was not acknowledged, to this gateway or another. */
    @Test
    void whileKafkaIsAwayNothingIsAcknowledged() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(folder, "127.0.0.1", 0);
        RunningGateway.applyTopics(kafka.bootstrap());
        try (RunningGateway impatient =
                new RunningGateway(kafka.bootstrap(), Map.of("LIFELOG_GATEWAY_DELIVERY_TIMEOUT", "PT2S"))) {
            impatient.awaitReady();
            for (int version : List.of(5, 4)) {
                try (RawMqtt before = RawMqtt.accepted(impatient.ports.mqtt(), version)) {
                    before.publish(1, TOPIC, GOOD);
                    assertAnswer(before, RawMqtt.PUBACK, 0);
                }
            }
            kafka.close();
            for (int version : List.of(5, 4)) {
                try (RawMqtt client = RawMqtt.accepted(impatient.ports.mqtt(), version)) {
                    client.publish(1, TOPIC, GOOD);
                    client.publish(2, 2, TOPIC, RawMqtt.NOTHING, GOOD);
                    assertEnded(client, version, 0x89);
                }
            }
            try (RawMqtt client = new RawMqtt(impatient.ports.mqtt())) {
                byte[] expiry = {0x11, 0, 0, 0, 60};
                client.connect(5, "s", true, 60, expiry, RunningGateway.ISENS, RunningGateway.PASSWORD);
                assertThat(client.read().body()[1] & 0xFF)
                        .as("a session cannot be kept")
                        .isEqualTo(0x88);
            }
            try (RawMqtt client = new RawMqtt(impatient.ports.mqtt())) {
                client.connect(4, "s", false, 60, RawMqtt.NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
                assertThat(client.read().body()[1]).isEqualTo((byte) 3);
            }
        } finally {
            kafka.close();
        }
    }

    private static void assertAnswer(RawMqtt client, int type, int reason) throws Exception {
        RawMqtt.Packet answer = client.read();
        assertThat(answer.type()).isEqualTo(type);
        assertThat(answer.reason()).isEqualTo(reason);
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
