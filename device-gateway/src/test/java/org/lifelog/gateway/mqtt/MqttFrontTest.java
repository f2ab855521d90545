package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt3.Mqtt3BlockingClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3ConnAckException;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAckReturnCode;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.suback.Mqtt3SubAckReturnCode;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.format.Decoding;

class MqttFrontTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";
    private static final String CONNECTIONS = "lifelog_gateway_connections{protocol=\"mqtt\"}";

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

    @AfterEach
    void nothingIsLeft() {
        topic.assertNothingMore();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageOfAnyQosComesToKafka(MqttQos qos) {
        Mqtt3BlockingClient client = connected();
        client.publishWith()
                .topic(TOPIC)
                .qos(qos)
                .payload(Decoding.batch(Decoding.GOOD).getBytes(UTF_8))
                .send();
        ConsumerRecord<String, IndexedRecord> record = topic.takeOne();
        assertThat(record.key()).isEqualTo("isens/S-0042");
        Reading reading = (Reading) record.value();
        assertThat(reading.getCenter()).isEqualTo("isens");
        assertThat(reading.getDevice()).isEqualTo("meter-1");
        assertThat(reading.getVendor()).isEqualTo("isens-vendor");
        assertThat(reading.getValue()).isEqualTo(6.4);
        assertThat(reading.getSequence()).isEqualTo(311);
        client.disconnect();
    }

    @Test
    void theDeviceComesFromTheTopic() {
        Mqtt3BlockingClient client = connected();
        publish(client, TOPIC, Decoding.GOOD.replace("\"device\": \"meter-1\", ", "") + "\n" + Decoding.GOOD);
        assertThat(topic.takeReadings(2)).extracting(Reading::getDevice).containsOnly("meter-1");
        client.disconnect();
    }

    @ParameterizedTest
    @CsvSource({"isens-vendor, wrong", "nobody, wrong"})
    void aWrongCredentialIsRefused(String username, String password) {
        assertThatExceptionOfType(Mqtt3ConnAckException.class)
                .isThrownBy(() -> client().connectWith()
                        .simpleAuth()
                        .username(username)
                        .password(password.getBytes(UTF_8))
                        .applySimpleAuth()
                        .send())
                .satisfies(e -> assertThat(e.getMqttMessage().getReturnCode())
                        .isEqualTo(Mqtt3ConnAckReturnCode.BAD_USER_NAME_OR_PASSWORD));
    }

    @Test
    void withoutACredentialNobodyIsTaken() {
        assertThatExceptionOfType(Mqtt3ConnAckException.class)
                .isThrownBy(() -> client().connect())
                .satisfies(e -> assertThat(e.getMqttMessage().getReturnCode())
                        .isEqualTo(Mqtt3ConnAckReturnCode.BAD_USER_NAME_OR_PASSWORD));
    }

    @ParameterizedTest
    @CsvSource({
        "centers/kweather/devices/meter-1/readings",
        "centers/elsewhere/devices/meter-1/readings",
        "centers/isens/devices/meter-1/receipts",
        "readings"
    })
    void aTopicThatIsNotItsOwnClosesTheConnection(String foreign) throws Exception {
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertThat(client.read().body()).containsExactly(0, 0);
            client.publish(1, foreign, Decoding.GOOD.getBytes(UTF_8));
            assertThat(client.readToEnd()).as("bytes of a PUBACK").isZero();
        }
    }

    @Test
    void subscriptionsAreRefused() {
        Mqtt3BlockingClient client = connected();
        assertThatExceptionOfType(Mqtt3SubAckException.class)
                .isThrownBy(() -> client.subscribeWith().topicFilter("#").send())
                .satisfies(e ->
                        assertThat(e.getMqttMessage().getReturnCodes()).containsExactly(Mqtt3SubAckReturnCode.FAILURE));
        publish(client, TOPIC, Decoding.GOOD);
        topic.take(1);
        client.unsubscribeWith().topicFilter("#").send();
        client.disconnect();
    }

    @Test
    void retainHasNoEffect() {
        Mqtt3BlockingClient client = connected();
        client.publishWith()
                .topic(TOPIC)
                .qos(MqttQos.AT_LEAST_ONCE)
                .retain(true)
                .payload(Decoding.GOOD.getBytes(UTF_8))
                .send();
        assertThat(topic.takeReadings(1)).hasSize(1);
        client.disconnect();
    }

    @Test
    void aWillHasNoEffect() throws Exception {
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(RunningGateway.ISENS, RunningGateway.PASSWORD);
            RawMqtt.Packet answer = client.read();
            assertThat(answer.type()).isEqualTo(RawMqtt.CONNACK);
            assertThat(answer.body()).containsExactly(0, 0);
            await().atMost(Duration.ofSeconds(30)).until(() -> gateway.meter(CONNECTIONS) == 1);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> gateway.meter(CONNECTIONS) == 0);
        topic.assertNothingMore();
    }

    /** Subjects lie on different partitions, and large messages take longer than small ones. */
    @Test
    void acknowledgementsComeInTheOrderOfTheMessages() throws Exception {
        int messages = 200;
        int readings = 0;
        try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
            client.connect(RunningGateway.ISENS, RunningGateway.PASSWORD);
            assertThat(client.read().body()).containsExactly(0, 0);
            for (int id = 1; id <= messages; id++) {
                String[] batch = new String[id % 7 == 0 ? 200 : 1];
                Arrays.fill(batch, Decoding.GOOD.replace("S-0042", "S-" + id));
                readings += batch.length;
                client.publish(id, TOPIC, Decoding.batch(batch).getBytes(UTF_8));
            }
            List<Integer> acknowledged = new ArrayList<>();
            for (int id = 1; id <= messages; id++) {
                RawMqtt.Packet packet = client.read();
                assertThat(packet.type()).isEqualTo(RawMqtt.PUBACK);
                acknowledged.add(packet.messageId());
                assertThat(packet.messageId()).isEqualTo(id);
            }
        }
        topic.take(readings);
    }

    /** What is under way when the gateway stops is acknowledged first; then MQTT 5 is told. */
    @Test
    void whenTheGatewayStopsItAcknowledgesWhatIsUnderWay() throws Exception {
        Promise<Receipt> later = Promise.promise();
        OwnFront own = new OwnFront(OwnFront.LIMITS, OwnFront.accepting(later.future()), OwnFront.known());
        try (RawMqtt five = RawMqtt.accepted(own.port, 5);
                RawMqtt three = RawMqtt.accepted(own.port, 4)) {
            five.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
            five.send(0xC0, out -> {});
            assertThat(five.read().type()).isEqualTo(RawMqtt.PINGRESP);
            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> {
                try {
                    own.close();
                } catch (TimeoutException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(three.closed()).isTrue();
            later.complete(new Receipt(1, List.of()));
            assertThat(five.read().type()).isEqualTo(RawMqtt.PUBACK);
            RawMqtt.Packet last = five.read();
            assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
            assertThat(last.disconnectReason()).isEqualTo(0x8B);
            closed.get(60, TimeUnit.SECONDS);
        }
    }

    static Mqtt3BlockingClient client() {
        return MqttClient.builder()
                .useMqttVersion3()
                .serverHost("127.0.0.1")
                .serverPort(gateway.ports.mqtt())
                .buildBlocking();
    }

    private static Mqtt3BlockingClient connected() {
        Mqtt3BlockingClient client = client();
        assertThat(client.connectWith()
                        .simpleAuth()
                        .username(RunningGateway.ISENS)
                        .password(RunningGateway.PASSWORD.getBytes(UTF_8))
                        .applySimpleAuth()
                        .send()
                        .isSessionPresent())
                .isFalse();
        return client;
    }

    private static void publish(Mqtt3BlockingClient client, String address, String payload) {
        client.publishWith()
                .topic(address)
                .qos(MqttQos.AT_LEAST_ONCE)
                .payload(payload.getBytes(UTF_8))
                .send();
    }
}
