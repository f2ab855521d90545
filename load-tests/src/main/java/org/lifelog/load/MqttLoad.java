package org.lifelog.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.lifelog.local.ServiceCredentials.Account;

/** One device over MQTT 3.1.1: messages of one reading with QoS 1, each as soon as it may, without waiting for PUBACK. */
final class MqttLoad extends LoadConnection {
    private static final int CONNECT = 0x10;
    private static final int CONNACK = 0x20;
    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int PUBACK = 0x40;
    private static final int CLEAN_SESSION_WITH_ACCOUNT = 0xC2;
    private static final int LEVEL_3_1_1 = 4;
    private static final int MOST_IDS = 65_535;

    private final byte[] clientId;
    private final Account account;
    private final byte[] topic;
    private final SampleReadings readings;
    private final int keepAliveSeconds;
    private int id;

    /**
     * A device.
     *
     * @param name its code, which is the client identifier too
     * @param readings what it sends; the device is named by the topic
     * @param keepAliveSeconds how long it may be silent
     */
    MqttLoad(
            Owner owner,
            int window,
            String name,
            String center,
            Account account,
            SampleReadings readings,
            int keepAliveSeconds) {
        super(owner, window);
        this.clientId = utf8(name);
        this.account = account;
        this.topic = utf8("centers/" + center + "/devices/" + name + "/readings");
        this.readings = readings;
        this.keepAliveSeconds = keepAliveSeconds;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    void begin(ChannelHandlerContext to) {
        ByteBuf packet = to.alloc().buffer();
        byte[] username = utf8(account.username());
        byte[] password = utf8(account.password());
        packet.writeByte(CONNECT);
        length(packet, 10 + 2 + clientId.length + 2 + username.length + 2 + password.length);
        text(packet, utf8("MQTT"));
        packet.writeByte(LEVEL_3_1_1).writeByte(CLEAN_SESSION_WITH_ACCOUNT).writeShort(keepAliveSeconds);
        text(packet, clientId);
        text(packet, username);
        text(packet, password);
        to.writeAndFlush(packet);
    }

    @Override
    ByteBuf next(ByteBufAllocator memory) {
        byte[] payload = readings.next();
        ByteBuf packet = memory.buffer(5 + 2 + topic.length + 2 + payload.length);
        packet.writeByte(PUBLISH_QOS_1);
        length(packet, 2 + topic.length + 2 + payload.length);
        text(packet, topic);
        id = id % MOST_IDS + 1;
        return packet.writeShort(id).writeBytes(payload);
    }

    /** Of a server that takes all, every packet is as long as its second byte says and two more. */
    @Override
    boolean answer(ByteBuf in) {
        int start = in.readerIndex();
        if (in.readableBytes() < 2 || in.readableBytes() < 2 + in.getUnsignedByte(start + 1)) {
            return false;
        }
        int type = in.getUnsignedByte(start);
        int code = in.getUnsignedByte(start + 3);
        in.skipBytes(2 + in.getUnsignedByte(start + 1));
        switch (type) {
            case CONNACK -> {
                if (code == 0) {
                    ready();
                } else {
                    close();
                }
            }
            case PUBACK -> answered(true);
            default -> close();
        }
        return true;
    }

    private static void text(ByteBuf packet, byte[] text) {
        packet.writeShort(text.length).writeBytes(text);
    }

    private static void length(ByteBuf packet, int length) {
        int left = length;
        while (left > 127) {
            packet.writeByte(left & 127 | 128);
            left >>= 7;
        }
        packet.writeByte(left);
    }
}
