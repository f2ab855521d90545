package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

class ReceiptsTest {
    private static final String READINGS = "centers/isens/devices/meter-1/readings";
    private static final String RECEIPTS = "centers/isens/devices/meter-1/receipts";
    private static final byte[] GOOD = Decoding.GOOD.getBytes(UTF_8);
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aDeviceLearnsWhatBecameOfItsMessages(int version) throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), version)) {
            subscribe(client);
            client.publish(0, 0, READINGS, RawMqtt.NOTHING, GOOD);
            assertThat(receipt(client, version)).isEqualTo(new JsonObject("{\"accepted\":1}"));
            client.publish(1, READINGS, Decoding.batch(Decoding.GOOD, "3").getBytes(UTF_8));
            assertThat(client.read().type()).isEqualTo(RawMqtt.PUBACK);
            assertThat(receipt(client, version)).isEqualTo(new JsonObject("""
                            {"accepted": 1, "refused": 1, "messageId": 1,
                             "problems": [{"index": 1, "code": "not-an-object", "detail": "A reading is an object."}]}"""));
            client.publish(2, READINGS, "{".getBytes(UTF_8));
            assertThat(client.read().type()).isEqualTo(RawMqtt.PUBACK);
            assertThat(receipt(client, version).getMap())
                    .containsEntry("code", "malformed")
                    .containsEntry("messageId", 2)
                    .containsKey("detail");
        }
    }

    @Test
    void correlationDataComesBack() throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            subscribe(client);
            byte[] correlation = {9, 0, 3, 7, 8, 9};
            client.publish(1, 1, READINGS, correlation, GOOD);
            assertThat(client.read().type()).isEqualTo(RawMqtt.PUBACK);
            byte[] body = client.read().body();
            int at = 2 + RECEIPTS.length();
            assertThat(body[at]).as("length of the properties").isEqualTo((byte) 6);
            assertThat(Arrays.copyOfRange(body, at + 1, at + 7)).isEqualTo(correlation);
        }
    }

    @Test
    void anotherConnectionOfTheSameCredentialMayListen() throws Exception {
        try (RawMqtt listener = RawMqtt.accepted(gateway.ports.mqtt(), 4);
                RawMqtt sender = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            subscribe(listener);
            sender.publish(1, 5, READINGS, RawMqtt.NOTHING, GOOD);
            assertThat(receipt(listener, 4)).isEqualTo(new JsonObject("{\"accepted\":1,\"messageId\":5}"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "#, 0xA2",
        "centers/isens/devices/+/receipts, 0xA2",
        "$share/g/centers/isens/devices/meter-1/receipts, 0x9E",
    })
    void kindsThatAreNotThereEndVersionFive(String filter, String reason) throws Exception {
        try (RawMqtt five = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt three = RawMqtt.accepted(gateway.ports.mqtt(), 4)) {
            five.subscribe(1, RawMqtt.NOTHING, filter);
            RawMqtt.Packet last = five.read();
            assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
            assertThat(last.disconnectReason()).isEqualTo(Integer.decode(reason));
            three.subscribe(1, RawMqtt.NOTHING, filter);
            assertThat(three.read().body()).containsExactly(0, 1, 0x80);
        }
    }

    @Test
    void subscriptionIdentifiersEndVersionFive() throws Exception {
        try (RawMqtt five = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            five.subscribe(1, new byte[] {0x0B, 1}, RECEIPTS);
            assertThat(five.read().disconnectReason()).isEqualTo(0xA1);
        }
    }

    @Test
    void eachFilterHasItsOwnAnswer() throws Exception {
        String[] filters = {RECEIPTS, "centers/kweather/devices/meter-1/receipts", READINGS, "$SYS/uptime"};
        try (RawMqtt five = RawMqtt.accepted(gateway.ports.mqtt(), 5);
                RawMqtt three = RawMqtt.accepted(gateway.ports.mqtt(), 4)) {
            five.subscribe(1, RawMqtt.NOTHING, filters);
            assertThat(five.read().body()).containsExactly(0, 1, 0, 0, 0x87, 0x8F, 0x8F);
            three.subscribe(1, RawMqtt.NOTHING, filters);
            assertThat(three.read().body()).containsExactly(0, 1, 0, 0x80, 0x80, 0x80);
        }
    }

    @Test
    void afterUnsubscribingNothingComes() throws Exception {
        try (RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            subscribe(client);
            client.send(0xA2, out -> {
                out.writeShort(2);
                out.write(0);
                RawMqtt.text(out, RECEIPTS);
                RawMqtt.text(out, RECEIPTS);
            });
            RawMqtt.Packet answer = client.read();
            assertThat(answer.type()).isEqualTo(RawMqtt.UNSUBACK);
            assertThat(answer.body()).containsExactly(0, 2, 0, 0, 0x11);
            client.publish(1, READINGS, GOOD);
            assertThat(client.read().type()).isEqualTo(RawMqtt.PUBACK);
            client.send(0xC0, out -> {});
            assertThat(client.read().type()).isEqualTo(RawMqtt.PINGRESP);
        }
    }

    @Test
    void aCredentialGetsItsOwnReceiptsOnly() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Receipts receipts = new Receipts(meters);
        List<String> got = new ArrayList<>();
        Receipts.Subscriber mine = (topic, payload, correlation, dropped) -> got.add(new String(payload, UTF_8));
        Receipts.Subscriber slow = (topic, payload, correlation, dropped) -> dropped.run();
        receipts.subscribe("isens-vendor", RECEIPTS, mine);
        receipts.subscribe("isens-vendor", RECEIPTS, slow);
        receipts.publish("isens-vendor", RECEIPTS, "a".getBytes(UTF_8), Optional.empty());
        receipts.publish("other-vendor", RECEIPTS, "b".getBytes(UTF_8), Optional.empty());
        assertThat(got).containsExactly("a");
        assertThat(meters.counter("lifelog.gateway.receipts.dropped").count()).isEqualTo(1);
        receipts.unsubscribe("isens-vendor", RECEIPTS, mine);
        receipts.unsubscribe("isens-vendor", RECEIPTS, slow);
        assertThat(receipts.wanted("isens-vendor", RECEIPTS)).isFalse();
    }

    /** It reads nothing at all; receipts are dropped, and who sends is answered as always. */
    @Test
    void aReaderThatIsTooSlowHoldsNobodyUp() throws Exception {
        try (RawMqtt listener = RawMqtt.accepted(gateway.ports.mqtt(), 4);
                RawMqtt sender = RawMqtt.accepted(gateway.ports.mqtt(), 4)) {
            subscribe(listener);
            String[] bad = new String[5_000];
            Arrays.fill(bad, "3");
            byte[] batch = Decoding.batch(bad).getBytes(UTF_8);
            double before = gateway.meter("lifelog_gateway_receipts_dropped_total");
            int id = 0;
            while (gateway.meter("lifelog_gateway_receipts_dropped_total") == before) {
                assertThat(++id).as("messages without a dropped receipt").isLessThan(200);
                sender.publish(id, READINGS, batch);
                assertThat(sender.read().messageId()).isEqualTo(id);
            }
        }
    }

    private static void subscribe(RawMqtt client) throws Exception {
        client.subscribe(1, RawMqtt.NOTHING, RECEIPTS);
        RawMqtt.Packet answer = client.read();
        assertThat(answer.type()).isEqualTo(RawMqtt.SUBACK);
        assertThat(answer.body()[answer.body().length - 1]).isZero();
    }

    private static JsonObject receipt(RawMqtt client, int version) throws Exception {
        RawMqtt.Packet packet = client.read();
        assertThat(packet.type()).isEqualTo(RawMqtt.PUBLISH);
        String body = new String(packet.body(), UTF_8);
        assertThat(body.substring(2)).startsWith(RECEIPTS);
        return new JsonObject(body.substring(2 + RECEIPTS.length() + (version == 5 ? 1 : 0)));
    }
}
