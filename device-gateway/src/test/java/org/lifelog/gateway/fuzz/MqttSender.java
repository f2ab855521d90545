package org.lifelog.gateway.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.mqtt.RawMqtt;

/**
 * Over MQTT 3.1.1 and 5: on each connection some well-formed PUBLISH packets with mutated payloads, all of which must be
 * acknowledged, and at the end bytes that are no packets, or packets that are out of place.
 */
final class MqttSender extends Sender {
    private static final int UNDER_WAY = 40;
    private static final int PATIENCE_MILLIS = 40;
    private static final int CLIENT_IDS = 8;
    /** Those of the standard that the gateway sends; without the ones that would tell of a fault of its own. */
    private static final Set<Integer> REASONS = Set.of(
            0x00, 0x11, 0x81, 0x82, 0x84, 0x85, 0x86, 0x87, 0x8C, 0x8E, 0x8F, 0x90, 0x92, 0x93, 0x94, 0x95, 0x99, 0x9E,
            0x9F, 0xA1, 0xA2);

    /** Client identifiers of connections that must not be taken over. */
    private final String name;
    /** Another one, which mutations do not turn into such a one. */
    private final String otherName;

    private boolean five;

    MqttSender(long seed, int number, int port, int messages, Seen seen) {
        super(seed, number, port, messages, seen);
        name = "fuzz-" + number + "-";
        otherName = "x" + number;
    }

    /** A message under way. */
    private record Sent(int qos, byte[] packet, String good) {}

    @Override
    void connection() throws IOException {
        five = random.nextBoolean();
        boolean wrongPassword = oneIn(40);
        try (Socket socket = connect(wrongPassword)) {
            RawMqtt client = new RawMqtt(socket);
            if (wrongPassword || oneIn(3)) {
                count();
                last(socket, client, first(wrongPassword));
            } else if (connected(client)) {
                publish(client);
                count();
                last(socket, client, outOfPlace());
            }
            if (oneIn(4)) {
                socket.setSoLinger(true, 0);
            }
        }
    }

    private boolean connected(RawMqtt client) throws IOException {
        boolean clean = !oneIn(8);
        byte[] properties = five && random.nextBoolean() ? MqttSamples.CONNECT_PROPERTIES : RawMqtt.NOTHING;
        byte[] connect = MqttSamples.connect(
                five ? 5 : 4, clean, name + random.nextInt(CLIENT_IDS), properties, random.nextBoolean());
        client.sendBytes(connect);
        RawMqtt.Packet answer = client.read();
        if (answer.type() != RawMqtt.CONNACK || answer.body()[1] != 0) {
            fault("CONNACK " + HttpAnswer.printable(answer.body()), connect);
            return false;
        }
        return true;
    }

