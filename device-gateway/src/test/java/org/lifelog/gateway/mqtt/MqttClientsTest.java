package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.puback.Mqtt5PubAckReasonCode;
import com.hivemq.client.mqtt.mqtt5.message.publish.pubrec.Mqtt5PubRecReasonCode;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

/** The client libraries that devices use. HiveMQ's over 3.1.1 is in MqttFrontTest. */
class MqttClientsTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";
    private static final String RECEIPTS = "centers/isens/devices/meter-1/receipts";
    private static final byte[] GOOD = Decoding.GOOD.getBytes(UTF_8);
    private static final long SECONDS = 30;
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
    @EnumSource
    void hiveMqOverVersionFive(MqttQos qos) throws Exception {
        Mqtt5BlockingClient client = hiveMq();
        try (Mqtt5BlockingClient.Mqtt5Publishes receipts = client.publishes(MqttGlobalPublishFilter.ALL)) {
            client.subscribeWith()
                    .topicFilter(RECEIPTS)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .send();
            client.publishWith()
                    .topic(TOPIC)
                    .qos(qos)
                    .payload(GOOD)
                    .correlationData("c-1".getBytes(UTF_8))
                    .send();
            Mqtt5Publish receipt = receipts.receive(SECONDS, TimeUnit.SECONDS).orElseThrow();
            assertThat(new JsonObject(new String(receipt.getPayloadAsBytes(), UTF_8)).getInteger("accepted"))
                    .isEqualTo(1);
            assertThat(receipt.getCorrelationData().map(UTF_8::decode).map(Object::toString))
                    .contains("c-1");
        }
        assertThat(topic.takeReadings(1)).extracting(Reading::getVendor).containsExactly(RunningGateway.ISENS);
        client.unsubscribeWith().topicFilter(RECEIPTS).send();
        client.disconnect();
    }

    @Test
    void hiveMqLearnsWhyAMessageIsRefused() {
        Mqtt5BlockingClient client = hiveMq();
        assertThatExceptionOfType(Mqtt5PubAckException.class)
                .isThrownBy(() -> client.publishWith()
                        .topic(TOPIC)
                        .qos(MqttQos.AT_LEAST_ONCE)
                        .payload("{".getBytes(UTF_8))
                        .send())
                .satisfies(e -> {
                    assertThat(e.getMqttMessage().getReasonCode())
                            .isEqualTo(Mqtt5PubAckReasonCode.PAYLOAD_FORMAT_INVALID);
                    assertThat(e.getMqttMessage()
                                    .getReasonString()
                                    .orElseThrow()
                                    .toString())
                            .contains("not JSON");
                });
        assertThatExceptionOfType(Mqtt5PubRecException.class)
                .isThrownBy(() -> client.publishWith()
                        .topic("centers/kweather/devices/meter-1/readings")
                        .qos(MqttQos.EXACTLY_ONCE)
                        .payload(GOOD)
                        .send())
                .satisfies(e ->
                        assertThat(e.getMqttMessage().getReasonCode()).isEqualTo(Mqtt5PubRecReasonCode.NOT_AUTHORIZED));
        client.disconnect();
        topic.take(2);
    }

    private static Mqtt5BlockingClient hiveMq() {
        Mqtt5BlockingClient client = MqttClient.builder()
                .useMqttVersion5()
                .serverHost("127.0.0.1")
                .serverPort(gateway.ports.mqtt())
                .buildBlocking();
        client.connectWith()
                .willPublish()
                .topic(TOPIC)
                .payload("{".getBytes(UTF_8))
                .applyWillPublish()
                .simpleAuth()
                .username(RunningGateway.ISENS)
                .password(RunningGateway.PASSWORD.getBytes(UTF_8))
                .applySimpleAuth()
                .send();
        return client;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void pahoOverVersionThree(int qos) throws Exception {
        BlockingQueue<String> receipts = new ArrayBlockingQueue<>(10);
        try (org.eclipse.paho.client.mqttv3.MqttClient client = new org.eclipse.paho.client.mqttv3.MqttClient(
                "tcp://127.0.0.1:" + gateway.ports.mqtt(), "paho-3", new MemoryPersistence())) {
            MqttConnectOptions options = new MqttConnectOptions();
            options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
            options.setUserName(RunningGateway.ISENS);
            options.setPassword(RunningGateway.PASSWORD.toCharArray());
            options.setCleanSession(false);
            client.connect(options);
            client.subscribe(RECEIPTS, 0, (name, message) -> receipts.add(new String(message.getPayload(), UTF_8)));
            client.publish(TOPIC, GOOD, qos, true);
            assertThat(receipts.poll(SECONDS, TimeUnit.SECONDS)).startsWith("{\"accepted\":1");
            client.unsubscribe(RECEIPTS);
            client.disconnect();
        }
        topic.take(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void pahoOverVersionFive(int qos) throws Exception {
        BlockingQueue<String> receipts = new ArrayBlockingQueue<>(10);
        org.eclipse.paho.mqttv5.client.MqttClient client = new org.eclipse.paho.mqttv5.client.MqttClient(
                "tcp://127.0.0.1:" + gateway.ports.mqtt(),
                "paho-5",
                new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setUserName(RunningGateway.ISENS);
        options.setPassword(RunningGateway.PASSWORD.getBytes(UTF_8));
        options.setCleanStart(false);
        options.setSessionExpiryInterval(60L);
        client.setCallback(new ReceiptCallback(receipts));
        client.connect(options);
        client.subscribe(RECEIPTS, 0);
        client.publish(TOPIC, GOOD, qos, false);
        assertThat(receipts.poll(SECONDS, TimeUnit.SECONDS)).startsWith("{\"accepted\":1");
        client.unsubscribe(RECEIPTS);
        client.disconnect();
        client.close();
        topic.take(1);
    }

    @ParameterizedTest
    @CsvSource({
        "mqttv311, 0", "mqttv311, 1", "mqttv311, 2",
        "5, 0", "5, 1", "5, 2",
    })
    void mosquitto(String version, String qos) throws Exception {
        boolean there = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "mosquitto_pub")));
        assumeTrue(there, "mosquitto_pub is not on the PATH (Debian: mosquitto-clients)");
        Process process = new ProcessBuilder(List.of(
                        "mosquitto_pub",
                        "-V",
                        version,
                        "-h",
                        "127.0.0.1",
                        "-p",
                        "" + gateway.ports.mqtt(),
                        "-u",
                        RunningGateway.ISENS,
                        "-P",
                        RunningGateway.PASSWORD,
                        "-q",
                        qos,
                        "-t",
                        TOPIC,
                        "-m",
                        Decoding.GOOD))
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8)).isEmpty();
        assertThat(process.waitFor()).isZero();
        topic.take(1);
    }
}
