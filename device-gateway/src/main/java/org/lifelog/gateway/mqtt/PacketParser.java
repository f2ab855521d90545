package org.lifelog.gateway.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.lifelog.gateway.mqtt.Properties.Place;
import org.lifelog.gateway.mqtt.Properties.Property;

/**
 * Parses the packets that a client may send, to the letter of MQTT 3.1.1 and 5. Netty's {@code MqttDecoder} (4.2.9) is
 * not used: a property of two bytes at the end of more than 127 bytes of properties goes into the payload with it, and it
 * takes bad UTF-8, U+0000, empty topics, properties that stand twice or in a wrong packet, reserved bits and SUBSCRIBE
 * without filters.
 */
final class PacketParser {
    private static final int NEVER = 0;
    private static final long LONGEST_EXPIRY = 0xFFFF_FFFFL;
    private static final int LEVEL_3_1 = 3;
    private static final int LEVEL_3_1_1 = 4;
    private static final int LEVEL_5 = 5;

    private PacketParser() {}

    /** The types of packets, the high half of the first byte. */
    enum Type {
        RESERVED,
        CONNECT,
        CONNACK,
        PUBLISH,
        PUBACK,
        PUBREC,
        PUBREL,
        PUBCOMP,
        SUBSCRIBE,
        SUBACK,
        UNSUBSCRIBE,
        UNSUBACK,
        PINGREQ,
        PINGRESP,
        DISCONNECT,
        AUTH
    }

    private static final List<Type> TYPES = List.of(Type.values());

    static Type type(int firstByte) {
        return TYPES.get(firstByte >> 4);
    }

    /**
     * Looks at the first byte alone, before anything is kept in memory.
     *
     * @throws Violation malformed, or a protocol error where only servers send such packets
     */
    static void check(int firstByte, Version version) throws Violation {
        Type type = type(firstByte);
        int flags = firstByte & 0xF;
        switch (type) {
            case PUBLISH -> {
                int qos = qos(firstByte);
                if (qos == 3 || qos == 0 && (flags & 8) != 0) {
                    throw Violation.malformed("PUBLISH has QoS 3, or DUP with QoS 0.");
                }
            }
            case PUBREL, SUBSCRIBE, UNSUBSCRIBE -> {
                if (flags != 2) {
                    throw Violation.malformed("Flags of " + type + " are reserved.");
                }
            }
            case CONNECT, PINGREQ, DISCONNECT, AUTH, PUBACK, PUBREC, PUBCOMP -> {
                if (flags != 0) {
                    throw Violation.malformed("Flags of " + type + " are reserved.");
                }
            }
            case RESERVED -> throw Violation.malformed("Packet type 0 is reserved.");
            default -> throw Violation.protocol("Only servers send " + type + ".");
        }
        if (type == Type.AUTH && version == Version.MQTT_3_1_1) {
            throw Violation.malformed("Packet type 15 is reserved.");
        }
    }

    static int qos(int firstByte) {
        return firstByte >> 1 & 3;
    }

    /**
     * Reads the beginning of CONNECT: the level of the protocol, which is 3 in MQTT 3.1.
     *
     * @throws Violation malformed, where this is no MQTT at all
     */
    static int level(PacketBytes in) throws Violation {
        String name = in.text();
        int level = in.oneByte();
        if (name.equals("MQTT")) {
            return level;
        }
        if (name.equals("MQIsdp")) {
            return LEVEL_3_1;
        }
        throw Violation.malformed("This is not MQTT.");
    }

    /** The version of a level; nothing where it is not spoken here. */
    static Optional<Version> version(int level) {
        return switch (level) {
            case LEVEL_3_1_1 -> Optional.of(Version.MQTT_3_1_1);
            case LEVEL_5 -> Optional.of(Version.MQTT_5);
            default -> Optional.empty();
        };
    }

    /** Parses the rest of CONNECT. */
    static Packet connect(PacketBytes in, Version version) throws Violation {
        int flags = in.oneByte();
        boolean will = (flags & 4) != 0;
        boolean hasPassword = (flags & 0x40) != 0;
        boolean hasUsername = (flags & 0x80) != 0;
        boolean five = version == Version.MQTT_5;
        if ((flags & 1) != 0
                || (flags & 0x18) == 0x18
                || !will && (flags & 0x38) != 0
                || !five && hasPassword && !hasUsername) {
            throw Violation.malformed("The flags of CONNECT contradict each other.");
        }
        int keepAlive = in.twoBytes();
        Properties properties = five ? Properties.read(in, Place.CONNECT) : Properties.NONE;
        String clientId = in.text();
        if (will) {
            if (five) {
                Properties.read(in, Place.WILL);
            }
            checkTopic(in.text());
            in.binary();
        }
        Optional<String> username = hasUsername ? Optional.of(in.text()) : Optional.empty();
        Optional<String> password =
                hasPassword ? Optional.of(new String(in.binary(), StandardCharsets.UTF_8)) : Optional.empty();
        in.end();
        boolean cleanStart = (flags & 2) != 0;
        return new Packet.Connect(
                version,
                clientId,
                cleanStart,
                keepAlive,
                username,
                password,
                five ? properties.number(Property.SESSION_EXPIRY_INTERVAL, NEVER) : cleanStart ? NEVER : LONGEST_EXPIRY,
                properties.number(Property.MAXIMUM_PACKET_SIZE, Long.MAX_VALUE),
                properties.number(Property.REQUEST_PROBLEM_INFORMATION, 1) == 1,
                properties.has(Property.AUTHENTICATION_METHOD));
    }