    private void publish(RawMqtt client) throws IOException {
        Map<Integer, Sent> underWay = new HashMap<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int id = 1 + random.nextInt(UNDER_WAY); id > 0; id--) {
            Sent message = count() ? good(id) : mutated(id);
            all.writeBytes(message.packet());
            if (message.qos() > 0) {
                underWay.put(id, message);
            }
        }
        client.sendBytes(all.toByteArray());
        while (!underWay.isEmpty()) {
            try {
                answered(client, underWay);
            } catch (IOException e) {
                fault(e.toString(), underWay.values().iterator().next().packet());
                return;
            }
        }
    }

    private void answered(RawMqtt client, Map<Integer, Sent> underWay) throws IOException {
        RawMqtt.Packet answer = client.read();
        int id = answer.messageId();
        Sent message = underWay.get(id);
        check(answer, message == null ? RawMqtt.NOTHING : message.packet());
        if (message == null || answer.type() != RawMqtt.PUBREC && answer.type() != end(message)) {
            fault(
                    "out of place " + Integer.toHexString(answer.type()) + " " + HttpAnswer.printable(answer.body()),
                    message == null ? RawMqtt.NOTHING : message.packet());
            underWay.clear();
        } else if (answer.type() == RawMqtt.PUBREC && answer.reason() < 0x80) {
            client.release(id);
        } else {
            underWay.remove(id);
            if (!message.good().isEmpty()) {
                seen.acknowledged().add(message.good());
                if (answer.reason() != 0) {
                    fault("not acknowledged: " + answer.reason(), message.packet());
                }
            }
        }
    }

    private static int end(Sent message) {
        return message.qos() == 1 ? RawMqtt.PUBACK : RawMqtt.PUBCOMP;
    }

    private Sent good(int id) {
        String good = nextGood();
        int qos = 1 + random.nextInt(2);
        byte[] payload = reading(good).getBytes(UTF_8);
        return new Sent(qos, MqttSamples.publish(five, qos, id, MqttSamples.READINGS, RawMqtt.NOTHING, payload), good);
    }

    private Sent mutated(int id) {
        int qos = random.nextInt(3);
        byte[] payload = mutations.of(any(MqttSamples.PAYLOADS), any(MqttSamples.PAYLOADS));
        return new Sent(qos, MqttSamples.publish(five, qos, id, MqttSamples.READINGS, RawMqtt.NOTHING, payload), "");
    }

    /** What may come before CONNACK. */
    private byte[] first(boolean wrongPassword) {
        int version = five ? 5 : 4;
        if (wrongPassword) {
            return mutations.of(
                    MqttSamples.connect(version, true, otherName, RawMqtt.NOTHING, false),
                    MqttSamples.connect(9 - version, true, otherName, MqttSamples.CONNECT_PROPERTIES, true));
        }
        byte[] credential = MqttSamples.credential(RunningGateway.PASSWORD);
        byte[] start = MqttSamples.connectUpToCredential(
                version, true, otherName, MqttSamples.CONNECT_PROPERTIES, random.nextBoolean());
        return switch (random.nextInt(4)) {
            case 0 -> any(MqttSamples.packets(five));
            case 1 -> mutations.of(any(MqttSamples.packets(five)), start);
            case 2 -> {
                byte[] properties = mutations.of(MqttSamples.CONNECT_PROPERTIES, MqttSamples.PUBLISH_PROPERTIES);
                yield MqttSamples.join(
                        MqttSamples.connect(5, true, otherName, properties, random.nextBoolean()),
                        any(MqttSamples.packets(true)));
            }
            default ->
                MqttSamples.packet(
                        0x10, MqttSamples.join(mutations.of(start, MqttSamples.PUBLISH_PROPERTIES), credential));
        };
    }

    /** What may come after CONNACK; only the last packet is wrong, because the gateway reads no further. */
    private byte[] outOfPlace() {
        List<byte[]> packets = MqttSamples.packets(five);
        byte[] packet = any(packets);
        return switch (random.nextInt(6)) {
            case 0 -> MqttSamples.join(any(packets), any(packets), any(packets));
            case 1 -> mutations.of(packet, any(packets));
            case 2 -> {
                byte[] properties = mutations.of(MqttSamples.PUBLISH_PROPERTIES, MqttSamples.CONNECT_PROPERTIES);
                yield MqttSamples.publish(
                        true, random.nextInt(3), 5, MqttSamples.READINGS, properties, any(MqttSamples.PAYLOADS));
            }
            case 3 -> {
                String topic = mutations.of(MqttSamples.READINGS, MqttSamples.RECEIPTS);
                yield MqttSamples.packet(
                        0x30 | random.nextInt(8) << 1,
                        MqttSamples.join(
                                new byte[] {0, (byte) Math.min(topic.length(), 255)}, topic.getBytes(ISO_8859_1)));
            }
            case 4 -> Arrays.copyOf(packet, random.nextInt(packet.length));
            // Its length is right, and its content mutated.
            default -> {
                byte[] body =
                        Arrays.copyOfRange(packet, Math.min(packet.length, packet.length > 129 ? 3 : 2), packet.length);
                yield MqttSamples.packet(packet[0] & 0xFF, mutations.of(body, any(packets)));
            }
        };
    }

    private void last(Socket socket, RawMqtt client, byte[] bytes) throws IOException {
        try {
            client.sendBytes(bytes);
            if (oneIn(4)) {
                client.sendBytes(MqttSamples.packet(0xC0, RawMqtt.NOTHING));
                socket.setSoTimeout(PATIENCE_MILLIS);
            } else {
                socket.shutdownOutput();
            }
            while (true) {
                check(client.read(), bytes);
            }
        } catch (SocketTimeoutException e) {
            if (socket.isOutputShutdown()) {
                fault("not closed", bytes);
            }
        } catch (EOFException | SocketException e) {
            // closed by the gateway
        }
    }

    private void check(RawMqtt.Packet answer, byte[] request) {
        String body = new String(answer.body(), UTF_8);
        for (String word : HttpAnswer.INTERNALS) {
            if (body.contains(word)) {
                fault("names " + word, request);
            }
        }
        int type = answer.type() & 0xF0;
        List<Integer> reasons = new ArrayList<>();
        if (type == RawMqtt.PUBACK || type == RawMqtt.PUBREC || type == RawMqtt.PUBCOMP) {
            reasons.add(answer.reason());
        } else if (type == RawMqtt.DISCONNECT) {
            reasons.add(answer.disconnectReason());
        } else if (type == RawMqtt.CONNACK) {
            int code = answer.body()[1] & 0xFF;
            // The codes of 3.1.1; 3 is server unavailable.
            if (answer.body().length > 2) {
                reasons.add(code);
            } else if (code > 5 || code == 3) {
                fault("CONNACK " + code, request);
            }
        } else if (type != RawMqtt.PUBLISH
                && type != RawMqtt.SUBACK
                && type != RawMqtt.UNSUBACK
                && type != RawMqtt.PINGRESP) {
            fault("packet " + Integer.toHexString(answer.type()), request);
        }
        if (!REASONS.containsAll(reasons)) {
            fault("reason " + Integer.toHexString(reasons.get(0)), request);
        }
    }
}
