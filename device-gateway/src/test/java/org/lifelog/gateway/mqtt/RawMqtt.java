package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import org.lifelog.gateway.RunningGateway;
import org.lifelog.gateway.format.Decoding;

/** MQTT packet by packet, for what a client library hides or would not send. Begins with 3.1.1. */
public final class RawMqtt implements AutoCloseable {
    public static final int CONNACK = 0x20;
    public static final int PUBLISH = 0x30;
    public static final int PUBACK = 0x40;
    public static final int PUBREC = 0x50;
    public static final int PUBCOMP = 0x70;
    public static final int SUBACK = 0x90;
    public static final int UNSUBACK = 0xB0;
    public static final int PINGRESP = 0xD0;
    public static final int DISCONNECT = 0xE0;
    public static final byte[] NOTHING = {};

    /**
     * A packet of the server.
     *
     * @param type first byte, with flags
     */
    public record Packet(int type, byte[] body) {
        public int messageId() {
            return (body[0] & 0xFF) << 8 | body[1] & 0xFF;
        }

        /** Reason code of PUBACK, PUBREC or PUBCOMP; 0 where it is left out. */
        public int reason() {
            return body.length > 2 ? body[2] & 0xFF : 0;
        }

        /** Reason code of DISCONNECT. */
        public int disconnectReason() {
            return body[0] & 0xFF;
        }
    }

    /** Writes a part of a packet. */
    public interface Writer {
        void write(DataOutputStream out) throws IOException;
    }

    private final Socket socket;
    private boolean five;

    public RawMqtt(int port) throws IOException {
        this(new Socket("127.0.0.1", port));
    }

    public RawMqtt(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(60_000);
    }

    /** One of i-SENS with a clean session, whose CONNECT was accepted. */
    public static RawMqtt accepted(int port, int version) throws IOException {
        RawMqtt client = new RawMqtt(port);
        client.connect(version, "", true, 60, NOTHING, RunningGateway.ISENS, RunningGateway.PASSWORD);
        Packet answer = client.read();
        if (answer.type() != CONNACK || answer.body()[1] != 0) {
            throw new IllegalStateException("CONNACK " + (answer.body()[1] & 0xFF));
        }
        return client;
    }

    /** Sends CONNECT of 3.1.1 with a will, and does not wait for the answer. */
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

    /** Sends CONNECT, and does not wait for the answer. */
    public void connect(
            int version,
            String clientId,
            boolean clean,
            int keepAlive,
            byte[] properties,
            String username,
            String password)
            throws IOException {
        five = version == 5;
        send(0x10, out -> {
            text(out, "MQTT");
            out.write(version);
            out.write(clean ? 0b1100_0010 : 0b1100_0000);
            out.writeShort(keepAlive);
            if (five) {
                variable(out, properties.length);
                out.write(properties);
            }
            text(out, clientId);
            text(out, username);
            text(out, password);
        });
    }

    /** Sends PUBLISH with QoS 1. */
    public void publish(int messageId, String topic, byte[] payload) throws IOException {
        publish(1, messageId, topic, NOTHING, payload);
    }

    /** Sends PUBLISH. */
    public void publish(int qos, int messageId, String topic, byte[] properties, byte[] payload) throws IOException {
        send(0x30 | qos << 1, out -> {
            text(out, topic);
            if (qos > 0) {
                out.writeShort(messageId);
            }
            properties(out, properties);
            out.write(payload);
        });
    }

    /** Sends PUBREL. */
    public void release(int messageId) throws IOException {
        send(0x62, out -> out.writeShort(messageId));
    }

    /** Sends SUBSCRIBE with QoS 0. */
    public void subscribe(int messageId, byte[] properties, String... filters) throws IOException {
        send(0x82, out -> {
            out.writeShort(messageId);
            properties(out, properties);
            for (String filter : filters) {
                text(out, filter);
                out.write(0);
            }
        });
    }

    private void properties(DataOutputStream out, byte[] properties) throws IOException {
        if (five) {
            variable(out, properties.length);
            out.write(properties);
        }
    }

    /** Sends a packet with its right length. */
    public void send(int firstByte, Writer writer) throws IOException {
        byte[] body = bytes(writer);
        sendBytes(bytes(out -> {
            out.write(firstByte);
            variable(out, body.length);
            out.write(body);
        }));
    }

    /** Sends what may be no packet at all. */
    public void sendBytes(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    public static byte[] bytes(Writer writer) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        writer.write(new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    public static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    /** A number of one to four bytes. */
    public static void variable(DataOutputStream out, int value) throws IOException {
        int left = value;
        do {
            out.write(left > 127 ? left & 127 | 128 : left);
            left >>= 7;
        } while (left > 0);
    }

    /** The next packet of the server. */
    public Packet read() throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        int type = in.readUnsignedByte();
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 127) << shift;
            shift += 7;
        } while (digit > 127);
        byte[] body = new byte[length];
        in.readFully(body);
        return new Packet(type, body);
    }

    /** Whether the server has closed without another byte. Waits for it. */
    public boolean closed() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException | EOFException e) {
            return true;
        }
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
