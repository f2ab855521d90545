package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

/** Sessions by what clients see of them, with two gateways on one Kafka. */
class MqttSessionsTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";
    private static final String RECEIPTS = "centers/isens/devices/meter-1/receipts";
    private static final byte[] MINUTE = {0x11, 0, 0, 0, 60};
    private static RunningGateway first;
    private static RunningGateway second;

    @BeforeAll
    static void start() {
        first = RunningGateway.start();
        second = RunningGateway.start();
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aSessionIsThereOnTheOtherReplica(int version) throws Exception {
        String id = "other-" + version;
        assertPresent(first, version, id, false, false);
        assertPresent(second, version, id, false, true);
        assertPresent(first, version, id, false, true);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aSessionIsThereAfterARestart(int version) throws Exception {
        String id = "restart-" + version;
        try (RunningGateway before = RunningGateway.start()) {
            assertPresent(before, version, id, false, false);
        }
        try (RunningGateway after = RunningGateway.start()) {
            assertPresent(after, version, id, false, true);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aCleanStartDiscardsTheSession(int version) throws Exception {
        String id = "clean-" + version;
        assertPresent(first, version, id, false, false);
        assertPresent(first, version, id, true, false);
        if (version == 4) {
            // A clean session ends with its connection.
            assertPresent(first, version, id, false, false);
        } else {
            assertPresent(first, version, id, false, true);
        }
    }

    @Test
    void aCleanSessionLeavesNothing() throws Exception {
        try (RawMqtt client = connect(first, 5, "nothing", true, RawMqtt.NOTHING)) {
            assertThat(client.read().body()[0]).isZero();
        }
        assertPresent(second, 5, "nothing", false, false);
    }

    @Test
    void disconnectMayEndOrShortenASessionButNotBegin() throws Exception {
        try (RawMqtt client = connect(first, 5, "ends", false, MINUTE)) {
            client.read();
            client.send(0xE0, out -> out.write(new byte[] {0, 5, 0x11, 0, 0, 0, 0}));
            assertThat(client.closed()).isTrue();
        }
        assertPresent(first, 5, "ends", false, false);
        try (RawMqtt client = connect(first, 5, "begins", true, RawMqtt.NOTHING)) {
            client.read();
            client.send(0xE0, out -> out.write(new byte[] {0, 5, 0x11, 0, 0, 0, 9}));
            RawMqtt.Packet last = client.read();
            assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
            assertThat(last.disconnectReason()).isEqualTo(0x82);
        }
    }

    @Test
    void aSessionExpires() throws Exception {
        byte[] second = {0x11, 0, 0, 0, 1};
        try (RawMqtt client = connect(first, 5, "expires", false, second)) {
            assertThat(client.read().body()[0]).isZero();
            client.send(0xE0, out -> {});
            assertThat(client.closed()).isTrue();
        }
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> {
                    try (RawMqtt client = connect(first, 5, "expires", false, second)) {
                        boolean present = client.read().body()[0] == 1;
                        client.send(0xE0, out -> {});
                        return !present;
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSecondConnectionTakesTheSessionOver(boolean sameReplica) throws Exception {
        String id = "taken-" + sameReplica;
        RunningGateway other = sameReplica ? first : second;
        try (RawMqtt old = connect(first, 5, id, false, MINUTE)) {
            assertThat(old.read().body()[0]).isZero();
            try (RawMqtt young = connect(other, 5, id, false, MINUTE)) {
                assertThat(young.read().body()[0]).isEqualTo((byte) 1);
                RawMqtt.Packet last = old.read();
                assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
                assertThat(last.disconnectReason()).isEqualTo(0x8E);
                assertThat(old.closed()).isTrue();
                // The old one's late end must not disturb the new one, here and on the other replica.
                young.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
                assertThat(young.read().type()).isEqualTo(RawMqtt.PUBACK);
            }
        }
        assertPresent(first, 5, id, false, true);
    }

    @Test
    void aCleanSessionIsTakenOverOnTheSameReplica() throws Exception {
        try (RawMqtt old = connect(first, 4, "twice", true, RawMqtt.NOTHING)) {
            old.read();
            try (RawMqtt young = connect(first, 4, "twice", true, RawMqtt.NOTHING)) {
                assertThat(young.read().body()).containsExactly(0, 0);
                assertThat(old.closed()).isTrue();
                young.send(0xC0, out -> {});
                assertThat(young.read().type()).isEqualTo(RawMqtt.PINGRESP);
            }
        }
    }

    @Test
    void anotherVendorHasSessionsOfItsOwn() throws Exception {
        try (RawMqtt mine = connect(first, 5, "shared", false, MINUTE)) {
            mine.read();
            try (RawMqtt others = new RawMqtt(first.ports.mqtt())) {
                others.connect(5, "shared", false, 60, MINUTE, RunningGateway.KWEATHER, RunningGateway.PASSWORD);
                assertThat(others.read().body()[0]).as("session present").isZero();
                mine.send(0xC0, out -> {});
                assertThat(mine.read().type()).isEqualTo(RawMqtt.PINGRESP);
            }
        }
    }

    @Test
    void subscriptionsMoveWithTheSession() throws Exception {
        try (RawMqtt client = connect(first, 5, "moves", false, MINUTE)) {
            client.read();
            client.subscribe(1, RawMqtt.NOTHING, RECEIPTS);
            assertThat(client.read().type()).isEqualTo(RawMqtt.SUBACK);
        }
        try (RawMqtt client = connect(second, 5, "moves", false, MINUTE)) {
            assertThat(client.read().body()[0]).isEqualTo((byte) 1);
            client.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
            assertThat(client.read().type()).isEqualTo(RawMqtt.PUBACK);
            assertThat(new String(client.read().body(), UTF_8)).contains(RECEIPTS, "{\"accepted\":1,\"messageId\":1}");
        }
    }

    /** The first gateway has no time to write what was released: it is as if it were killed. */
    @Test
    void anIdentifierThatWasReleasedIsOfANewMessageOnTheOtherReplica() throws Exception {
        try (RawMqtt old = connect(first, 5, "released", false, MINUTE)) {
            old.read();
            old.publish(2, 7, TOPIC, RawMqtt.NOTHING, Decoding.GOOD.getBytes(UTF_8));
            assertThat(old.read().type()).isEqualTo(RawMqtt.PUBREC);
            try (RawMqtt young = connect(first, 5, "released", false, MINUTE)) {
                assertThat(young.read().body()).startsWith(1, 0);
                young.release(7);
                assertThat(young.read().body()).startsWith(0, 7);
                try (RawMqtt later = connect(second, 5, "released", false, MINUTE)) {
                    assertThat(later.read().body()).startsWith(1, 0);
                    later.publish(2, 7, TOPIC, RawMqtt.NOTHING, "{".getBytes(UTF_8));
                    assertThat(later.read().body()).as("it is looked at").startsWith(0, 7, 0x99);
                }
            }
        }
    }

    @Test
    void thereAreOnlySoManySessions() throws Exception {
        try (RunningGateway small =
                new RunningGateway(Infrastructure.kafka(), Map.of("LIFELOG_GATEWAY_MQTT_SESSIONS", "1"))) {
            small.awaitReady();
            try (RawMqtt one = connect(small, 5, "many-1", false, MINUTE)) {
                one.read();
                try (RawMqtt two = connect(small, 5, "many-2", false, MINUTE)) {
                    assertThat(two.read().body()[1] & 0xFF).isEqualTo(0x97);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 3", "5, 151"})
    void aCredentialHasOnlySoManySessionsAndLeavesRoomForOthers(int version, int reason) throws Exception {
        String known = "known-" + version + "-0";
        for (int i = 0; i < 4; i++) {
            assertPresent(first, version, "known-" + version + "-" + i, false, false);
        }
        try (RunningGateway small = new RunningGateway(
                Infrastructure.kafka(), Map.of("LIFELOG_GATEWAY_MQTT_SESSIONS_OF_CREDENTIAL", "4"))) {
            small.awaitReady();
            byte[] properties = version == 5 ? MINUTE : RawMqtt.NOTHING;
            for (int i = 0; i < 3; i++) {
                try (RawMqtt client = connect(small, version, "ever-new-" + i, false, properties)) {
                    assertThat(client.read().body()[1] & 0xFF).isEqualTo(reason);
                    assertThat(client.closed()).isTrue();
                }
            }
            assertPresent(small, version, known, false, true);
            try (RawMqtt client = connect(small, version, "ever-new", true, RawMqtt.NOTHING)) {
                assertThat(client.read().body()).startsWith(0, 0);
            }
            try (RawMqtt other = new RawMqtt(small.ports.mqtt())) {
                other.connect(version, known, false, 60, properties, RunningGateway.KWEATHER, RunningGateway.PASSWORD);
                assertThat(other.read().body()).startsWith(0, 0);
            }
        }
    }

    @Test
    void readinessNamesTheSessions() {
        assertThat(first.management.health().checks().get("mqtt-sessions").ok()).isTrue();
    }

    private static void assertPresent(
            RunningGateway gateway, int version, String clientId, boolean clean, boolean present) throws Exception {
        try (RawMqtt client = connect(gateway, version, clientId, clean, version == 5 ? MINUTE : RawMqtt.NOTHING)) {
            assertThat(client.read().body()).startsWith(present ? 1 : 0, 0);
        }
    }

    private static RawMqtt connect(
            RunningGateway gateway, int version, String clientId, boolean clean, byte[] properties) throws Exception {
        RawMqtt client = new RawMqtt(gateway.ports.mqtt());
        client.connect(version, clientId, clean, 60, properties, RunningGateway.ISENS, RunningGateway.PASSWORD);
        return client;
    }
}
