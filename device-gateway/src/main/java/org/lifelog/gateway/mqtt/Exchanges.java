package org.lifelog.gateway.mqtt;

import io.netty.handler.codec.mqtt.MqttMessageType;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The messages of one connection from PUBLISH to the end of the exchange. Answers come in the order of the messages,
 * because the standard wants that and partitions of Kafka confirm in any. All of it runs on the connection's event loop.
 *
 * <p>Under way are at most Receive Maximum messages, and a mebibyte of bodies and one message more; then reading stops,
 * or, with QoS 1 and 2 over MQTT 5, the client has broken the rules. Packet identifiers with QoS 2 take 16 KiB at most.
 */
final class Exchanges {
    private static final int MOST_BYTES = 1 << 20;
    /** Most identifiers that go into a session; what is beyond may be processed twice, and is recognised downstream. */
    private static final int MOST_KEPT = 1_000;

    /** The connection, which is told what to answer. */
    interface Connection {
        /** Sends PUBACK, PUBREC or PUBCOMP with a reason code of MQTT 5. */
        void acknowledge(MqttMessageType type, int id, int code, String detail);

        /** A message cannot be stored now. Nothing is acknowledged any more. */
        void fail(Throwable error);

        /** A message has been answered. */
        void answered(Answered message);

        /** Reading is to stop, or to go on. */
        void tooManyUnderWay(boolean tooMany);
    }

    /**
     * A message whose end is known.
     *
     * @param id packet identifier; 0 with QoS 0
     */
    record Answered(DeviceTopic topic, int id, Optional<byte[]> correlation, Outcome outcome) {}

    private record Exchange(
            int qos,
            int id,
            int bytes,
            Optional<DeviceTopic> topic,
            Optional<byte[]> correlation,
            Future<Outcome> stored,
            boolean again) {}

    private final Connection connection;
    private final Storing storing;
    private final TopicAliases aliases;
    private final boolean five;
    private final int receiveMaximum;
    private final Deque<Exchange> underWay = new ArrayDeque<>(1);
    /** Messages with QoS 2 that are being stored. */
    private final Map<Integer, Future<Outcome>> storingTwo = new HashMap<>(2);
    /** Received with QoS 2 and not released. */
    private final BitSet received = new BitSet(0);
    /** Those of them that count for Receive Maximum, because they came by this connection. */
    private final BitSet counted = new BitSet(0);

    private String lastName = "";
    private Optional<DeviceTopic> lastTopic = Optional.empty();
    private int unacknowledged;
    private int withoutAcknowledgement;
    private long bytes;
    private boolean tooMany;
    private boolean ended;

    /**
     * Begins with a session.
     *
     * @param ofSession packet identifiers that an earlier connection received with QoS 2
     */
    Exchanges(Connection connection, Storing storing, Version version, Limits limits, Collection<Integer> ofSession) {
        this.connection = connection;
        this.storing = storing;
        this.aliases = new TopicAliases(limits.topicAliasMaximum());
        this.five = version == Version.MQTT_5;
        this.receiveMaximum = limits.receiveMaximum();
        ofSession.forEach(received::set);
    }

    /**
     * Takes a message.
     *
     * @throws Violation where it is one too many, or its alias is wrong; then it is not stored
     */
    void take(Packet.Publish message) throws Violation {
        int id = message.id();
        boolean again = message.qos() == 2 && (received.get(id) || storingTwo.containsKey(id));
        Optional<DeviceTopic> topic;
        try {
            topic = topic(aliases.topic(message));
            count(message.qos(), again);
        } catch (Violation e) {
            storing.leave(message);
            throw e;
        }
        Future<Outcome> stored;
        if (again) {
            storing.leave(message);
            stored = storingTwo.getOrDefault(id, Outcome.BEFORE);
        } else {
            stored = storing.store(topic, message);
            if (message.qos() == 2) {
                storingTwo.put(id, stored);
            }
        }
        bytes += message.bytes();
        underWay.add(new Exchange(message.qos(), id, message.bytes(), topic, message.correlation(), stored, again));
        stored.onComplete(end -> drain());
        limit();
    }

    /** A device publishes to one topic, over and over. */
    private Optional<DeviceTopic> topic(String name) {
        if (!name.equals(lastName)) {
            lastTopic = DeviceTopic.parse(name);
            lastName = name;
        }
        return lastTopic;
    }

    private void count(int qos, boolean again) throws Violation {
        if (qos == 0) {
            withoutAcknowledgement++;
        } else if (!again && ++unacknowledged > receiveMaximum && five) {
            throw new Violation(
                    Reason.RECEIVE_MAXIMUM_EXCEEDED,
                    "More than " + receiveMaximum + " messages are not acknowledged yet.");
        }
    }

    private void limit() {
        boolean now = bytes >= MOST_BYTES || (five ? withoutAcknowledgement : underWay.size()) >= receiveMaximum;
        if (now != tooMany) {
            tooMany = now;
            connection.tooManyUnderWay(now);
        }
    }

    private void drain() {
        while (!ended && !underWay.isEmpty() && underWay.peek().stored().isComplete()) {
            Exchange exchange = underWay.poll();
            bytes -= exchange.bytes();
            if (exchange.qos() == 0) {
                withoutAcknowledgement--;
            }
            if (!exchange.again()) {
                storingTwo.remove(exchange.id());
            }
            if (exchange.stored().failed()) {
                ended = true;
                connection.fail(exchange.stored().cause());
                return;
            }
            answer(exchange, exchange.stored().result());
        }
        if (!ended) {
            limit();
        }
    }

    private void answer(Exchange exchange, Outcome outcome) {
        if (exchange.qos() == 1) {
            unacknowledged--;
            connection.acknowledge(MqttMessageType.PUBACK, exchange.id(), outcome.code(), outcome.detail());
        } else if (exchange.qos() == 2) {
            boolean over = five && outcome.code() >= Reason.UNSPECIFIED_ERROR.code();
            if (!over) {
                received.set(exchange.id());
            }
            if (!exchange.again()) {
                counted.set(exchange.id(), !over);
                unacknowledged -= over ? 1 : 0;
            }
            connection.acknowledge(MqttMessageType.PUBREC, exchange.id(), outcome.code(), outcome.detail());
        }
        if (!exchange.again()) {
            exchange.topic()
                    .ifPresent(topic ->
                            connection.answered(new Answered(topic, exchange.id(), exchange.correlation(), outcome)));
        }
    }

    /** PUBREL: the client will not send that message again. */
    void release(int id) {
        boolean known = received.get(id);
        received.clear(id);
        if (counted.get(id)) {
            counted.clear(id);
            unacknowledged--;
        }
        Reason reason = known ? Reason.SUCCESS : Reason.PACKET_IDENTIFIER_NOT_FOUND;
        connection.acknowledge(MqttMessageType.PUBCOMP, id, reason.code(), "");
    }

    /** Whether every message so far has been answered. */
    boolean idle() {
        return underWay.isEmpty();
    }

    /** From now on nothing is acknowledged. */
    void end() {
        ended = true;
    }

    /** For the session: what was received with QoS 2 and not released. */
    List<Integer> received() {
        return received.stream().limit(MOST_KEPT).boxed().toList();
    }
}
