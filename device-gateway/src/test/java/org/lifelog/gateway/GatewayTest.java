package org.lifelog.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.EmbeddedKafka;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.format.Decoding;
import org.lifelog.gateway.mqtt.RawMqtt;
import org.lifelog.runtime.PortInUseException;

class GatewayTest {
    private static final Map<String, String> IMPATIENT = Map.of("LIFELOG_GATEWAY_DELIVERY_TIMEOUT", "PT2S");
    private static final Duration DEADLINE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void itIsReadyWhenKafkaAndTheTopicAreThere() {
        try (RunningGateway gateway = RunningGateway.start()) {
            assertThat(gateway.ports.http()).isPositive();
            assertThat(gateway.ports.mqtt()).isPositive();
            assertThat(gateway.live()).isEqualTo(200);
            assertThat(gateway.management.health().checks().get("kafka").detail())
                    .isEqualTo("topic lifelog.readings is there");
            assertThat(gateway.post(Decoding.GOOD).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP", "MQTT"})
    void aBusyPortIsNamedWithItsSetting(String protocol) {
        try (RunningGateway first = RunningGateway.start()) {
            int port = protocol.equals("HTTP") ? first.ports.http() : first.ports.mqtt();
            assertThatExceptionOfType(PortInUseException.class)
                    .isThrownBy(() -> new RunningGateway(
                            Infrastructure.kafka(), Map.of("LIFELOG_GATEWAY_" + protocol + "_PORT", "" + port)))
                    .withMessageStartingWith("Port " + port + " on 127.0.0.1 is in use by another process.")
                    .withMessageContaining("LIFELOG_GATEWAY_" + protocol + "_PORT");
        }
    }

    @Test
    void withoutTheTopicItIsNotReady() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder, "127.0.0.1", 0);
                RunningGateway gateway = new RunningGateway(kafka.bootstrap(), IMPATIENT)) {
            await().atMost(DEADLINE)
                    .until(() -> gateway.management
                            .health()
                            .checks()
                            .get("kafka")
                            .detail()
                            .contains("UnknownTopicOrPartitionException"));
            assertThat(gateway.ready()).isEqualTo(503);
            assertThat(gateway.live()).isEqualTo(200);
        }
    }

    @Test
    void whileKafkaIsAwayNothingIsAcknowledgedAndAfterwardsAllIsWell() throws Exception {
        EmbeddedKafka kafka = EmbeddedKafka.start(folder, "127.0.0.1", 0);
        int port = Integer.parseInt(kafka.bootstrap().replaceFirst(".*:", ""));
        RunningGateway.applyTopics(kafka.bootstrap());
        try (RunningGateway gateway = new RunningGateway(kafka.bootstrap(), IMPATIENT)) {
            gateway.awaitReady();
            assertThat(gateway.post(Decoding.GOOD.replace("311", "1")).statusCode())
                    .isEqualTo(200);

            kafka.close();
            HttpResponse<String> answer = gateway.post(Decoding.GOOD.replace("311", "2"));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("2");
            assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("unavailable");
            try (RawMqtt client = new RawMqtt(gateway.ports.mqtt())) {
                client.connect(RunningGateway.ISENS, RunningGateway.PASSWORD);
                assertThat(client.read().body()).containsExactly(0, 0);
                client.publish(
                        1,
                        "centers/isens/devices/meter-1/readings",
                        Decoding.GOOD.replace("311", "3").getBytes(UTF_8));
                assertThat(client.readToEnd()).as("bytes of a PUBACK").isZero();
            }
            await().atMost(DEADLINE).until(() -> gateway.ready() == 503);
            assertThat(gateway.live()).isEqualTo(200);

            kafka = EmbeddedKafka.start(folder, "127.0.0.1", port);
            gateway.awaitReady();
            await().atMost(DEADLINE)
                    .until(() -> gateway.post(Decoding.GOOD.replace("311", "4")).statusCode() == 200);
            try (ReadingsTopic topic = new ReadingsTopic(kafka.bootstrap())) {
                topic.rewind();
                // What was answered with 503 may be there all the same, and more than once: only the sender knows.
                assertThat(topic.takeAll())
                        .extracting(Reading::getSequence)
                        .startsWith(1L)
                        .contains(4L);
            }
        } finally {
            kafka.close();
        }
    }

    @Test
    void aGatewayThatIsFullSaysSo() {
        RunningGateway.applyTopics(Infrastructure.kafka());
        // A body weighs four times its size.
        try (RunningGateway gateway =
                new RunningGateway(Infrastructure.kafka(), Map.of("LIFELOG_GATEWAY_MEMORY_MIB", "1"))) {
            gateway.awaitReady();
            String large = Decoding.GOOD + " ".repeat(300 << 10);
            HttpResponse<String> answer = gateway.post(large);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("2");
            assertThat(gateway.post(Decoding.GOOD).statusCode()).isEqualTo(200);
        }
    }
}
