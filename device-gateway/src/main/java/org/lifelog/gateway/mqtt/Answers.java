package org.lifelog.gateway.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckPayload;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The packets of the server, in the words of the client's version and within what it said it takes.
 *
 * @param mostBytes the largest packet that the client takes
 * @param problemInformation whether acknowledgements may say why in words
 */
record Answers(Version version, long mostBytes, boolean problemInformation) {
    /** Fixed header, packet identifier, reason code and lengths around a text. */
    private static final int AROUND_A_TEXT = 16;

    private static final int MOST_TEXT_BYTES = 1_024;

    static final MqttMessage PINGRESP = new MqttMessage(header(MqttMessageType.PINGRESP));

    Answers(Packet.Connect connect) {
        this(connect.version(), connect.mostBytes(), connect.problemInformation());
    }

    boolean five() {
        return version == Version.MQTT_5;
    }

    static MqttMessage connected(boolean sessionPresent, MqttProperties properties) {
        return connack(MqttConnectReturnCode.CONNECTION_ACCEPTED, sessionPresent, properties);
    }

    /** CONNACK that turns a client away; nothing where its version has no code for that. */
    Optional<MqttMessage> refused(Reason reason, String detail) {
        if (!five()) {
            return reason.returnCode() < 0
                    ? Optional.empty()
                    : Optional.of(connack(
                            MqttConnectReturnCode.valueOf((byte) reason.returnCode()),
                            false,
                            MqttProperties.NO_PROPERTIES));
        }
        return Optional.of(connack(MqttConnectReturnCode.valueOf((byte) reason.code()), false, withText(detail)));
    }

    private static MqttMessage connack(MqttConnectReturnCode code, boolean present, MqttProperties properties) {
        return new MqttConnAckMessage(
                header(MqttMessageType.CONNACK), new MqttConnAckVariableHeader(code, present, properties));
    }

    /** PUBACK, PUBREC or PUBCOMP. */
    MqttMessage acknowledged(MqttMessageType type, int id, Reason reason, String detail) {
        return acknowledged(type, id, reason.code(), detail);
    }

    /** The same with a code of the failure table. Version 3.1.1 has no codes: it acknowledges. */
    MqttMessage acknowledged(MqttMessageType type, int id, int code, String detail) {
        if (!five()) {
            return new MqttMessage(header(type), MqttMessageIdVariableHeader.from(id));
        }
        return new MqttMessage(
                header(type),
                new MqttPubReplyMessageVariableHeader(
                        id, (byte) code, problemInformation ? withText(detail) : MqttProperties.NO_PROPERTIES));
    }

    MqttMessage subscribed(int id, List<Reason> reasons) {
        int[] codes = reasons.stream()
                .mapToInt(
                        reason -> five() || reason == Reason.SUCCESS ? reason.code() : Reason.UNSPECIFIED_ERROR.code())
                .toArray();
        return new MqttSubAckMessage(
                header(MqttMessageType.SUBACK),
                new MqttMessageIdAndPropertiesVariableHeader(id, MqttProperties.NO_PROPERTIES),
                new MqttSubAckPayload(codes));
    }

    MqttMessage unsubscribed(int id, List<Reason> reasons) {
        return new MqttUnsubAckMessage(
                header(MqttMessageType.UNSUBACK),
                new MqttMessageIdAndPropertiesVariableHeader(id, MqttProperties.NO_PROPERTIES),
                five()
                        ? new MqttUnsubAckPayload(reasons.stream()
                                .map(reason -> (short) reason.code())
                                .toList())
                        : null);
    }

    /** DISCONNECT; only MQTT 5 has it for servers. */
    MqttMessage disconnected(Reason reason, String detail) {
        return new MqttMessage(
                header(MqttMessageType.DISCONNECT),
                new MqttReasonCodeAndPropertiesVariableHeader((byte) reason.code(), withText(detail)));
    }

    /** A receipt with QoS 0; nothing where the client does not take so much. */
    Optional<MqttMessage> receipt(String topic, byte[] payload, Optional<byte[]> correlation) {
        MqttProperties properties = MqttProperties.NO_PROPERTIES;
        int length = AROUND_A_TEXT + topic.length() + payload.length;
        if (five() && correlation.isPresent()) {
            properties = new MqttProperties();
            properties.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, correlation.get()));
            length += correlation.get().length;
        }
        return length > mostBytes
                ? Optional.empty()
                : Optional.of(new MqttPublishMessage(
                        header(MqttMessageType.PUBLISH),
                        new MqttPublishVariableHeader(topic, 0, properties),
                        Unpooled.wrappedBuffer(payload)));
    }

    private MqttProperties withText(String detail) {
        int length = detail.getBytes(StandardCharsets.UTF_8).length;
        if (length == 0 || length > MOST_TEXT_BYTES || length + AROUND_A_TEXT > mostBytes) {
            return MqttProperties.NO_PROPERTIES;
        }
        MqttProperties properties = new MqttProperties();
        properties.add(new MqttProperties.StringProperty(MqttProperties.REASON_STRING, detail));
        return properties;
    }

    private static MqttFixedHeader header(MqttMessageType type) {
        return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
    }
}
