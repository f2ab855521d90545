package org.lifelog.gateway.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lifelog.gateway.accept.Memory;

class PacketDecoderTest {
    private static final Limits LIMITS = new Limits(10, 3, 4, Duration.ofDays(7), Duration.ofMinutes(20));
    private static final int MEMORY = 1 << 20;

    private final Memory memory = new Memory(MEMORY, new SimpleMeterRegistry());
    private final PacketDecoder decoder = new PacketDecoder(LIMITS, memory);
    private final EmbeddedChannel channel = new EmbeddedChannel(decoder);

    @Test
    void bytesBecomePacketsWhereverTheyAreCut() throws Exception {
        byte[] packets = concat(
                connect(5),
                packet(0x32, "000174 0007 03 23 0002 626f6479"),
                packet(0xC0, ""),
                packet(0xE0, "00 05 11 00000009"));
        for (byte one : packets) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
        }
        assertThat(channel.<Packet>readInbound()).isInstanceOfSatisfying(Packet.Connect.class, connect -> {
            assertThat(connect.version()).isEqualTo(Version.MQTT_5);
            assertThat(connect.clientId()).isEqualTo("c");
            assertThat(connect.keepAliveSeconds()).isEqualTo(60);
            assertThat(connect.cleanStart()).isTrue();
        });
        assertThat(channel.<Packet>readInbound()).isInstanceOfSatisfying(Packet.Publish.class, publish -> {
            assertThat(publish.topic()).isEqualTo("t");
            assertThat(publish.id()).isEqualTo(7);
            assertThat(publish.alias()).isEqualTo(2);
            assertThat(publish.body()).asString(UTF_8).isEqualTo("body");
        });
        assertThat(channel.<Packet>readInbound()).isInstanceOf(Packet.Ping.class);
        assertThat(channel.<Packet>readInbound())
                .isInstanceOfSatisfying(
                        Packet.Disconnect.class,
                        end -> assertThat(end.sessionExpirySeconds()).hasValue(9));
        assertThat(channel.<Packet>readInbound()).isNull();
    }

    @Test
    void nothingIsReadOfAClientThatDoesNotTakeItsAnswers() throws Exception {
        write(connect(5));
        channel.readInbound();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        assertThat(decoder.heldBack()).isFalse();
        write(packet(0xC0, ""));
        assertThat(channel.<Packet>readInbound()).isNull();

        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.<Packet>readInbound()).isInstanceOf(Packet.Ping.class);
    }

    /** Netty's decoder leaves a last property of two bytes in the payload where the properties have more than 127. */
    @Test
    void longPropertiesDoNotGetIntoThePayload() throws Exception {
        write(connect(5));
        channel.readInbound();
        String value = "76".repeat(150);
        write(packet(0x32, "000174 0001 9e01 26 00016b 0096" + value + " 0101 424f4459"));
        assertThat(channel.<Packet.Publish>readInbound().body()).asString(UTF_8).isEqualTo("BODY");
    }

    @Test
    void theTraceContextIsAtHand() throws Exception {
        write(connect(5));
        channel.readInbound();
        byte[] properties = RawMqtt.bytes(out -> {
            out.write(0x26);
            RawMqtt.text(out, "traceparent");
            RawMqtt.text(out, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        });
        write(packet(
                0x30,
                "000174 " + HexFormat.of().toHexDigits((byte) properties.length)
                        + HexFormat.of().formatHex(properties)));
        assertThat(channel.<Packet.Publish>readInbound().traceparent())
                .contains("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    @ParameterizedTest
    @CsvSource({
        "PUBLISH with QoS 3, 36, 000174 0001 00, MALFORMED_PACKET",
        "DUP with QoS 0, 38, 000174 00, MALFORMED_PACKET",
        "empty topic without an alias, 32, 0000 0001 00, PROTOCOL_ERROR",
        "wildcard in a topic, 32, 0003742f23 0001 00, MALFORMED_PACKET",
        "other wildcard in a topic, 32, 00012b 0001 00, MALFORMED_PACKET",
        "U+0000 in a topic, 32, 0003610062 0001 00, MALFORMED_PACKET",
        "overlong UTF-8, 32, 0002c0af 0001 00, MALFORMED_PACKET",
        "surrogate in UTF-8, 32, 0003eda080 0001 00, MALFORMED_PACKET",
        "UTF-8 that is cut off, 32, 0001e4 0001 00, MALFORMED_PACKET",
        "packet identifier 0, 32, 000174 0000 00, PROTOCOL_ERROR",
        "alias 0, 32, 000174 0001 03230000, TOPIC_ALIAS_INVALID",
        "alias twice, 32, 000174 0001 06230001230002, PROTOCOL_ERROR",
        "Receive Maximum in PUBLISH, 32, 000174 0001 03210001, MALFORMED_PACKET",
        "unknown property, 32, 000174 0001 027f01, MALFORMED_PACKET",
        "payload format 2, 32, 000174 0001 020102, PROTOCOL_ERROR",
        "property longer than its section, 32, 000174 0001 0226 00016b 000176, MALFORMED_PACKET",
        "section longer than the packet, 32, 000174 0001 7f, MALFORMED_PACKET",
        "topic longer than the packet, 32, 00ff74, MALFORMED_PACKET",
        "subscription identifier in PUBLISH, 32, 000174 0001 020b01, MALFORMED_PACKET",
        "response topic with a wildcard, 32, 000174 0001 0408000123, PROTOCOL_ERROR",
        "SUBSCRIBE without filters, 82, 0001 00, PROTOCOL_ERROR",
        "SUBSCRIBE with an empty filter, 82, 0001 00 0000 00, MALFORMED_PACKET",
        "SUBSCRIBE with reserved bits, 82, 0001 00 000174 c0, MALFORMED_PACKET",
        "SUBSCRIBE with QoS 3, 82, 0001 00 000174 03, PROTOCOL_ERROR",
        "SUBSCRIBE with retain handling 3, 82, 0001 00 000174 30, PROTOCOL_ERROR",
        "SUBSCRIBE with packet identifier 0, 82, 0000 00 000174 00, PROTOCOL_ERROR",
        "SUBSCRIBE with wrong flags, 80, 0001 00 000174 00, MALFORMED_PACKET",
        "subscription identifier 0, 82, 0001 020b00 000174 00, PROTOCOL_ERROR",
        "UNSUBSCRIBE without filters, a2, 0001 00, PROTOCOL_ERROR",
        "PUBREL with wrong flags, 60, 0001, MALFORMED_PACKET",
        "PUBREL with bytes after its end, 62, 0001 00 00 00, MALFORMED_PACKET",
        "PINGREQ with a byte, c0, 00, MALFORMED_PACKET",
        "DISCONNECT with a property of others, e0, 00 03210001, MALFORMED_PACKET",
        "packet type 0, 00, '', MALFORMED_PACKET",
        "PUBACK although nothing was sent, 40, 0001, PROTOCOL_ERROR",
        "a packet of servers, 20, 0000, PROTOCOL_ERROR",
        "a second CONNECT, 10, 00044d515454 05 02 003c 00 000163, PROTOCOL_ERROR"
    })
    void packetsOfVersionFiveThatAreNotInOrder(String what, String firstByte, String body, Reason reason)
            throws Exception {
        write(connect(5));
        channel.readInbound();
        write(packet(Integer.parseInt(firstByte, 16), body));
        assertBroken(reason);
        write(packet(0xC0, ""));
        assertThat(channel.<Packet>readInbound()).as("what comes after").isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "empty topic, 32, 0000 0001",
        "SUBSCRIBE with options of version 5, 82, 0001 000174 04",
        "SUBSCRIBE with QoS 3, 82, 0001 000174 03",
        "AUTH, f0, ''",
        "DISCONNECT with a body, e0, 00"
    })
    void packetsOfVersionThreeThatAreNotInOrder(String what, String firstByte, String body) throws Exception {
        write(connect(4));
        channel.readInbound();
        write(packet(Integer.parseInt(firstByte, 16), body));
        assertBroken(Reason.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @CsvSource({
        "reserved flag, 00044d515454 05 03 003c 00 000163, MALFORMED_PACKET",
        "will QoS without a will, 00044d515454 05 0a 003c 00 000163, MALFORMED_PACKET",
        "will retain without a will, 00044d515454 05 22 003c 00 000163, MALFORMED_PACKET",
        "will QoS 3, 00044d515454 05 1e 003c 00 000163 00 000177 0000, MALFORMED_PACKET",
        "password without a name in 3.1.1, 00044d515454 04 42 003c 000163 000170, MALFORMED_PACKET",
        "bytes after its end, 00044d515454 05 02 003c 00 000163 00, MALFORMED_PACKET",
        "another protocol, 00044d515455 05 02 003c 00 000163, MALFORMED_PACKET",
        "Receive Maximum 0, 00044d515454 05 02 003c 03210000 000163, PROTOCOL_ERROR",
        "Maximum Packet Size 0, 00044d515454 05 02 003c 052700000000 000163, PROTOCOL_ERROR",
        "problem information 2, 00044d515454 05 02 003c 021702 000163, PROTOCOL_ERROR",
        "data without a method, 00044d515454 05 02 003c 0416000100 000163, PROTOCOL_ERROR",
        "U+0000 in the client identifier, 00044d515454 05 02 003c 00 000100, MALFORMED_PACKET"
    })
    void connectThatIsNotInOrder(String what, String body, Reason reason) throws Exception {
        write(packet(0x10, body));
        assertBroken(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c000", "3003000174", "474554202f20485454502f312e310d0a", "160301"})
    void firstPacketsThatAreNotConnect(String bytes) {
        write(HexFormat.of().parseHex(bytes));
        assertThat(channel.<Packet>readInbound()).isInstanceOf(Packet.Broken.class);
        assertThat(decoder.version()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"30ffffffff01", "30808000"})
    void lengthsThatAreNotInOrder(String bytes) throws Exception {
        write(connect(5));
        channel.readInbound();
        write(HexFormat.of().parseHex(bytes));
        assertBroken(Reason.MALFORMED_PACKET);
    }

    @ParameterizedTest
    @CsvSource({"00064d51497364700302003c000163, 3", "00044d5154540302003c000163, 3", "00044d5154540602003c00000163, 6"
    })
    void otherVersionsAreToldApart(String body, int level) throws Exception {
        write(packet(0x10, body));
        assertThat(channel.<Packet>readInbound())
                .isInstanceOfSatisfying(
                        Packet.OtherVersion.class,
                        other -> assertThat(other.level()).isEqualTo(level));
    }

    @Test
    void beyondTheAnnouncedMaximumNothingIsKept() throws Exception {
        write(connect(5));
        channel.readInbound();
        write(HexFormat.of().parseHex("3281808004"));
        assertBroken(Reason.PACKET_TOO_LARGE);
    }

    @Test
    void aConnectIsSmall() {
        write(HexFormat.of().parseHex("1081800c"));
        assertBroken(Reason.PACKET_TOO_LARGE);
    }

    @Test
    void aLargePacketTakesMemoryAndHandsItOver() throws Exception {
        write(connect(4));
        channel.readInbound();
        byte[] body = new byte[500_000];
        byte[] packet = packet(0x32, "000174 0001" + HexFormat.of().formatHex(body));
        write(Arrays.copyOf(packet, 100));
        assertThat(memory.take(MEMORY - 500_005 + 1)).as("more than is left").isFalse();
        assertThat(memory.take(MEMORY - 500_005)).isTrue();
        write(Arrays.copyOfRange(packet, 100, packet.length));
        Packet.Publish publish = channel.readInbound();
        assertThat(publish.body()).isEqualTo(body);
        assertThat(publish.leasedBytes()).isEqualTo(500_005);
    }

    @Test
    void whereThereIsNoMemoryReadingStopsUntilThereIs() throws Exception {
        write(connect(4));
        channel.readInbound();
        channel.freezeTime();
        memory.take(MEMORY);
        write(packet(0x32, "000174 0001" + "00".repeat(70_000)));
        assertThat(channel.<Packet>readInbound()).isNull();
        assertThat(channel.config().isAutoRead()).isFalse();
        memory.give(MEMORY);
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
        assertThat(channel.<Packet.Publish>readInbound().body()).hasSize(70_000);
    }

    @Test
    void aLargePacketThatNeverEndsGivesItsMemoryBack() throws Exception {
        write(connect(4));
        channel.readInbound();
        channel.freezeTime();
        write(Arrays.copyOf(packet(0x32, "000174 0001" + "00".repeat(70_000)), 1_000));
        assertThat(memory.take(MEMORY)).isFalse();
        channel.advanceTimeBy(61, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertBroken(Reason.SERVER_BUSY);
        assertThat(memory.take(MEMORY)).isTrue();
    }

    /** Up to 16 MiB over 3.1.1, of which not a byte more than 64 KiB is kept. */
    @Test
    void whatIsLargerThanAnybodyReadsIsCountedAndDropped() throws Exception {
        write(connect(4));
        channel.readInbound();
        int length = 10 << 20;
        write(concat(HexFormat.of().parseHex("328580800500"), HexFormat.of().parseHex("0174"), new byte[] {0, 9}));
        byte[] chunk = new byte[1 << 20];
        for (int i = 0; i < 10; i++) {
            assertThat(channel.<Packet>readInbound()).isNull();
            write(chunk);
        }
        Packet.Publish publish = channel.readInbound();
        assertThat(publish.id()).isEqualTo(9);
        assertThat(publish.bytes()).isEqualTo(length);
        assertThat(publish.body()).isEmpty();
        memory.give(publish.leasedBytes());
        assertThat(memory.take(MEMORY)).isTrue();
    }

    @Test
    void beyondSixteenMebibytesVersionThreeIsClosed() throws Exception {
        write(connect(4));
        channel.readInbound();
        write(HexFormat.of().parseHex("3281808008"));
        assertBroken(Reason.PACKET_TOO_LARGE);
    }

    @Test
    void whilePausedNothingIsDecoded() throws Exception {
        write(connect(5));
        channel.readInbound();
        var context = channel.pipeline().context(decoder);
        decoder.pause(context, PacketDecoder.Pause.CONNECTING, true);
        decoder.pause(context, PacketDecoder.Pause.QUOTA, true);
        write(packet(0xC0, ""));
        decoder.pause(context, PacketDecoder.Pause.QUOTA, false);
        assertThat(channel.<Packet>readInbound()).isNull();
        decoder.pause(context, PacketDecoder.Pause.CONNECTING, false);
        assertThat(channel.<Packet>readInbound()).isInstanceOf(Packet.Ping.class);
    }

    private void assertBroken(Reason reason) {
        assertThat(channel.<Packet>readInbound())
                .isInstanceOfSatisfying(
                        Packet.Broken.class,
                        broken -> assertThat(broken.violation().reason()).isEqualTo(reason));
    }

    private void write(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }

    private static byte[] connect(int version) throws Exception {
        return packet(0x10, "00044d515454 0" + version + " 02 003c" + (version == 5 ? "00" : "") + "000163");
    }

    private static byte[] packet(int firstByte, String hex) throws Exception {
        byte[] body = HexFormat.of().parseHex(hex.replace(" ", ""));
        return RawMqtt.bytes(out -> {
            out.write(firstByte);
            int left = body.length;
            do {
                out.write(left > 127 ? left & 127 | 128 : left);
                left >>= 7;
            } while (left > 0);
            out.write(body);
        });
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
