package org.lifelog.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;
import org.lifelog.gateway.mqtt.RawMqtt;

/** Packets in order, to be mutated. */
final class MqttSamples {
    static final String READINGS = "centers/isens/devices/fuzz-1/readings";
    static final String RECEIPTS = "centers/isens/devices/fuzz-1/receipts";

    static final List<byte[]> PAYLOADS = List.of(
            utf8(Decoding.GOOD),
            utf8(Decoding.GOOD.replace("\"device\": \"meter-1\", ", "")),
            utf8(Decoding.batch(
                    Decoding.GOOD.replace("meter-1", "fuzz-1"),
                    "{\"metric\": \"steps\", \"value\": 12, \"unit\": \"{steps}\", \"time\": \"2026-11-24T07:00:00Z\","
                            + " \"end\": \"2026-11-24T07:15:00Z\"}")));

    /** traceparent as user property, content type, correlation data, payload format, expiry, response topic. */
    static final byte[] PUBLISH_PROPERTIES = bytes(out -> {
        out.write(0x26);
        RawMqtt.text(out, "traceparent");
        RawMqtt.text(out, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        out.write(0x03);
        RawMqtt.text(out, "application/json");
        out.write(0x09);
        RawMqtt.text(out, "id-17");
        out.write(0x01);
        out.write(1);
        out.write(0x02);
        out.writeInt(3_600);
        out.write(0x08);
        RawMqtt.text(out, RECEIPTS);
    });

    /** Session expiry, receive maximum, largest packet, alias maximum, problem information, user property. */
    static final byte[] CONNECT_PROPERTIES = bytes(out -> {
        out.write(0x11);
        out.writeInt(5);
        out.write(0x21);
        out.writeShort(10);
        out.write(0x27);
        out.writeInt(100_000);
        out.write(0x22);
        out.writeShort(5);
        out.write(0x17);
        out.write(1);
        out.write(0x26);
        RawMqtt.text(out, "maker");
        RawMqtt.text(out, "i-SENS");
    });

    private MqttSamples() {}

    /** One packet of each kind that a client sends after CONNECT. */
    static List<byte[]> packets(boolean five) {
        byte[] none = new byte[0];
        return List.of(
                publish(five, 0, 0, READINGS, none, PAYLOADS.get(0)),
                publish(five, 1, 7, READINGS, PUBLISH_PROPERTIES, PAYLOADS.get(1)),
                publish(five, 2, 8, READINGS, PUBLISH_PROPERTIES, PAYLOADS.get(2)),
                publish(five, 1, 9, READINGS, new byte[] {0x23, 0, 1}, PAYLOADS.get(1)),
                publish(five, 1, 10, "", new byte[] {0x23, 0, 1}, PAYLOADS.get(1)),
                packet(0x62, bytes(out -> out.writeShort(8))),
                packet(0x40, bytes(out -> out.writeShort(8))),
                packet(0x50, bytes(out -> out.writeShort(8))),
                packet(0x82, bytes(out -> {
                    out.writeShort(11);
                    if (five) {
                        out.write(0);
                    }
                    RawMqtt.text(out, RECEIPTS);
                    out.write(1);
                    RawMqtt.text(out, "centers/+/devices/#");
                    out.write(0);
                })),
                packet(0xA2, bytes(out -> {
                    out.writeShort(12);
                    if (five) {
                        out.write(0);
                    }
                    RawMqtt.text(out, RECEIPTS);
                })),
                packet(0xC0, none),
                packet(0xF0, new byte[] {0x18, 0}),
                packet(0x20, new byte[] {0, 0}),
                packet(0xE0, five ? new byte[] {0, 5, 0x11, 0, 0, 0, 9} : none),
                connect(five ? 5 : 4, true, "second", five ? CONNECT_PROPERTIES : none, true));
    }

    /** CONNECT with the right credential. */
    static byte[] connect(int version, boolean clean, String clientId, byte[] properties, boolean will) {
        return packet(
                0x10,
                join(
                        connectUpToCredential(version, clean, clientId, properties, will),
                        credential(RunningGateway.PASSWORD)));
    }

    /** The body of CONNECT up to the username. */
    static byte[] connectUpToCredential(int version, boolean clean, String clientId, byte[] properties, boolean will) {
        return bytes(out -> {
            RawMqtt.text(out, "MQTT");
            out.write(version);
            out.write((clean ? 0b1100_0010 : 0b1100_0000) | (will ? 0b0010_1100 : 0));
            out.writeShort(60);
            if (version == 5) {
                RawMqtt.variable(out, properties.length);
                out.write(properties);
            }
            RawMqtt.text(out, clientId);
            if (will) {
                if (version == 5) {
                    out.write(5);
                    out.write(0x18);
                    out.writeInt(1);
                }
                RawMqtt.text(out, READINGS);
                RawMqtt.text(out, Decoding.GOOD);
            }
        });
    }

    static byte[] credential(String password) {
        return bytes(out -> {
            RawMqtt.text(out, RunningGateway.ISENS);
            RawMqtt.text(out, password);
        });
    }

    static byte[] publish(boolean five, int qos, int id, String topic, byte[] properties, byte[] payload) {
        return packet(0x30 | qos << 1, bytes(out -> {
            RawMqtt.text(out, topic);
            if (qos > 0) {
                out.writeShort(id);
            }
            if (five) {
                RawMqtt.variable(out, properties.length);
                out.write(properties);
            }
            out.write(payload);
        }));
    }

    /** A packet with its right length. */
    static byte[] packet(int firstByte, byte[] body) {
        return bytes(out -> {
            out.write(firstByte);
            RawMqtt.variable(out, body.length);
            out.write(body);
        });
    }

    static byte[] join(byte[]... parts) {
        return bytes(out -> {
            for (byte[] part : parts) {
                out.write(part);
            }
        });
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static byte[] bytes(RawMqtt.Writer writer) {
        try {
            return RawMqtt.bytes(writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
