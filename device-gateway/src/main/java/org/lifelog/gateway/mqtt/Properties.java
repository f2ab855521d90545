package org.lifelog.gateway.mqtt;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The properties of one MQTT 5 packet, checked: known, allowed in that packet, once, and within their range. */
final class Properties {
    static final Properties NONE = new Properties();

    private static final String TRACEPARENT = "traceparent";

    /** Where a property may stand in what clients send. */
    enum Place {
        CONNECT,
        WILL,
        PUBLISH,
        ACKNOWLEDGEMENT,
        SUBSCRIBE,
        UNSUBSCRIBE,
        DISCONNECT,
        AUTH
    }

    private enum Type {
        BIT,
        TWO_BYTES,
        FOUR_BYTES,
        VARIABLE,
        TEXT,
        BINARY,
        PAIR
    }

    /** The properties that clients may send, by their identifiers in the standard. */
    enum Property {
        PAYLOAD_FORMAT_INDICATOR(0x01, Type.BIT, Place.PUBLISH, Place.WILL),
        MESSAGE_EXPIRY_INTERVAL(0x02, Type.FOUR_BYTES, Place.PUBLISH, Place.WILL),
        CONTENT_TYPE(0x03, Type.TEXT, Place.PUBLISH, Place.WILL),
        RESPONSE_TOPIC(0x08, Type.TEXT, Place.PUBLISH, Place.WILL),
        CORRELATION_DATA(0x09, Type.BINARY, Place.PUBLISH, Place.WILL),
        SUBSCRIPTION_IDENTIFIER(0x0B, Type.VARIABLE, Place.SUBSCRIBE),
        SESSION_EXPIRY_INTERVAL(0x11, Type.FOUR_BYTES, Place.CONNECT, Place.DISCONNECT),
        AUTHENTICATION_METHOD(0x15, Type.TEXT, Place.CONNECT, Place.AUTH),
        AUTHENTICATION_DATA(0x16, Type.BINARY, Place.CONNECT, Place.AUTH),
        REQUEST_PROBLEM_INFORMATION(0x17, Type.BIT, Place.CONNECT),
        WILL_DELAY_INTERVAL(0x18, Type.FOUR_BYTES, Place.WILL),
        REQUEST_RESPONSE_INFORMATION(0x19, Type.BIT, Place.CONNECT),
        REASON_STRING(0x1F, Type.TEXT, Place.ACKNOWLEDGEMENT, Place.DISCONNECT, Place.AUTH),
        RECEIVE_MAXIMUM(0x21, Type.TWO_BYTES, Place.CONNECT),
        TOPIC_ALIAS_MAXIMUM(0x22, Type.TWO_BYTES, Place.CONNECT),
        TOPIC_ALIAS(0x23, Type.TWO_BYTES, Place.PUBLISH),
        USER_PROPERTY(0x26, Type.PAIR, Place.values()),
        MAXIMUM_PACKET_SIZE(0x27, Type.FOUR_BYTES, Place.CONNECT);

        private final int id;
        private final Type type;
        private final Set<Place> places;

        Property(int id, Type type, Place... places) {
            this.id = id;
            this.type = type;
            this.places = EnumSet.copyOf(Set.of(places));
        }

        private static Property of(int id) throws Violation {
            for (Property property : values()) {
                if (property.id == id) {
                    return property;
                }
            }
            throw Violation.malformed("There is no property " + id + " for a client to send.");
        }
    }

    private final Map<Property, Object> values = new EnumMap<>(Property.class);
    private Optional<String> traceparent = Optional.empty();

    private Properties() {}

    /**
     * Reads a length and the properties after it.
     *
     * @throws Violation malformed, or a protocol error where a property stands twice or its value is not allowed
     */
    static Properties read(PacketBytes packet, Place place) throws Violation {
        int length = packet.variable();
        if (length == 0) {
            return NONE;
        }
        PacketBytes section = packet.section(length);
        Properties properties = new Properties();
        while (section.left() > 0) {
            Property property = Property.of(section.variable());
            if (!property.places.contains(place)) {
                throw Violation.malformed("Property " + property + " is not allowed in this packet.");
            }
            properties.readValue(property, section);
        }
        if (properties.has(Property.AUTHENTICATION_DATA) && !properties.has(Property.AUTHENTICATION_METHOD)) {
            throw Violation.protocol("There is authentication data without a method.");
        }
        return properties;
    }

    private void readValue(Property property, PacketBytes section) throws Violation {
        Object value = switch (property.type) {
            case BIT -> (long) section.oneByte();
            case TWO_BYTES -> (long) section.twoBytes();
            case FOUR_BYTES -> section.fourBytes();
            case VARIABLE -> (long) section.variable();
            case TEXT -> section.text();
            case BINARY -> section.binary();
            case PAIR -> pair(section);
        };
        if (property == Property.USER_PROPERTY) {
            return;
        }
        if (values.put(property, value) != null) {
            throw Violation.protocol("Property " + property + " stands twice.");
        }
        check(property, value);
    }

    private static void check(Property property, Object value) throws Violation {
        boolean zero = value.equals(0L);
        switch (property) {
            case TOPIC_ALIAS -> {
                if (zero) {
                    throw new Violation(Reason.TOPIC_ALIAS_INVALID, "A topic alias is not 0.");
                }
            }
            case RECEIVE_MAXIMUM, MAXIMUM_PACKET_SIZE, SUBSCRIPTION_IDENTIFIER -> {
                if (zero) {
                    throw Violation.protocol("Property " + property + " is not 0.");
                }
            }
            case RESPONSE_TOPIC -> {
                if (((String) value).matches("(?s).*[+#].*")) {
                    throw Violation.protocol("A response topic has no wildcards.");
                }
            }
            default -> {
                if (property.type == Type.BIT && (long) value > 1) {
                    throw Violation.protocol("Property " + property + " is 0 or 1.");
                }
            }
        }
    }

    private Object pair(PacketBytes section) throws Violation {
        String name = section.text();
        String value = section.text();
        if (name.equals(TRACEPARENT) && traceparent.isEmpty()) {
            traceparent = Optional.of(value);
        }
        return name;
    }

    boolean has(Property property) {
        return values.containsKey(property);
    }

    long number(Property property, long otherwise) {
        return (long) values.getOrDefault(property, otherwise);
    }

    Optional<byte[]> binary(Property property) {
        return Optional.ofNullable((byte[]) values.get(property));
    }

    /** The first user property of that name. */
    Optional<String> traceparent() {
        return traceparent;
    }
}
