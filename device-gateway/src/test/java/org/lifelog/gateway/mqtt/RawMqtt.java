package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.lifelog.gateway.format.Decoding;

/** MQTT 3.1.1 packet by packet, for what a client library hides or would not send. */
public final class RawMqtt implements AutoCloseable {
    public static final int CONNACK = 0x20;
    public static final int PUBACK = 0x40;

    /**
     * A packet of the server.
     *
     * @param type first byte, with flags
     */
    public record Packet(int type, byte[] body) {
        int messageId() {
            return (body[0] & 0xFF) << 8 | body[1] & 0xFF;
        }
    }

    private interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private final Socket socket;

    public RawMqtt(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(60_000);
    }

    /** Sends CONNECT with a will, and does not wait for the answer. */
    public void connect(String username, String password) throws IOException {
        send(0x10, out -> {
            text(out, "MQTT");
            out.write(4);
            // user name, password, will with QoS 1 and retain, clean session
            out.write(0b1110_1110);
            out.writeShort(60);
            text(out, "device-1");
            text(out, "centers/isens/devices/meter-1/readings");
            text(out, Decoding.GOOD);
            text(out, username);
            text(out, password);
        });
    }

    /** Sends PUBLISH with QoS 1. */
    public void publish(int messageId, String topic, byte[] payload) throws IOException {
        send(0x32, out -> {
            text(out, topic);
            out.writeShort(messageId);
            out.write(payload);
        });
    }

    private void send(int type, Writer writer) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writer.write(new DataOutputStream(body));
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(type);
        int left = body.size();
        do {
            packet.write(left > 127 ? left & 127 | 128 : left);
            left >>= 7;
        } while (left > 0);
        body.writeTo(packet);
        socket.getOutputStream().write(packet.toByteArray());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** The next packet of the server. */
    public Packet read() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int type = in.readUnsignedByte();
        // Answers to these clients are shorter than 128 bytes.
        byte[] body = new byte[in.readUnsignedByte()];
        in.readFully(body);
        return new Packet(type, body);
    }

    /** Reads until the server closes; the number of bytes that came before. */
    public int readToEnd() {
        try (InputStream in = socket.getInputStream()) {
            return in.readAllBytes().length;
        } catch (IOException e) {
            return 0;
        }
    }

    /** Goes without DISCONNECT. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
