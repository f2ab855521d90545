package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.embedded.testing.Infrastructure;
import org.lifelog.gateway.ReadingsTopic;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.accept.Lane;
import org.lifelog.gateway.accept.Message;
import org.lifelog.gateway.accept.Receipt;
import org.lifelog.gateway.access.Sender;
import org.lifelog.gateway.failure.Failure;
import org.lifelog.gateway.failure.Refusal;
import org.lifelog.gateway.format.Decoding;

/** What the connection does with what the acceptor says. */
class AcceptingTest {
    private static final String TOPIC = "centers/isens/devices/meter-1/readings";

    @Test
    void byTheAcceptorMessagesComeToKafka() throws Exception {
        try (RunningGateway gateway = RunningGateway.start();
                ReadingsTopic topic = new ReadingsTopic(Infrastructure.kafka());
                RawMqtt client = RawMqtt.accepted(gateway.ports.mqtt(), 5)) {
            client.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
            assertThat(client.read().messageId()).isEqualTo(1);
            topic.take(1);
        }
    }

    /** The quota lets a message through at the third try. Meanwhile the connection is not read. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aQuotaDelaysTheAcknowledgement(int version) throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Accepting accepting = new Accepting() {
            @Override
            public Future<Receipt> accept(Message message) {
                return tries.incrementAndGet() < 3
                        ? Future.failedFuture(new Refusal(Failure.QUOTA_EXCEEDED, "Too much.", Duration.ofMillis(100)))
                        : Future.succeededFuture(new Receipt(1, List.of()));
            }

            @Override
            public Future<Void> quarantine(Sender sender, String device, byte[] body, Refusal refusal, Lane lane) {
                return Future.failedFuture(new AssertionError("a passing fault is not quarantined"));
            }
        };
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, accepting, OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, version)) {
            client.publish(1, TOPIC, Decoding.GOOD.getBytes(UTF_8));
            RawMqtt.Packet answer = client.read();
            assertThat(answer.type()).isEqualTo(RawMqtt.PUBACK);
            assertThat(answer.reason()).isZero();
            assertThat(tries).hasValue(3);
            assertThat(own.memory.take(64 << 20)).as("all memory is given back").isTrue();
        }
    }

    /** A first message is never answered, so nothing of the second may be; closing acknowledges nothing. */
    @Test
    void afterAFailureNothingIsAcknowledged() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        Accepting second = new Accepting() {
            @Override
            public Future<Receipt> accept(Message message) {
                return tries.incrementAndGet() == 1
                        ? Future.failedFuture(new Refusal(Failure.UNAVAILABLE, "Not now."))
                        : Future.succeededFuture(new Receipt(1, List.of()));
            }

            @Override
            public Future<Void> quarantine(Sender sender, String device, byte[] body, Refusal refusal, Lane lane) {
                return Future.succeededFuture();
            }
        };
        try (OwnFront own = new OwnFront(OwnFront.LIMITS, second, OwnFront.known());
                RawMqtt client = RawMqtt.accepted(own.port, 5)) {
            byte[] good = Decoding.GOOD.getBytes(UTF_8);
            client.publish(1, TOPIC, good);
            client.publish(2, TOPIC, good);
            RawMqtt.Packet last = client.read();
            assertThat(last.type()).isEqualTo(RawMqtt.DISCONNECT);
            assertThat(last.disconnectReason()).isEqualTo(0x89);
            assertThat(client.closed()).isTrue();
        }
    }
}
