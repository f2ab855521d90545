package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lifelog.avro.QuarantinedReading;
import org.lifelog.avro.Reading;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

/** What cannot be believed is acknowledged and kept, since MQTT 3.1.1 has no words for a refusal. */
class MqttConnectionTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";

    private static RunningGateway gateway;
    private static ReadingsTopic topic;

    private RawMqtt client;

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
    void connect() throws IOException {
        topic.skip();
        client = new RawMqtt(gateway.ports.mqtt());
        client.connect(RunningGateway.ISENS, RunningGateway.PASSWORD);
        assertThat(client.read().body()).containsExactly(0, 0);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subject\": \"S-0042\", 한글 | malformed",
                "[1, 2] | malformed",
                "`` | empty-batch",
                "{\"readings\": []} | empty-batch"
            })
    void aMessageWithoutReadingsIsKeptAsItIs(String payload, String code) throws IOException {
        Instant before = Instant.now();
        publishAcknowledged(1, payload.getBytes(UTF_8));
        ConsumerRecord<String, IndexedRecord> record = topic.takeOne();
        assertThat(record.key()).isEqualTo("isens/~meter-1");
        QuarantinedReading kept = (QuarantinedReading) record.value();
        assertThat(kept.getCenter()).isEqualTo("isens");
        assertThat(kept.getDevice()).isEqualTo("meter-1");
        assertThat(kept.getVendor()).isEqualTo("isens-vendor");
        assertThat(kept.getSubject()).isNull();
        assertThat(kept.getReading()).isNull();
        assertThat(kept.getReasons()).containsExactly(code);
        assertThat(kept.getDetail()).endsWith(".").doesNotContain("S-0042");
        assertThat(ReadingsTopic.raw(kept)).isEqualTo(payload.getBytes(UTF_8));
        assertThat(kept.getReceivedAt()).isBetween(before.minusNanos(1_000), Instant.now());
        assertThat(kept.getQuarantinedAt()).isEqualTo(kept.getReceivedAt());
    }

    @Test
    void anotherEncodingIsKeptAsItIs() throws IOException {
        byte[] payload = "{\"subject\": 3}".getBytes(StandardCharsets.UTF_16LE);
        publishAcknowledged(1, payload);
        QuarantinedReading kept = topic.takeQuarantined();
        assertThat(kept.getReasons()).containsExactly("malformed");
        assertThat(ReadingsTopic.raw(kept)).isEqualTo(payload);
    }

    @Test
    void theRefusedItemsOfABatchAreKeptWithTheirCodes() throws IOException {
        String unit = Decoding.GOOD.replace("mmol/L", "mmol");
        String device = Decoding.GOOD.replace("meter-1", "meter-2");
        publishAcknowledged(
                1, Decoding.batch(unit, Decoding.GOOD, "\"x\"", device).getBytes(UTF_8));
        List<ConsumerRecord<String, IndexedRecord>> records = topic.take(4);
        assertThat(records)
                .filteredOn(record -> record.key().equals("isens/S-0042"))
                .singleElement()
                .satisfies(record ->
                        assertThat(((Reading) record.value()).getUnit()).isEqualTo("mmol/L"));
        assertThat(records)
                .filteredOn(record -> record.key().equals("isens/~meter-1"))
                .extracting(record -> (QuarantinedReading) record.value())
                .extracting(kept -> kept.getReasons() + " " + new String(ReadingsTopic.raw(kept), UTF_8))
                .containsExactly("[unit-not-allowed] " + unit, "[not-an-object] \"x\"", "[device-mismatch] " + device);
    }

    @Test
    void moreThanEightMebibytesAreNotedWithoutTheirBody() throws IOException {
        publishAcknowledged(1, new byte[(8 << 20) + 1]);
        QuarantinedReading kept = topic.takeQuarantined();
        assertThat(kept.getReasons()).containsExactly("too-large");
        assertThat(ReadingsTopic.raw(kept)).isEmpty();
        assertThat(kept.getDetail()).isEqualTo("The message has 8388609 bytes; at most 8388608 are taken.");
    }

    @Test
    void tooManyReadingsAreNotedWithoutTheirBody() throws IOException {
        String[] items = new String[10_001];
        Arrays.fill(items, "{}");
        publishAcknowledged(1, Decoding.batch(items).getBytes(UTF_8));
        QuarantinedReading kept = topic.takeQuarantined();
        assertThat(kept.getReasons()).containsExactly("too-large");
        assertThat(ReadingsTopic.raw(kept)).isEmpty();
    }

    /** Kafka takes records of a mebibyte; a message that is never acknowledged would come again for ever. */
    @Test
    void whatIsTooLargeForKafkaIsNotedWithoutItsBody() throws IOException {
        publishAcknowledged(1, new byte[2 << 20]);
        QuarantinedReading kept = topic.takeQuarantined();
        assertThat(kept.getReasons()).containsExactly("malformed");
        assertThat(ReadingsTopic.raw(kept)).isEmpty();
        assertThat(kept.getDetail()).contains("2097152 bytes");
    }

    @Test
    void aRefusedItemThatIsTooLargeForKafkaTakesNothingWithIt() throws IOException {
        String large = "{\"mood\": [" + "1,".repeat(1 << 20) + "1]}";
        publishAcknowledged(1, Decoding.batch(large, Decoding.GOOD).getBytes(UTF_8));
        List<ConsumerRecord<String, IndexedRecord>> records = topic.take(2);
        assertThat(records).extracting(ConsumerRecord::key).containsExactlyInAnyOrder("isens/S-0042", "isens/~meter-1");
        assertThat(records)
                .filteredOn(record -> record.value() instanceof QuarantinedReading)
                .extracting(record -> ((QuarantinedReading) record.value()).getReasons())
                .containsExactly(List.of("unknown-field"));
    }

    @Test
    void aBadMessageDoesNotStopTheNext() throws IOException {
        client.publish(7, TOPIC, "{".getBytes(UTF_8));
        client.publish(8, TOPIC, Decoding.GOOD.getBytes(UTF_8));
        assertThat(client.read().messageId()).isEqualTo(7);
        assertThat(client.read().messageId()).isEqualTo(8);
        topic.take(2);
    }

    @Test
    void whatWasAnsweredComesBeforeTheEnd() throws IOException {
        client.sendBytes(HexFormat.of().parseHex("c000" + "c000" + "e000"));
        assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
        assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
        assertThat(client.closed()).isTrue();
    }

    @Test
    void whatIsKeptIsCountedAsQuarantined() throws IOException {
        String readings = "lifelog_readings_total{center=\"isens\",outcome=";
        double acknowledged = gateway.meter(readings + "\"acknowledged\"}");
        double quarantined = gateway.meter(readings + "\"quarantined\"}");
        publishAcknowledged(1, "{".getBytes(UTF_8));
        publishAcknowledged(2, Decoding.batch(Decoding.GOOD, "3").getBytes(UTF_8));
        topic.take(3);
        assertThat(gateway.meter(readings + "\"acknowledged\"}") - acknowledged).isEqualTo(1);
        assertThat(gateway.meter(readings + "\"quarantined\"}") - quarantined).isEqualTo(2);
    }

    private void publishAcknowledged(int messageId, byte[] payload) throws IOException {
        client.publish(messageId, TOPIC, payload);
        RawMqtt.Packet answer = client.read();
        assertThat(answer.type()).isEqualTo(RawMqtt.PUBACK);
        assertThat(answer.messageId()).isEqualTo(messageId);
    }
}