    /** Parses any other packet that {@link #check} let through, PUBLISH as below. */
    static Packet parse(int firstByte, PacketBytes in, Version version) throws Violation {
        return switch (type(firstByte)) {
            case CONNECT -> throw Violation.protocol("There is a second CONNECT.");
            case PUBREL -> release(in, version);
            case SUBSCRIBE -> subscribe(in, version);
            case UNSUBSCRIBE -> unsubscribe(in, version);
            case PINGREQ -> {
                in.end();
                yield new Packet.Ping();
            }
            case DISCONNECT -> disconnect(in, version);
            case AUTH -> new Packet.Authenticate();
            default -> throw Violation.protocol("Nothing was sent that such a packet could acknowledge.");
        };
    }

    /**
     * Parses PUBLISH.
     *
     * @param skippedBytes length of the part of the payload that is not in the packet, because nobody would read it
     */
    static Packet.Publish publish(int firstByte, PacketBytes in, Version version, int skippedBytes, long leasedBytes)
            throws Violation {
        boolean five = version == Version.MQTT_5;
        int qos = qos(firstByte);
        String topic = in.text();
        if (!topic.isEmpty() || !five) {
            checkTopic(topic);
        }
        int id = qos == 0 ? 0 : id(in);
        Properties properties = five ? Properties.read(in, Place.PUBLISH) : Properties.NONE;
        int alias = (int) properties.number(Property.TOPIC_ALIAS, 0);
        if (topic.isEmpty() && alias == 0) {
            throw Violation.protocol("PUBLISH has neither a topic nor an alias for one.");
        }
        int bytes = in.left() + skippedBytes;
        return new Packet.Publish(
                qos,
                id,
                topic,
                alias,
                properties.binary(Property.CORRELATION_DATA),
                properties.traceparent(),
                skippedBytes > 0 ? new byte[0] : in.rest(),
                bytes,
                leasedBytes);
    }

    private static Packet release(PacketBytes in, Version version) throws Violation {
        int id = id(in);
        if (version == Version.MQTT_5 && in.left() > 0) {
            in.oneByte();
            if (in.left() > 0) {
                Properties.read(in, Place.ACKNOWLEDGEMENT);
            }
        }
        in.end();
        return new Packet.Release(id);
    }

    private static Packet subscribe(PacketBytes in, Version version) throws Violation {
        boolean five = version == Version.MQTT_5;
        int id = id(in);
        Properties properties = five ? Properties.read(in, Place.SUBSCRIBE) : Properties.NONE;
        List<String> filters = new ArrayList<>();
        do {
            filters.add(filter(in));
            int options = in.oneByte();
            if ((options & (five ? 0xC0 : 0xFC)) != 0 || !five && (options & 3) == 3) {
                throw Violation.malformed("Options of a subscription are reserved.");
            }
            if ((options & 3) == 3 || (options & 0x30) == 0x30) {
                throw Violation.protocol("A subscription has QoS 3 or retain handling 3.");
            }
        } while (in.left() > 0);
        return new Packet.Subscribe(id, properties.has(Property.SUBSCRIPTION_IDENTIFIER), filters);
    }

    private static Packet unsubscribe(PacketBytes in, Version version) throws Violation {
        int id = id(in);
        if (version == Version.MQTT_5) {
            Properties.read(in, Place.UNSUBSCRIBE);
        }
        List<String> filters = new ArrayList<>();
        do {
            filters.add(filter(in));
        } while (in.left() > 0);
        return new Packet.Unsubscribe(id, filters);
    }

    private static Packet disconnect(PacketBytes in, Version version) throws Violation {
        Properties properties = Properties.NONE;
        if (version == Version.MQTT_5 && in.left() > 0) {
            in.oneByte();
            if (in.left() > 0) {
                properties = Properties.read(in, Place.DISCONNECT);
            }
        }
        in.end();
        return new Packet.Disconnect(
                properties.has(Property.SESSION_EXPIRY_INTERVAL)
                        ? OptionalLong.of(properties.number(Property.SESSION_EXPIRY_INTERVAL, NEVER))
                        : OptionalLong.empty());
    }

    private static int id(PacketBytes in) throws Violation {
        int id = in.twoBytes();
        if (id == 0) {
            throw Violation.protocol("A packet identifier is not 0.");
        }
        return id;
    }

    /** A filter, in which only its length is checked. */
    private static String filter(PacketBytes in) throws Violation {
        if (in.left() == 0) {
            throw Violation.protocol("There is no topic filter.");
        }
        String filter = in.text();
        if (filter.isEmpty()) {
            throw Violation.malformed("A topic filter is empty.");
        }
        return filter;
    }

    private static void checkTopic(String topic) throws Violation {
        if (topic.isEmpty() || topic.indexOf('#') >= 0 || topic.indexOf('+') >= 0) {
            throw Violation.malformed("A topic is empty or has wildcards.");
        }
    }
}
